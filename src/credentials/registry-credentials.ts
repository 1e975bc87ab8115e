import { aws_lambda as lambda, aws_secretsmanager as secretsmanager, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../private/acknowledged';
import {
  durationProblem, environmentSuffixProblem, homeProblem, known, optional, placeProblem, propsProblems, resourceProblem, shown, textProblem,
  tokenProblem,
} from '../private/checks';
import { broken, Problem, refuse } from '../private/errors';
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
   * The host of the registry that the build logs in to, in lower case and with a port if need be; no `https://`, no path.
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
   * It gets leave to read and write this one secret. It is in the region of the stack.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html
   * @default - a person puts new credentials in
   */
  readonly rotationFunction?: lambda.IFunction;

  /**
   * How often the credentials are rotated, from 4 hours to 1000 days in whole hours; only with a `rotationFunction`.
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
  public static _problems(scope: Construct, props: RegistryCredentialsProps): Problem[] {
    return propsProblems(props, (given) => [
      environmentSuffixProblem(given.environmentSuffix),
      lengthProblem(given, { secret: 'registry-credentials' }),
      optional(given.registry, registryProblem),
      resourceProblem('rotationFunction', given.rotationFunction, 'functionArn', 'a lambda.IFunction', "lambda.Function.fromFunctionName(this, 'Rotation', 'rotate')")
        ?? homeProblem('BGP087', 'rotationFunction', given.rotationFunction, scope, ['region']),
      intervalProblem(given),
    ]);
  }

  /** The secret; its value is an object with the keys `registry`, `username` and `password`. */
  public readonly secret: secretsmanager.Secret;

  constructor(scope: Construct, id: string, props: RegistryCredentialsProps) {
    refuse(scope, id, 'RegistryCredentials', [
      placeProblem(scope, id), ...RegistryCredentials._problems(scope, props), takenNameProblem(scope, 'registry-credentials', props),
    ]);
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
    } else {
      acknowledge(this.secret, 'SMG4', "Only you know how your registry makes new credentials: give the function that does it as 'rotationFunction'.");
    }
  }
}

/** Labels of at most 63 characters, as in a host name. */
const HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

function registryProblem(registry: unknown): Problem {
  const wrong = textProblem('registry', registry, 'ghcr.io');
  if (wrong || !known(registry)) {
    return wrong;
  }
  const [host, ...ports] = registry.split(':');
  return HOST.test(host) && host.length <= 253 && ports.length <= 1 && ports.every(isPort) ? undefined
    : broken('BGP084', 'registry', 'must be the host of a registry in lower case, with a port from 1 to 65535 if need be, without "https://" or a path',
      shown(registry), 'for example "ghcr.io"');
}

function isPort(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= 65535;
}

function intervalProblem({ rotationFunction, rotationInterval }: RegistryCredentialsProps): Problem {
  // The CDK writes it as hours or days, whichever is shorter, so it must know the value.
  return tokenProblem('rotationInterval', rotationInterval, 'known at synthesis', 'write it out, for example Duration.days(30)')
    ?? durationProblem('BGP085', 'rotationInterval', rotationInterval, Duration.hours(4), Duration.days(1000), 'hours')
    ?? (rotationInterval !== undefined && rotationFunction === undefined
      ? broken('BGP083', 'rotationInterval', "must come with 'rotationFunction': without a function nothing is rotated", undefined, 'add the function or remove the interval')
      : undefined);
}
