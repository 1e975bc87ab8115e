import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { RollbackOptions } from '../../src';
import { AlarmProperties } from '../../src/cli/alarms/alarm';
import { minutesOn, READINGS } from '../helpers/alarms';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const MINUTES = 12;

/** The rollback alarms that an outsider triggers whose requests all fail, per minute, in addition to the requests of users. */
function alarmsOn(provoked: number, users: number, rollback: RollbackOptions = {}): string[] {
  const stack = newStack();
  deploymentIn(stack, { rollback });
  const series = (value: number) => Array.from({ length: MINUTES }, () => (value === 0 ? undefined : value));
  const points = {
    BlueRequestCount: series(provoked + users),
    BlueHTTPCode_Target_5XX_Count: series(provoked),
    BlueHealthyHostCount: series(2),
  };
  const alarms = all(templateOf(stack), 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm as unknown as AlarmProperties & { readonly AlarmName: string });
  const isOn = (alarm: AlarmProperties) => READINGS.some((reading) => minutesOn(alarm, points, MINUTES, reading).length > 0);
  return alarms.filter(isOn).map(({ AlarmName }) => AlarmName);
}

const STOPPED = ['alarm-errors-blue-production-dev'];

test.each<[string, number, number, RollbackOptions, string[]]>([
  ['9 failed requests a minute stop no release', 9, 0, {}, []],
  ['10 failed requests a minute stop every release', 10, 0, {}, STOPPED],
  ['10 failed requests among 190 successful ones stop no release', 10, 190, {}, []],
  ['11 failed requests among 189 successful ones stop every release', 11, 189, {}, STOPPED],
  ['a higher minimum of requests tolerates 99 failed ones', 99, 0, { minimumRequests: 100 }, []],
  ['a higher minimum does not tolerate as many as itself', 100, 0, { minimumRequests: 100 }, STOPPED],
  ['a higher error rate tolerates a larger share', 11, 189, { errorRate: 10 }, []],
])('%s', (_, provoked, users, rollback, names) => {
  expect(alarmsOn(provoked, users, rollback)).toEqual(names);
});
