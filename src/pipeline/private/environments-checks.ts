import { defaultEnvironments } from './default-environments';
import { optionsChecks } from './environment-checks';
import { EnvironmentContext } from '../../deployment/deployment-checks';
import { nameLengthViolation } from '../../private/names';
import { environmentName } from '../../private/shared-checks';
import { struct, withFields } from '../../private/structs';
import { instanceOf } from '../../private/types';
import {
  all, Check, ElementCheck, formatValue, isResolvedString, list, required, wrongType,
} from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { MAX_ENVIRONMENTS } from '../defaults';
import { PipelineEnvironment } from '../pipeline-environment';

const ENVIRONMENT = 'new PipelineEnvironment("production")';

/** The checks of the environments of a pipeline, in its place. */
export function environmentsChecks(context: EnvironmentContext, environmentSuffix: unknown): Check {
  const options = optionsChecks(context);
  const inPlace = struct(options);
  const each: ElementCheck<PipelineEnvironment> = (prop, environment, index, environments) =>
    all(isEnvironment, () => [
      environmentName(`${prop}.name`, environment.name),
      repeatedNameViolation(`${prop}.name`, environment, environments.slice(0, index)),
      lengthViolation(environment.name, environmentSuffix),
      inPlace(prop, environment.options),
    ])(prop, environment);
  const check = all(isListOfEnvironments, atMost, list({
    example: `[${ENVIRONMENT}]`,
    nonEmpty: { code: 'BGP132', rule: 'a list of at least one environment' },
    each,
  }));
  // The default ones, too, must fit the suffix and the network.
  const withDefault: Check = (prop, value) => check(prop, value === undefined ? defaultEnvironments() : value);
  return withFields(withDefault, options.fields, 'PipelineEnvironment');
}

/** Elements may contain secrets, so a message names only types. */
const isListOfEnvironments: Check = (prop, value) => (Array.isArray(value)
  ? undefined
  : wrongType({ prop, type: 'a list', value, example: `[${ENVIRONMENT}]`, secret: true }));

const isEnvironment = required(ENVIRONMENT, instanceOf(PipelineEnvironment, ENVIRONMENT, { secret: true }));

const atMost: Check<unknown[]> = (prop, environments) => (environments.length <= MAX_ENVIRONMENTS
  ? undefined
  : violation({
    code: 'BGP134',
    prop,
    rule: `must have at most ${MAX_ENVIRONMENTS} entries: more exceed CloudFormation's 500 resources per stack`,
    got: formatValue(environments.length),
    remedy: 'split the environments across several stacks',
  }));

function repeatedNameViolation(
  prop: string,
  { name }: PipelineEnvironment,
  earlier: PipelineEnvironment[],
): Violations {
  const isRepeated = typeof name === 'string'
    && earlier.some((other) => typeof other?.name === 'string' && other.name.toLowerCase() === name.toLowerCase());
  return isRepeated
    ? violation({
      code: 'BGP133',
      prop,
      rule: 'must be unique',
      got: `${formatValue(name)} again`,
      remedy: 'use a different name for each environment',
    })
    : undefined;
}

/** Of all names with the suffix, those of target groups may be the shortest. */
function lengthViolation(environment: unknown, environmentSuffix: unknown): Violations {
  return isResolvedString(environment) && isResolvedString(environmentSuffix)
    ? nameLengthViolation({ environmentName: environment, environmentSuffix }, { targetGroup: 'tg-green' })
    : undefined;
}
