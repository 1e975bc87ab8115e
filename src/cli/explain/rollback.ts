import { alarmInWords } from './alarms';
import { inWords } from './words';
import { Environment, environmentsOf } from '../environments';
import { duration, Entry, groupedBy, listed } from '../layout';
import { Resource, Template, Value } from '../template';

/** Describes the rollback of each environment and its triggers. */
export function rollback(template: Template): Entry[] {
  return environmentsOf(template).map((environment) => ({
    name: environment.name,
    says: environment.group === undefined ? nativeRollback(environment) : codeDeployRollback(environment.group),
  }));
}

function codeDeployRollback(group: Resource): string[] {
  const configuration = group.at('AutoRollbackConfiguration');
  const events = configuration.at('Enabled').isTrue ? configuration.at('Events').texts : [];
  const watched = group.at('AlarmConfiguration');
  const alarms = watched.at('Enabled').isTrue ? watched.at('Alarms').items.map((alarm) => alarm.at('Name')) : [];
  const old = group.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess');
  return [
    whenInWords(events.map((event) => inWords('rollbacks', event))),
    ...alarmSentences(alarms),
    old.at('Action').text === 'TERMINATE'
      ? keptInWords(old.at('TerminationWaitTimeInMinutes').number)
      : 'The old tasks are kept until a person stops them.',
  ];
}

function nativeRollback({ service }: Environment): string[] {
  const configuration = service.at('DeploymentConfiguration');
  const rollsBack = (part: string) => ['Enable', 'Rollback'].every((name) => configuration.at(part, name).isTrue);
  const bakes = configuration.at('BakeTimeInMinutes');
  return [
    whenInWords([
      ...(rollsBack('DeploymentCircuitBreaker') ? ['its tasks fail to start'] : []),
      ...(rollsBack('Alarms') ? ['one of these alarms is in the ALARM state'] : []),
    ]),
    ...(rollsBack('Alarms') ? alarmSentences(configuration.at('Alarms', 'AlarmNames').items) : []),
    ...(bakes.exists ? [keptInWords(bakes.number)] : []),
  ];
}

function whenInWords(events: string[]): string {
  return events.length === 0
    ? 'A deployment never rolls back automatically.'
    : `A deployment rolls back automatically when ${listed(events, 'or')}.`;
}

function keptInWords(minutes: number): string {
  return `The old tasks are kept for ${duration(minutes)} after the shift; `
    + 'until then a rollback only moves traffic back.';
}

/** Alarms that mean the same for different target groups are one sentence. */
function alarmSentences(alarms: Value[]): string[] {
  const groups = groupedBy(alarms.map(({ target, text }) => [
    target ? alarmInWords(target) : '', target?.name ?? `${text}, which is not in this stack`,
  ]));
  return groups.map(([sentence, names]) => `- ${sentence && `${sentence}: `}${listed(names, 'or')}`);
}
