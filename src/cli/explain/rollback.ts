import { alarmInWords } from './alarms';
import { Environment, environmentsOf } from '../environments';
import { duration, Entry, listed } from '../layout';
import { Resource, Template, Value } from '../template';

/** The events on which CodeDeploy rolls back by itself. */
const EVENTS: { [event: string]: string } = {
  DEPLOYMENT_FAILURE: 'it fails',
  DEPLOYMENT_STOP_ON_REQUEST: 'a person stops it',
  DEPLOYMENT_STOP_ON_ALARM: 'one of these alarms goes off',
};

/** What rolls back, and when. */
export function rollback(template: Template): Entry[] {
  return environmentsOf(template).map((environment) => ({
    name: environment.name,
    says: environment.group === undefined ? nativeRollback(environment) : codeDeployRollback(environment.group),
  }));
}

function codeDeployRollback(group: Resource): string[] {
  const configuration = group.at('AutoRollbackConfiguration');
  const events = configuration.at('Enabled').isTrue ? configuration.at('Events').texts : [];
  const { Enabled, Alarms } = Object.fromEntries(group.at('AlarmConfiguration').entries);
  const alarms = Enabled?.isTrue ? Alarms?.items.map((alarm) => alarm.at('Name')) ?? [] : [];
  const old = group.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess');
  return [
    whenInWords(events.map((event) => EVENTS[event] ?? event)),
    ...alarmSentences(alarms),
    old.at('Action').text === 'TERMINATE'
      ? keptInWords(old.at('TerminationWaitTimeInMinutes').number)
      : 'The old tasks are kept until a person stops them.',
  ];
}

function nativeRollback({ service }: Environment): string[] {
  const configuration = service.at('DeploymentConfiguration');
  const [breaker, alarms] = [configuration.at('DeploymentCircuitBreaker'), configuration.at('Alarms')];
  const watches = alarms.at('Enable').isTrue && alarms.at('Rollback').isTrue;
  const bakes = configuration.at('BakeTimeInMinutes');
  return [
    whenInWords([
      ...(breaker.at('Enable').isTrue && breaker.at('Rollback').isTrue ? ['its tasks fail to start'] : []),
      ...(watches ? ['one of these alarms goes off'] : []),
    ]),
    ...(watches ? alarmSentences(alarms.at('AlarmNames').items) : []),
    ...(bakes.exists ? [keptInWords(bakes.number)] : []),
  ];
}

function whenInWords(events: string[]): string {
  return events.length === 0
    ? 'A deployment never rolls back by itself.'
    : `A deployment rolls back by itself when ${listed(events, 'or')}.`;
}

function keptInWords(minutes: number): string {
  return `The old tasks are kept for ${duration(minutes)} after the shift; `
    + 'until then a rollback only moves traffic back.';
}

/** Alarms that mean the same for different target groups are one sentence. */
function alarmSentences(alarms: Value[]): string[] {
  const groups = new Map<string, string[]>();
  for (const alarm of alarms) {
    const sentence = alarm.target && alarmInWords(alarm.target);
    const name = alarm.target?.name ?? `${alarm.text}, which is not in this stack`;
    groups.set(sentence ?? '', [...groups.get(sentence ?? '') ?? [], name]);
  }
  return [...groups].map(([sentence, names]) => `- ${sentence && `${sentence}: `}${listed(names, 'or')}`);
}
