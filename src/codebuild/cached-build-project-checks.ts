import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BuildImage } from './build-image';
import { BuildSteps } from './build-steps';
import { CachedBuildProjectProps } from './cached-build-project-props';
import * as defaults from './defaults';
import { projectEnvironment } from './private/environment-checks';
import { reservedVariables, Steps } from './private/steps';
import { ClaimedName, nameLengthViolation, takenNameViolations } from '../private/names';
import { placeViolations } from '../private/placement';
import { environmentSuffix, logRetention } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { cdkType, instanceOf } from '../private/types';
import {
  duration, formatValue, isResolvedString, literal, matching, optional, passes, required, unchecked,
} from '../private/validation';
import { violation, Violations } from '../private/violations';


type Props = Partial<CachedBuildProjectProps>;

/** The names that a `CachedBuildProject` claims; all its other names contain this one. */
export function claimedNames(props: Props): ClaimedName[] {
  return [{ type: `project-${purposeInNames(props)}`, parts: props }];
}

/** Returns all violations of the props of `CachedBuildProject`. */
export function violations(scope: Construct, id: string, props: CachedBuildProjectProps): Violations {
  const names = claimedNames(props ?? {}).map((name) => ({ ...name, remedy: "a different 'purpose'" }));
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope, props)),
    takenNameViolations(scope, names),
  ];
}

const STEPS = "BuildSteps.commands(['npm ci', 'npm test'])";
const steps = required(STEPS, instanceOf(BuildSteps, STEPS));

export function propsChecks(scope: Construct, props: CachedBuildProjectProps): StructOptions<CachedBuildProjectProps> {
  const context = props?._context ?? {};
  const reserved = passes(steps, props?.steps) ? reservedVariables(props.steps._bind().bind(context)) : [];
  return {
    example: '{ environmentSuffix: "dev", steps: BuildSteps.commands(["npm test"]) }',
    fields: {
      environmentSuffix,
      steps,
      purpose: optional(matching({
        code: 'BGP040',
        pattern: /^[a-z][a-z0-9]{0,15}$/,
        rule: '1 to 16 characters of a-z and 0-9, starting with a letter',
        example: 'lint',
      })),
      buildImage: instanceOf(BuildImage, 'BuildImage.AMAZON_LINUX_2023'),
      cacheBucket: cdkType({
        type: 'an s3.IBucket',
        member: 'arnForObjects',
        example: "s3.Bucket.fromBucketName(this, 'Cache', 'acme-cache')",
      }),
      cacheExpiration: duration({
        code: 'BGP041',
        min: defaults.MIN_CACHE_EXPIRATION,
        max: defaults.MAX_CACHE_EXPIRATION,
        unit: 'days',
      }),
      timeout: duration({ code: 'BGP042', min: defaults.MIN_TIMEOUT, max: defaults.MAX_TIMEOUT }),
      queuedTimeout: duration({
        code: 'BGP043',
        min: defaults.MIN_QUEUED_TIMEOUT,
        max: defaults.MAX_QUEUED_TIMEOUT,
      }),
      logRetention,
      environmentVariables: projectEnvironment({ scope, reserved }),
      _context: unchecked,
    },
    combination: (given) => {
      const purpose = purposeInNames(given);
      const ownSteps = given.steps?._bind();
      return [
        nameLengthViolation(given, { bucket: `cache-${purpose}`, role: `role-project-${purpose}` }),
        ownSteps?.violations(scope, context),
        timeoutViolation(given.timeout, ownSteps),
        expirationViolation(given, ownSteps),
      ];
    },
  };
}

/** The purpose, if it is a string; any other value has a separate violation. */
function purposeInNames({ purpose = defaults.DEFAULT_PURPOSE }: Props): string {
  return isResolvedString(purpose) ? purpose : '';
}

/** A build that is stopped before the container has had its time can only fail. */
function timeoutViolation(timeout: Duration | undefined, ownSteps: Steps | undefined): Violations {
  const startupTime = ownSteps?.startupTime;
  if (timeout === undefined || timeout.isUnresolved() || startupTime === undefined || startupTime.isUnresolved()) {
    return undefined;
  }
  return timeout.toMilliseconds() > startupTime.toMilliseconds() ? undefined : violation({
    code: 'BGP062',
    prop: 'timeout',
    rule: `must be longer than the 'startupTime' of the steps, ${formatValue(startupTime)}`,
    got: formatValue(timeout),
    remedy: "increase 'timeout' or reduce 'startupTime'",
  });
}

/** An expiration that has no effect, or that the service cannot take. */
function expirationViolation({ cacheBucket, cacheExpiration }: Props, ownSteps: Steps | undefined): Violations {
  const cacheImage = ownSteps?.cacheImage;
  if (cacheExpiration === undefined) {
    return undefined;
  }
  if (cacheBucket !== undefined && !ownSteps?.expiresLayers) {
    return USELESS_EXPIRATION;
  }
  // The CDK writes the rules of a repository as text, in which a token would stay what it is.
  return cacheImage === undefined ? undefined : literal({
    rule: 'known at synthesis for a cache in a repository',
    remedy: 'pass a literal value, for example Duration.days(7)',
  })('cacheExpiration', cacheExpiration);
}

const USELESS_EXPIRATION = violation({
  code: 'BGP044',
  prop: 'cacheExpiration',
  rule: "must not be combined with 'cacheBucket' unless the steps cache image layers: "
    + 'your bucket keeps its own lifecycle rules',
  remedy: 'add a lifecycle rule to the bucket, and remove the prop',
});
