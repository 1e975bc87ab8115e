import { alarmInWords } from './alarm-words';
import { Environment, environmentsOf } from './environment';
import { bullet, duration, labelled, listed, paragraph } from './layout';
import { Resource, Template } from './template';

/** What makes CodeDeploy roll back by itself. */
const EVENTS: { [event: string]: string } = {
  DEPLOYMENT_FAILURE: 'it fails',
  DEPLOYMENT_STOP_ON_REQUEST: 'a person stops it',
  DEPLOYMENT_STOP_ON_ALARM: 'one of these alarms goes off',
};

/** What rolls back, and when. */
export function rollback(template: Template): string[] {
  return environmentsOf(template).flatMap((environment, index) => [...(index === 0 ? [] : ['']), ...rollbackOf(environment)]);
}

function rollbackOf({ name, group }: Environment): string[] {
  const configuration = group.at('AutoRollbackConfiguration');
  const events = configuration.at('Enabled').text === 'true' ? configuration.at('Events').texts : [];
  const alarms = group.at('AlarmConfiguration', 'Enabled').text === 'true' ? group.at('AlarmConfiguration', 'Alarms').items : [];
  const watched = alarms.flatMap((alarm) => alarm.at('Name').target ?? []);
  const elsewhere = alarms.filter((alarm) => alarm.at('Name').target === undefined).map((alarm) => alarm.at('Name').text);
  return [
    ...labelled(name, [
      events.length === 0
        ? 'A deployment never rolls back by itself.'
        : `A deployment rolls back by itself when ${listed(events.map((event) => EVENTS[event] ?? event), 'or')}.`,
    ], 0, 14),
    ...sentences(watched).flatMap(([sentence, names]) => bullet(`${sentence}: ${listed(names, 'or')}`, 14)),
    ...elsewhere.flatMap((alarm) => bullet(`${alarm}, which is not in this stack`, 14)),
    ...paragraph(keptInWords(group), 14),
  ];
}

/** Alarms that say the same of different target groups are one sentence. */
function sentences(alarms: Resource[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const alarm of alarms) {
    groups.set(alarmInWords(alarm), [...groups.get(alarmInWords(alarm)) ?? [], alarm.name]);
  }
  return [...groups];
}

function keptInWords(group: Resource): string {
  const old = group.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess');
  return old.at('Action').text === 'TERMINATE'
    ? `The old tasks are kept for ${duration(old.at('TerminationWaitTimeInMinutes').number)} after the shift; until then a rollback only moves traffic back.`
    : 'The old tasks are kept until a person stops them.';
}
