import { cost } from './cost';
import { bullet, counted, labelled, paragraph, section, WIDTH } from './layout';
import { messages } from './messages';
import { removal, retainedIn } from './removal';
import { road } from './road';
import { everywhere, roles } from './roles';
import { rollback } from './rollback';
import { running } from './running';
import { SynthesisedStack } from './synthesis';
import { Template } from './template';
import { idleCost } from '../cost/bill';

/** What CloudFormation takes at most. */
const MOST_RESOURCES = 500;
const MOST_KILOBYTES = 1000;

/** What a synthesised stack would deploy, for a person to read. */
export function report(stack: SynthesisedStack): string {
  const { template } = stack;
  return [
    ...headline(stack),
    ...section('The road from a push to production', road(template)),
    ...section('What runs in each environment', running(template)),
    ...section('What rolls back, and when', rollback(template)),
    ...section('Who hears of what', messages(template)),
    ...section('Who may do what', roles(template)),
    ...section('What is left after cdk destroy', removal(template)),
    ...section('What it costs while nothing happens', cost(template)),
  ].join('\n');
}

function headline({ template, templateBytes, findings, warnings }: SynthesisedStack): string[] {
  const title = `${template.stackName} in ${template.region}`;
  return [
    '='.repeat(WIDTH),
    title,
    ...paragraph(template.description),
    '='.repeat(WIDTH),
    ...paragraph(`${counted(template.resources.length, 'resource')} of at most ${MOST_RESOURCES}, in a template of ${Math.ceil(templateBytes / 1000)} kB `
      + `of at most ${MOST_KILOBYTES.toLocaleString('en-US')}. Nothing was deployed, and no credentials were needed.`),
    ...paragraph(`Validated by the rules that come with CDK, with their errors switched on: ${counted(findings.length, 'finding')}.`),
    ...findings.flatMap((finding) => bullet(finding)),
    ...(warnings.length === 0 ? [] : paragraph(`The constructs themselves warn of ${counted(warnings.length, 'thing')}:`)),
    ...warnings.flatMap((warning) => bullet(warning)),
    '',
    ...atAGlance(template),
  ];
}

/** What a reader of ten lines must not miss. */
function atAGlance(template: Template): string[] {
  const stages = template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items);
  const allRoles = template.ofType('AWS::IAM::Role');
  const retained = retainedIn(template).length;
  return [
    ...labelled('Stages', stages.map((stage) => stage.at('Name').text).join(' > '), 0, 9),
    ...labelled('Roles', `${allRoles.length}, with ${counted(everywhere(allRoles).length, 'Allow statement')} on Resource "*"`, 0, 9),
    ...labelled('Removal', retained === 0 ? 'nothing is retained; what AWS itself leaves is named below' : `${counted(retained, 'resource')} retained`, 0, 9),
    ...labelled('Cost', `about $${Math.round(idleCost(template))} a month while nothing happens`, 0, 9),
  ];
}
