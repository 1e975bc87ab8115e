import { idleCost, itemsOf, notPriced } from './bill';
import { cost } from './cost';
import { notifications } from './notifications';
import { removal, removalOf } from './removal';
import { roles } from './roles';
import { rollback } from './rollback';
import { running } from './running';
import { stages } from './stages';
import { Stack } from '../assembly';
import { environmentsOf, isBlueGreen } from '../environments';
import { textOf } from '../json';
import { bullet, columns, counted, Entry, paragraph, Report, WIDTH } from '../layout';
import { permissionsOf } from '../permissions/permissions';
import { allowedOnEveryResource } from '../permissions/text';
import { Template } from '../template';

/** CloudFormation's limits of a template. */
const MAX_RESOURCES = 500;
const MAX_KILOBYTES = 1000;

/** The parts of a report, by their key in JSON. */
const PARTS: { readonly [key: string]: readonly [title: string, entriesOf: (template: Template) => Entry[]] } = {
  stages: ['From a push to production', stages],
  environments: ['What runs in each environment', running],
  rollback: ['What rolls back, and when', rollback],
  notifications: ['Who is notified of what', notifications],
  roles: ['Who may do what', roles],
  removal: ['What is left after cdk destroy', removal],
  cost: ['What it costs while nothing happens', cost],
};

/**
 * Describes the resources that a synthesised stack would deploy; undefined if it has no pipeline and no blue/green
 * deployment.
 */
export function explainReport(stack: Stack): Report | undefined {
  const { template, path, templateBytes, annotations, violations = [] } = stack;
  if (template.ofType('AWS::CodePipeline::Pipeline').length === 0 && !environmentsOf(template).some(isBlueGreen)) {
    return undefined;
  }
  const reported = (wanted: string) =>
    [...violations, ...annotations].filter(({ level }) => level === wanted).map(({ text }) => text);
  const warnings = [...new Set(reported('warning'))];
  const parts = Object.entries(PARTS)
    .map(([key, [title, entriesOf]]) => ({ key, title, entries: entriesOf(template) }));
  const unpriced = notPriced(template);
  const { full, guarded } = removalOf(template);
  const findings = [
    ...reported('error'),
    ...full.map(({ name }) => `${name} is deleted with the stack, and the deletion fails unless it is empty`),
    ...guarded.map(({ name }) => `${name} is protected against deletion, so cdk destroy fails`),
  ];
  // Values that the assembly does not contain, or that another stack has.
  const notKnown = [
    ...template.unreadStacks.map(({ name }) => `the nested stack ${name}: its template is not in the assembly`),
    ...unpriced.map((one) => `the price of ${one}`),
  ];
  return {
    headline: headline(stack, warnings),
    sections: parts,
    // The keys are documented in cli/help/explain.txt.
    data: {
      stack: template.stackName,
      path,
      region: template.region,
      account: template.account,
      resources: template.resources.length,
      templateBytes,
      warnings,
      ...Object.fromEntries(parts.filter(({ key }) => !['roles', 'cost'].includes(key))
        .map(({ key, entries }) => [key, entries.map(entryData)])),
      cost: { items: itemsOf(template), idleDollarsPerMonth: idleCost(template), notPriced: unpriced },
      notKnown,
      findings,
    },
    notKnown,
    findings,
  };
}

function entryData({ name, says = [], facts = [] }: Entry): object {
  return {
    ...(name !== undefined && { name }),
    says: says.map((text) => text.replace(/^- /, '')),
    ...(facts.length > 0 && { facts: facts.map(([label, ...texts]) => ({ label: label.trim(), texts })) }),
  };
}

function headline({ template, templateBytes, violations }: Stack, warnings: string[]): string[] {
  return [
    '='.repeat(WIDTH),
    `${template.stackName} in ${template.region}`,
    ...paragraph(textOf(template.json.Description)),
    '='.repeat(WIDTH),
    ...paragraph(`${counted(template.resources.length, 'resource')} of at most ${MAX_RESOURCES} in a stack, in a `
      + `template of ${Math.ceil(templateBytes / 1000)} kB of at most ${MAX_KILOBYTES.toLocaleString('en-US')}. `
      + 'Nothing was deployed, and no credentials were needed.'),
    ...paragraph(violations === undefined
      ? 'Not validated: the assembly has no validation report.'
      : `Validated when it was synthesised: ${counted(violations.length, 'finding')}.`),
    ...(warnings.length === 0 ? [] : paragraph(`${counted(warnings.length, 'warning')}:`)),
    ...warnings.flatMap((warning) => bullet(warning, 2)),
    '',
    ...keyFacts(template),
  ];
}

/** Returns the most important facts, in about ten lines. */
function keyFacts(template: Template): string[] {
  const names = template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items)
    .map((stage) => stage.at('Name').text);
  const permissions = permissionsOf(template);
  const wide = counted(allowedOnEveryResource(permissions.roles).length, 'Allow statement');
  const retained = removalOf(template).retained.length;
  const amount = `${notPriced(template).length === 0 ? 'about' : 'at least'} $${Math.round(idleCost(template))}`;
  return Object.entries({
    Stages: names.join(' > ') || 'no pipeline in this stack',
    Roles: `${permissions.roles.length}, with ${wide} on Resource "*"`,
    Removal: retained === 0
      ? 'nothing is retained; what AWS itself leaves is named below'
      : `${counted(retained, 'resource')} retained`,
    Cost: `${amount} a month while nothing happens`,
  }).flatMap(([label, text]) => columns([label], [text], 0, 9));
}
