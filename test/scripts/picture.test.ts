import { readFileSync } from 'fs';
import { join } from 'path';
import { exampleTemplate } from '../../scripts/picture/example';
import { picture } from '../../scripts/picture/picture';
import { Template } from '../../src/cli/template';

const example = exampleTemplate();
const drawn = picture(example);

/** The picture of the example after a change of one resource. */
function pictureWith(id: RegExp, change: (properties: any) => void): string {
  const json = structuredClone(example.json);
  const [[, resource]] = Object.entries(json.Resources).filter(([name]) => id.test(name));
  change(resource.Properties);
  const { region, stackName } = example;
  return picture(new Template(json, { region, stackName }));
}

/** The words that only the changed picture shows. */
function added(changed: string): string[] {
  const words = (svg: string) => [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) => text);
  return words(changed).filter((text) => !words(drawn).includes(text));
}

const PIPELINE = /^Pipeline[0-9A-F]{8}$/;
const GROUP = /^PipelineDeployProductionDeploymentGroup/;
const LISTENER = /^PipelineDeployProductionLoadBalancerTest/;

test('docs/pipeline.svg matches the template: after a change of what the example deploys, run "npm run picture" and review the picture', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'pipeline.svg'), 'utf8')).toBe(drawn);
});

test('another canary changes the picture and its description', () => {
  const changed = pictureWith(GROUP, (group) => { group.DeploymentConfigName = 'CodeDeployDefault.ECSCanary10Percent15Minutes'; });

  expect(added(changed)).toEqual(['after 15 minutes.']);
  expect(changed).toContain('CodeDeploy shifts 10 % of the traffic, and the rest after 15 minutes, and stops');
});

test('another stage, another port and fewer alarms change the picture', () => {
  const audit = { Name: 'Audit', Actions: [{ Name: 'Scan', ActionTypeId: { Category: 'Test', Provider: 'CodeBuild' } }] };

  expect(added(pictureWith(PIPELINE, ({ Stages }) => Stages.splice(3, 0, audit)))).toEqual(['Audit', 'Scan']);
  expect(added(pictureWith(LISTENER, (listener) => { listener.Port = 9443; }))).toEqual(['HTTP, port 9443']);
  expect(pictureWith(GROUP, (group) => group.AlarmConfiguration.Alarms.pop())).not.toContain('alarm-refused-connections-production-dev');
});

test.each<[string, RegExp, (properties: any) => void]>([
  ['The template has no value for Port', LISTENER, (listener) => delete listener.Port],
  ['The template has no test listener of production', GROUP, (group) => delete group.LoadBalancerInfo.TargetGroupPairInfoList[0].TestTrafficRoute],
  ['The template does not define the traffic shift of deployment-group-production-dev', GROUP, (group) => delete group.DeploymentConfigName],
  ['The template does not roll back deployment-group-production-dev on alarms', GROUP, (group) => { group.AlarmConfiguration.Enabled = false; }],
  ['The template has no action in stage "Build"', PIPELINE, ({ Stages }) => { Stages[1].Actions = []; }],
  ['The template has no environment "production"', PIPELINE, ({ Stages }) => Stages.pop()],
])('the picture fails with "%s"', (message, id, change) => {
  expect(() => pictureWith(id, change)).toThrow(message);
});

test('a name that fits its box in no font size fails', () => {
  const name = 'A'.repeat(60);

  expect(() => pictureWith(PIPELINE, ({ Stages }) => { Stages[1].Name = name; })).toThrow(`"${name}" does not fit into 156 pixels`);
});
