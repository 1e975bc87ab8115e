import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { RollbackOptions } from '../../src';
import { AlarmProperties } from '../../src/cli/alarms/alarm';
import { minutesOn, READINGS } from '../helpers/alarms';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const MINUTES = 12;

/** The rollback alarms that an outsider switches on whose requests all fail, a minute, beside those of users. */
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
  ['9 failed requests a minute stop nothing', 9, 0, {}, []],
  ['10 failed requests a minute stop every release', 10, 0, {}, STOPPED],
  ['10 failed requests among 190 good ones stop nothing', 10, 190, {}, []],
  ['11 failed requests among 189 good ones stop every release', 11, 189, {}, STOPPED],
  ['a higher minimum of requests bears 99 failed ones', 99, 0, { minimumRequests: 100 }, []],
  ['a higher minimum does not bear as many as that', 100, 0, { minimumRequests: 100 }, STOPPED],
  ['a higher error rate bears a larger share', 11, 189, { errorRate: 10 }, []],
])('%s', (_, provoked, users, rollback, names) => {
  expect(alarmsOn(provoked, users, rollback)).toEqual(names);
});
