import { idleCost, itemsOf, notPriced } from './bill';
import { cost } from './cost';
import { notifications } from './notifications';
import { removalEntries, removalOf } from './removal';
import { roles } from './roles';
import { rollback } from './rollback';
import { running } from './running';
import { stages } from './stages';
import { Stack } from '../assembly';
import { environmentsOf, isBlueGreen } from '../environments';
import { bullet, counted, Entry, labelled, paragraph, sectionLines, WIDTH } from '../layout';
import { permissionsOf } from '../permissions/permissions';
import { everywhere } from '../permissions/text';
import { Template } from '../template';

/** CloudFormation's limits of a template. */
const MOST_RESOURCES = 500;
const MOST_KILOBYTES = 1000;

/** The parts of a report, by their key in JSON. */
const PARTS: { readonly [key: string]: readonly [title: string, entriesOf: (template: Template) => Entry[]] } = {
  stages: ['From a push to production', stages],
  environments: ['What runs in each environment', running],
  rollback: ['What rolls back, and when', rollback],
  notifications: ['Who is notified of what', notifications],
  roles: ['Who may do what', roles],
  removal: ['What is left after cdk destroy', removalEntries],
  cost: ['What it costs while nothing happens', cost],
};

/** Whether there is something to explain: a pipeline, or a blue/green deployment. */
export function isExplained({ template }: Stack): boolean {
  return template.ofType('AWS::CodePipeline::Pipeline').length > 0 || environmentsOf(template).some(isBlueGreen);
}

/** What a reviewer must look at: see the help of the command. */
export function findingsOf({ template, annotations, violations = [] }: Stack): string[] {
  const { full, guarded } = removalOf(template);
  return [
    ...[...violations, ...annotations].filter(({ level }) => level === 'error').map(({ text }) => text),
    ...full.map(({ name }) => `${name} is deleted with the stack, which fails while something is in it`),
    ...guarded.map(({ name }) => `${name} is protected against deletion, so cdk destroy fails`),
  ];
}

/** What the assembly leaves open, or keeps elsewhere. */
function notKnownIn({ template }: Stack): string[] {
  const unread = template.unreadStacks
    .map(({ name }) => `the nested stack ${name}: its template is not in the assembly`);
  return [...unread, ...notPriced(template).map((one) => `the price of ${one}`)];
}

/** What a synthesised stack would deploy, for a person to read. */
export function explanation(stack: Stack): string[] {
  const { template } = stack;
  const list = (title: string, texts: string[]) =>
    (texts.length === 0 ? [] : sectionLines({ title, entries: [{ says: texts.map((text) => `- ${text}`) }] }));
  return [
    ...headline(stack),
    ...Object.values(PARTS).flatMap(([title, entriesOf]) => sectionLines({ title, entries: entriesOf(template) })),
    ...list('Not known', notKnownIn(stack)),
    ...list('Findings', findingsOf(stack)),
  ];
}

/** The same as data; docs of the keys are in the README. */
export function explanationData(stack: Stack): object {
  const { template, path, templateBytes } = stack;
  const parts = Object.entries(PARTS).filter(([key]) => !['roles', 'cost'].includes(key));
  const data = ({ name, says = [], facts = [] }: Entry) => ({
    ...(name === undefined ? {} : { name }),
    says: says.map((text) => text.replace(/^- /, '')),
    ...(facts.length === 0 ? {} : { facts: facts.map(([label, ...texts]) => ({ label: label.trim(), texts })) }),
  });
  return {
    stack: template.stackName,
    path,
    region: template.region,
    account: template.account,
    resources: template.resources.length,
    templateBytes,
    warnings: warningsOf(stack),
    ...Object.fromEntries(parts.map(([key, [, entriesOf]]) => [key, entriesOf(template).map(data)])),
    cost: { items: itemsOf(template), idleDollarsPerMonth: idleCost(template), notPriced: notPriced(template) },
    notKnown: notKnownIn(stack),
    findings: findingsOf(stack),
  };
}

function warningsOf({ annotations, violations = [] }: Stack): string[] {
  const all = [...violations, ...annotations].filter(({ level }) => level === 'warning').map(({ text }) => text);
  return [...new Set(all)];
}

function headline(stack: Stack): string[] {
  const { template, templateBytes, violations } = stack;
  const warnings = warningsOf(stack);
  return [
    '='.repeat(WIDTH),
    `${template.stackName} in ${template.region}`,
    ...paragraph(template.description),
    '='.repeat(WIDTH),
    ...paragraph(`${counted(template.resources.length, 'resource')} of at most ${MOST_RESOURCES} in a stack, in a `
      + `template of ${Math.ceil(templateBytes / 1000)} kB of at most ${MOST_KILOBYTES.toLocaleString('en-US')}. `
      + 'Nothing was deployed, and no credentials were needed.'),
    ...paragraph(violations === undefined
      ? 'Not validated: the assembly has no validation report.'
      : `Validated when it was synthesised: ${counted(violations.length, 'finding')}.`),
    ...(warnings.length === 0 ? [] : paragraph(`${counted(warnings.length, 'warning')}:`)),
    ...warnings.flatMap((warning) => bullet(warning, 2)),
    '',
    ...atAGlance(template),
  ];
}

/** What a reader of ten lines must not miss. */
function atAGlance(template: Template): string[] {
  const names = template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items)
    .map((stage) => stage.at('Name').text);
  const permissions = permissionsOf(template);
  const wide = counted(everywhere(permissions.roles).length, 'Allow statement');
  const retained = removalOf(template).retained.length;
  const amount = `${notPriced(template).length === 0 ? 'about' : 'at least'} $${Math.round(idleCost(template))}`;
  return [
    ...labelled('Stages', [names.join(' > ') || 'no pipeline in this stack'], 0, 9),
    ...labelled('Roles', [`${permissions.roles.length}, with ${wide} on Resource "*"`], 0, 9),
    ...labelled('Removal', [retained === 0
      ? 'nothing is retained; what AWS itself leaves is named below'
      : `${counted(retained, 'resource')} retained`], 0, 9),
    ...labelled('Cost', [`${amount} a month while nothing happens`], 0, 9),
  ];
}
