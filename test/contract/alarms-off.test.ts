import { readFileSync } from 'fs';
import { join } from 'path';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all, idOf } from '../helpers/templates';

const read = (page: string): string => readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');
const sectionOf = (page: string, heading: string): string => read(page).split('\n## ').find((section) => section.startsWith(`${heading}\n`)) ?? '';
const RELEASING = sectionOf('changes.md', 'Releasing a fix while an alarm is on');
const CHECKING = sectionOf('operations.md', 'A fix while alarms are on');

const stack = newStack();
pipelineIn(stack);
const template = templateOf(stack);
const [[, { AlarmConfiguration: watched }]] = all(template, 'AWS::CodeDeploy::DeploymentGroup')
  .filter(([, { DeploymentGroupName }]) => DeploymentGroupName === 'deployment-group-production-dev');
const names = (watched.Alarms as { readonly Name: unknown }[]).map(({ Name }) => template.Resources[idOf(Name)].Properties.AlarmName as string);

test('the command that switches the alarms on again names every alarm of the deployment group, and nothing else', () => {
  const restored = /'enabled=true,alarms=\[(.*)\]'/.exec(RELEASING)?.[1] ?? '';

  expect([...restored.matchAll(/\{name=([^}]+)\}/g)].map(([, name]) => name).sort()).toEqual([...names].sort());
  expect(watched).toEqual({ Enabled: true, Alarms: watched.Alarms as unknown });
});

test('the command that shows whether the alarms are off prints both parts of the setting, to compare with the alarms of the library', () => {
  expect(CHECKING).toMatch(/get-deployment-group [^]*--query 'deploymentGroupInfo\.alarmConfiguration\.\[enabled,alarms\[\]\.name\]'/);
  expect(Number(/print `True`, the (\d+) alarms of the library/.exec(CHECKING)?.[1])).toBe(names.length);
});

test('the event pattern matches the call that switches the alarms off, which CloudTrail records with its name', () => {
  const [call] = RELEASING.match(/aws deploy [a-z-]+/) ?? [];

  expect(call).toBe('aws deploy update-deployment-group');
  expect(JSON.parse(/```json\n([^]*?)```/.exec(CHECKING)?.[1] ?? '')).toEqual({
    'source': ['aws.codedeploy'],
    'detail-type': ['AWS API Call via CloudTrail'],
    'detail': { eventSource: ['codedeploy.amazonaws.com'], eventName: ['UpdateDeploymentGroup'] },
  });
});
