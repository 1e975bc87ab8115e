import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { AlarmProperties, alarmStates, MetricName } from '../../../src/cli/alarms/alarm';
import { Series } from '../../../src/cli/alarms/metric-math';
import { minutesOn, Points, READINGS } from '../../helpers/alarms';
import { environmentsOf, named } from '../../helpers/environments';
import { allPrograms, pipelinePrograms, Program } from '../../helpers/programs';
import { randomOf } from '../../helpers/seeded';
import { references } from '../../helpers/synthesis';
import { all, idOf, listOf, waitsFor } from '../../helpers/templates';

const WITHOUT_DATA = parse(readFileSync(join(__dirname, 'alarms.yaml'), 'utf8')) as { readonly [type: string]: ['quiet' | 'on', string] };
const MINUTES = 20;

/** The alarms of a program with the type in their names. */
function alarmsOf({ template, suffix, environmentNames }: Program): [type: string, alarm: AlarmProperties][] {
  return all(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => {
    const environment = environmentNames.find((name) => String(alarm.AlarmName).endsWith(`-${name}-${suffix}`));
    const end = environment === undefined ? `-${suffix}` : `-${environment}-${suffix}`;
    return [String(alarm.AlarmName).slice(0, -end.length), alarm as unknown as AlarmProperties];
  });
}

const series = (at: (minute: number) => number | undefined): Series => Array.from({ length: MINUTES }, (_, minute) => at(minute));
const always = (value: number): Series => series(() => value);
const stopped = (value: number): Series => series((minute) => (minute < 8 ? value : undefined));

describe.each(allPrograms())('$name', (program) => {
  const { template } = program;
  const alarms = alarmsOf(program);
  const ofType = (type: string) => alarms.filter(([own]) => own === type).map(([, alarm]) => alarm);

  test('every alarm has the right state, for a documented reason, when its metrics stop or never had a data point', () => {
    expect([...new Set(alarms.map(([type]) => type))].sort()).toEqual(Object.keys(WITHOUT_DATA).sort());
    for (const [type, alarm] of alarms) {
      const [state, reason] = WITHOUT_DATA[type];
      const healthy: Points = {
        BlueRequestCount: stopped(100),
        GreenRequestCount: stopped(100),
        BlueHealthyHostCount: stopped(2),
        BlueUnHealthyHostCount: stopped(0),
      };
      for (const reading of READINGS) {
        const found = [healthy, {}].map((points) => (minutesOn(alarm, points, MINUTES, reading).includes(MINUTES) ? 'on' : 'quiet'));

        expect([type, reading, ...found]).toEqual([type, reading, state, state]);
      }
      expect(reason).toMatch(/^.{30,}$/);
    }
  });

  test.each<[string, Points, boolean]>([
    ['both colours have tasks', { BlueHealthyHostCount: always(2), GreenHealthyHostCount: always(2) }, false],
    ['one colour never had tasks', { BlueHealthyHostCount: always(1) }, false],
    ['one colour stopped', { BlueHealthyHostCount: stopped(2), GreenHealthyHostCount: always(2) }, false],
    ['both colours stopped', { BlueHealthyHostCount: stopped(2), GreenHealthyHostCount: stopped(2) }, true],
    ['the only tasks are unhealthy', { GreenHealthyHostCount: always(0) }, true],
    ['neither colour ever had tasks', {}, true],
  ])('the alarm for no healthy task is right when %s', (_, points, isOn) => {
    for (const alarm of ofType('alarm-no-healthy-task')) {
      for (const reading of READINGS) {
        const minutes = minutesOn(alarm, points, MINUTES, reading);

        expect([reading, minutes.includes(MINUTES)]).toEqual([reading, isOn]);
        expect([reading, minutes.length > 0]).toEqual([reading, isOn]);
      }
    }
  });

  test('the alarm for no healthy task is in ALARM state within six minutes after both colours stopped', () => {
    for (const alarm of ofType('alarm-no-healthy-task')) {
      for (const reading of READINGS) {
        const [first] = minutesOn(alarm, { BlueHealthyHostCount: stopped(2), GreenHealthyHostCount: stopped(2) }, MINUTES, reading);

        expect(first - 8).toBeGreaterThanOrEqual(3);
        expect(first - 8).toBeLessThan(6);
      }
    }
  });

  test('the alarm for no healthy task is created after the service and deleted before it', () => {
    for (const { name, serviceId } of environmentsOf(program)) {
      const [id] = named(program, 'AWS::CloudWatch::Alarm', 'AlarmName', `alarm-no-healthy-task-${name}-${program.suffix}`);

      expect(waitsFor(template, id)).toContain(serviceId);
    }
  });

  test('every rule that publishes is watched by exactly one alarm for undelivered messages, of at most ten metrics', () => {
    const publishing = all(template, 'AWS::Events::Rule')
      .filter(([, { Targets }]) => (Targets as { Arn: unknown }[]).some(({ Arn }) => template.Resources[idOf(Arn)].Type === 'AWS::SNS::Topic'));
    const watched = ofType('alarm-alerts-undelivered').map(({ Metrics }) => listOf(Metrics).flatMap(({ MetricStat }) =>
      (MetricStat === undefined ? [] : references(MetricStat.Metric.Dimensions))));

    expect(watched.flat().sort()).toEqual(publishing.map(([id]) => id).sort());
    expect(watched.filter((rules) => rules.length > 10)).toEqual([]);
  });

  test('the alarm of a rule is triggered by one undelivered message, even if its data point arrives two periods late', () => {
    for (const alarm of ofType('alarm-alerts-undelivered')) {
      const rules = listOf(alarm.Metrics).flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : references(MetricStat.Metric.Dimensions)));
      for (const rule of rules) {
        // When period 3 is evaluated, the count of period 1 has only just arrived; no other rule ever failed.
        const pointsOf = ({ MetricName: metric, Dimensions }: MetricName): Series =>
          [metric === 'FailedInvocations' && idOf(Dimensions) === rule ? 1 : undefined, undefined, undefined];

        expect([rule, ...READINGS.map((reading) => alarmStates(alarm, pointsOf, reading))]).toEqual([rule, ...READINGS.map(() => [true])]);
      }
    }
  });

  test('the alarm for 503 responses of the load balancer is triggered in two of three minutes, but not in one', () => {
    const answered = (minutes: number[]): Points => ({ HTTPCode_ELB_503_Count: series((minute) => (minutes.includes(minute) ? 1 : undefined)) });
    for (const alarm of ofType('alarm-unavailable')) {
      for (const reading of READINGS) {
        const isOn = [answered([9]), answered([9, 11]), answered([9, 12, 15])]
          .map((points) => minutesOn(alarm, points, MINUTES, { ...reading, extraPeriods: 0 }).length > 0);

        expect([reading, ...isOn]).toEqual([reading, false, true, false]);
      }
      expect(listOf(alarm.Dimensions).map(({ Name, Value }) => [Name, template.Resources[idOf(Value)].Type]))
        .toEqual([['LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer']]);
    }
  });

  test('every alarm sends a message to the alerts topic', () => {
    for (const [type, { AlarmActions }] of all(template, 'AWS::CloudWatch::Alarm')) {
      const topics = listOf(AlarmActions as unknown[]).map((action) => String(template.Resources[idOf(action)].Properties.TopicName));

      expect([type, topics]).toEqual([type, [`topic-alerts-${program.suffix}`]]);
    }
  });

  test('an alarm for an environment without users causes no rollback', () => {
    const watched = environmentsOf(program).flatMap(({ group }) => references(group.AlarmConfiguration));

    for (const [id, { AlarmName }] of all(template, 'AWS::CloudWatch::Alarm')) {
      expect([AlarmName, watched.includes(id)]).toEqual([AlarmName, /^alarm-(errors|refused|unhealthy)-/.test(String(AlarmName))]);
    }
  });
});

/** The full program has every threshold: the defaults, other error rates, and other minimum requests. */
describe('the full program over seeded releases', () => {
  const alarms = alarmsOf(pipelinePrograms()[1]);
  /** The distinct lists of alarms that are triggered in a number of releases, under every interpretation. */
  const goOn = (releases: number, release: (seed: number) => Points): string[] => {
    const found = Array.from({ length: releases }, (_, seed) => release(seed)).flatMap((points) => READINGS.map((reading) =>
      alarms.filter(([, alarm]) => minutesOn(alarm, points, MINUTES, reading).length > 0).map(([type]) => type).join()));
    return [...new Set(found)];
  };
  const inEach = (type: string): string => Array.from({ length: 3 }, () => type).join();

  test('every release with failing responses is rolled back by their alarm alone, although no connection is refused', () => {
    expect(goOn(200, (seed) => releaseOf(seed, ({ share }) => ({ answers: 0.35 + share * 0.3 })))).toEqual([inEach('alarm-errors-green')]);
  });

  test('every release that refuses connections is rolled back by that alarm alone, although no task responds with an error', () => {
    expect(goOn(200, (seed) => releaseOf(seed, ({ share }) => ({ refused: 0.35 + share * 0.3 })))).toEqual([inEach('alarm-refused-connections')]);
  });

  test('a healthy release triggers no alarm', () => {
    expect(goOn(200, (seed) => releaseOf(seed, ({ share }) => ({ answers: share * 0.019, refused: share * 0.019 })))).toEqual(['']);
  });

  test('a quiet night with a failed request among a few, in every third minute, triggers no alarm', () => {
    expect(goOn(12, (seed) => ({
      BlueRequestCount: series((minute) => (minute % 3 === seed % 3 ? 1 + seed % 4 : undefined)),
      BlueHTTPCode_Target_5XX_Count: series((minute) => (minute % 3 === seed % 3 ? 1 : undefined)),
      BlueHealthyHostCount: always(1),
    }))).toEqual(['']);
  });

  test('three unhealthy minutes of ten cause a rollback, and two do not', () => {
    const unhealthy = (minutes: number[]): Points => ({
      GreenHealthyHostCount: always(2),
      GreenUnHealthyHostCount: series((minute) => (minutes.includes(minute) ? 1 : 0)),
    });

    expect(goOn(1, () => unhealthy([3, 7]))).toEqual(['']);
    expect(goOn(1, () => unhealthy([3, 7, 11]))).toEqual([inEach('alarm-unhealthy-green')]);
  });

  test('two bad minutes of three cause a rollback, and one does not', () => {
    const bad = (minutes: number[]): Points => ({
      GreenRequestCount: always(1000),
      GreenHTTPCode_Target_5XX_Count: series((minute) => (minutes.includes(minute) ? 500 : 1)),
      GreenTargetConnectionErrorCount: series((minute) => (minutes.includes(minute) ? 500 : undefined)),
      GreenHealthyHostCount: always(2),
    });

    expect(goOn(1, () => bad([9]))).toEqual(['']);
    expect(goOn(1, () => bad([9, 11]))).toEqual([Array.from({ length: 3 }, () => 'alarm-errors-green,alarm-refused-connections').join()]);
  });
});

/** The share of failing requests in a minute, by a random number between 0 and 1. */
type Failing = (minute: { readonly share: number }) => { readonly answers?: number; readonly refused?: number };

/**
 * A live blue colour that does well and a canary that gets its share of the requests for five minutes, as the load balancer
 * reports them: a count of zero is no point.
 */
function releaseOf(seed: number, failing: Failing): Points {
  const random = randomOf(seed);
  const load = 20 + Math.floor(random() * 2000);
  const [start, end] = [5, 10 + Math.floor(random() * 5)];
  const requests = series((minute) => (minute >= start && minute < end ? load + Math.floor(random() * load) : undefined));
  const counts = requests.map((count) => {
    const { answers = 0, refused = 0 } = failing({ share: random() });
    return { answers: Math.floor((count ?? 0) * answers) || undefined, refused: Math.floor((count ?? 0) * refused) || undefined };
  });
  return {
    BlueRequestCount: series(() => load * 9),
    BlueHTTPCode_Target_5XX_Count: series(() => Math.floor(random() * load * 9 * 0.01) || undefined),
    BlueHealthyHostCount: always(2),
    GreenRequestCount: requests,
    GreenHTTPCode_Target_5XX_Count: counts.map(({ answers }) => answers),
    GreenTargetConnectionErrorCount: counts.map(({ refused }) => refused),
    GreenHealthyHostCount: requests.map((count) => (count === undefined ? undefined : 2)),
  };
}
