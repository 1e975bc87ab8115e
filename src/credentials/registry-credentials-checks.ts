import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RegistryCredentialsProps } from './registry-credentials-props';
import { ClaimedName, nameLengthViolation, NameParts, takenNameViolations } from '../private/names';
import { placeViolations, sameEnvironment } from '../private/placement';
import { environmentSuffix, registryHost } from '../private/shared-checks';
import { propsViolations, StructOptions } from '../private/structs';
import { cdkType } from '../private/types';
import { all, duration, literal, optional } from '../private/validation';
import { violation, Violations } from '../private/violations';

const TYPE = 'registry-credentials';

/** The names that `RegistryCredentials` claims. */
export function claimedNames(parts: Partial<NameParts>): ClaimedName[] {
  return [{ type: TYPE, parts }];
}

/** Returns all violations of the props of `RegistryCredentials`. */
export function violations(scope: Construct, id: string, props: RegistryCredentialsProps): Violations {
  return [
    placeViolations(scope, id),
    propsViolations(props, propsChecks(scope)),
    takenNameViolations(scope, claimedNames(props)),
  ];
}

export function propsChecks(scope: Construct): StructOptions<RegistryCredentialsProps> {
  return {
    example: '{ environmentSuffix: "dev" }',
    fields: {
      environmentSuffix,
      registry: registryHost,
      rotationFunction: optional(cdkType({
        type: 'a lambda.IFunction',
        member: 'functionArn',
        example: "lambda.Function.fromFunctionName(this, 'Rotation', 'rotate')",
      }), sameEnvironment({ code: 'BGP087', scope, parts: ['region'] })),
      // The CDK writes it as hours or days, whichever is shorter, so it must know the value.
      rotationInterval: all(
        literal({ remedy: 'pass a literal value, for example Duration.days(30)' }),
        duration({ code: 'BGP085', min: Duration.hours(4), max: Duration.days(1000), unit: 'hours' }),
      ),
    },
    combination: (props, _, isSet) => [
      nameLengthViolation(props, { secret: TYPE }),
      props.rotationInterval === undefined || isSet('rotationFunction')
        ? undefined
        : intervalWithoutFunctionViolation(),
    ],
  };
}

function intervalWithoutFunctionViolation(): Violations {
  return violation({
    code: 'BGP083',
    prop: 'rotationInterval',
    rule: "must be set together with 'rotationFunction': without a function, the secret is not rotated",
    remedy: 'pass the function, or remove the interval',
  });
}
