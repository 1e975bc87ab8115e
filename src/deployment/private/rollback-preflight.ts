import { RenderedDeployment } from './rendered-deployment';
import { Code, violation, Violations } from '../../private/violations';

/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AutoRollbackConfiguration.html */
const ROLLBACK_EVENTS = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'];

/** Rejects overrides that disable automatic rollback or its alarms. */
export function rollbackViolations({ group, rollbackAlarms }: RenderedDeployment): Violations {
  const { AutoRollbackConfiguration: rollback, AlarmConfiguration: alarms } = group;
  const { Enabled: watching, IgnorePollAlarmFailure: ignored = false } = alarms ?? {};
  const watched = (alarms?.Alarms ?? []).map(({ Name: name }) => JSON.stringify(name));
  const isWatched = (spellings: unknown[]) => spellings.some((name) => watched.includes(JSON.stringify(name)));
  return [
    changedViolation({
      code: 'BGP185',
      rule: `must roll back automatically on ${ROLLBACK_EVENTS.join(', ')}`,
      settings: {
        'AutoRollbackConfiguration.Enabled': isTrue(rollback?.Enabled),
        'AutoRollbackConfiguration.Events': ROLLBACK_EVENTS.every((event) => rollback?.Events?.includes(event)),
      },
      remedy: 'remove the override',
    }),
    changedViolation({
      code: 'BGP186',
      rule: "must watch every alarm of 'rollbackAlarms', and stop if the state of an alarm is unknown",
      settings: {
        'AlarmConfiguration.Enabled': isTrue(watching),
        'AlarmConfiguration.IgnorePollAlarmFailure': isFalse(ignored),
        'AlarmConfiguration.Alarms': rollbackAlarms.every(isWatched),
      },
      remedy: "remove the override, and use 'rollback' to change the alarms",
    }),
  ];
}

interface Settings {
  readonly code: Code;
  readonly rule: string;
  /** True for each property that still has the value of the library. */
  readonly settings: { readonly [path: string]: boolean };
  readonly remedy: string;
}

function changedViolation({ code, rule, settings, remedy }: Settings): Violations {
  const changed = Object.keys(settings).filter((path) => !settings[path]);
  return changed.length === 0 ? undefined : violation({
    code,
    prop: 'deploymentGroup',
    rule,
    got: `a different ${changed.join(', ')}`,
    remedy,
  });
}

/** CloudFormation accepts the string for the boolean. An intrinsic function is neither. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function isFalse(value: unknown): boolean {
  return value === false || value === 'false';
}
