import { aws_lambda as lambda, aws_secretsmanager as secretsmanager, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { durationProblem, environmentSuffixProblem, textMatching } from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { lengthProblem, nameOf, takenNameProblem } from '../private/names';

/** Properties of `RegistryCredentials`. */
export interface RegistryCredentialsProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The secret is called `registry-credentials-<suffix>`.
   */
  readonly environmentSuffix: string;

  /**
   * The host of the registry that the build logs in to.
   *
   * @default "docker.io"
   */
  readonly registry?: string;

  /**
   * The function that rotates the credentials.
   *
   * Secrets Manager calls it four times for each rotation with `{ SecretId, ClientRequestToken, Step }`, where `Step` is
   * in turn `createSecret` (make new credentials and put them as version `AWSPENDING` under the token), `setSecret` (make the
   * registry accept them), `testSecret` (log in with them) and `finishSecret` (move the label `AWSCURRENT` to them). It must
   * keep the keys `registry`, `username` and `password`, and must leave a secret whose `username` is `REPLACE_ME` as it is.
   * It gets leave to read and write this one secret.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html
   * @default - a person puts new credentials in
   */
  readonly rotationFunction?: lambda.IFunction;

  /**
   * How often the credentials are rotated, from 1 to 1000 days; only with a `rotationFunction`.
   *
   * @default Duration.days(30)
   */
  readonly rotationInterval?: Duration;
}

/**
 * The Secrets Manager entry with which the build logs in to a registry other than ECR.
 *
 * It is made with the user name `REPLACE_ME` and a random password, so no credential is ever in the code or in the
 * template. A person puts the real ones in, under the same keys, and the next build logs in with them:
 *
 * `aws secretsmanager put-secret-value --secret-id registry-credentials-dev --secret-string file://credentials.json`
 *
 * Later deployments leave the value alone. Rotation does not run when it is switched on, only after its first interval,
 * because there is nothing to rotate before real credentials are in. The secret is deleted with the stack at once,
 * without the recovery window of a deletion by hand.
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
  /** @internal */
  public static _problems(props: RegistryCredentialsProps): Problem[] {
    return [
      environmentSuffixProblem(props?.environmentSuffix),
      lengthProblem(props ?? {}, { secret: 'registry-credentials' }),
      props?.registry === undefined ? undefined : textMatching('BGP084', 'registry', props.registry, /^[a-z0-9.-]+(:\d+)?$/,
        'the host of a registry without "https://" or a path', 'ghcr.io'),
      durationProblem('BGP085', 'rotationInterval', props?.rotationInterval, Duration.days(1), Duration.days(1000), 'days'),
      props?.rotationInterval !== undefined && props.rotationFunction === undefined
        ? "'rotationInterval' must come with 'rotationFunction': without a function nothing is rotated; add the function or remove the interval"
        : undefined,
    ];
  }

  /** The secret; its value is an object with the keys `registry`, `username` and `password`. */
  public readonly secret: secretsmanager.Secret;

  constructor(scope: Construct, id: string, props: RegistryCredentialsProps) {
    refuse(scope, id, 'RegistryCredentials', RegistryCredentials._problems(props));
    refuse(scope, id, 'RegistryCredentials', [takenNameProblem(scope, 'registry-credentials', props)]);
    super(scope, id);

    this.secret = new secretsmanager.Secret(this, 'Resource', {
      secretName: nameOf(this, 'registry-credentials', props),
      description: 'Registry login of the build: replace username and password, keep the keys',
      // CloudFormation writes a new value only when these lines change, so they must stay as they are.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ registry: props.registry ?? 'docker.io', username: 'REPLACE_ME' }),
        generateStringKey: 'password',
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (props.rotationFunction) {
      this.secret.addRotationSchedule('Rotation', {
        rotationLambda: props.rotationFunction,
        automaticallyAfter: props.rotationInterval ?? Duration.days(30),
        rotateImmediatelyOnUpdate: false,
      });
    }
  }
}
