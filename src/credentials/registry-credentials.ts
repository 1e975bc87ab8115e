import { aws_secretsmanager as secretsmanager, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DEFAULT_REGISTRY, DEFAULT_ROTATION_INTERVAL } from './defaults';
import { propsChecks, violations } from './registry-credentials-checks';
import { RegistryCredentialsProps } from './registry-credentials-props';
import { acknowledge } from '../private/acknowledged';
import { throwIfInvalid } from '../private/errors';
import { Names } from '../private/names';
import { warnOfUnknownKeys } from '../private/structs';

/**
 * A Secrets Manager secret with which a build logs in to a container registry other than ECR.
 *
 * The secret is created with the user name `REPLACE_ME` and a random password, so the code and the template
 * contain no credentials. Replace both values under the same keys, and the next build logs in with them:
 *
 * `aws secretsmanager put-secret-value --secret-id registry-credentials-dev --secret-string file://credentials.json`
 *
 * The value is `{"username": "…", "password": "…"}`; further keys are ignored, and the user name must not contain
 * quotes, backslashes or braces. Later deployments do not change the value, even if they change `registry`. The first
 * rotation runs after one interval, not when rotation is enabled, because there is nothing to rotate before you store
 * real credentials. The secret is deleted with the stack immediately, without a recovery window.
 *
 * @example
 *
 * declare const rotation: lambda.Function;
 *
 * new RegistryCredentials(this, 'Registry', {
 *   environmentSuffix: 'dev',
 *   rotationFunction: rotation,
 *   rotationInterval: Duration.days(60),
 * });
 */
export class RegistryCredentials extends Construct {
  /** Secret whose value is a JSON object with the keys `username` and `password`. */
  public readonly secret: secretsmanager.Secret;

  constructor(scope: Construct, id: string, props: RegistryCredentialsProps) {
    throwIfInvalid({ type: 'RegistryCredentials', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this));

    this.secret = new secretsmanager.Secret(this, 'Resource', {
      secretName: new Names(this, props).claim('registry-credentials'),
      description: `Login of the build to ${props.registry ?? DEFAULT_REGISTRY}: `
        + 'replace username and password, keep the keys',
      // CloudFormation writes a new value when this changes, so it must not contain a prop.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'REPLACE_ME' }),
        generateStringKey: 'password',
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (props.rotationFunction) {
      this.secret.addRotationSchedule('Rotation', {
        rotationLambda: props.rotationFunction,
        automaticallyAfter: props.rotationInterval ?? DEFAULT_ROTATION_INTERVAL,
        rotateImmediatelyOnUpdate: false,
      });
    } else {
      acknowledge(this.secret, 'SMG4', 'Only you know how your registry creates new credentials: '
        + "pass a function that does this as 'rotationFunction'.");
    }
  }
}
