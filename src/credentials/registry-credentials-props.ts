import { aws_lambda as lambda, Duration } from 'aws-cdk-lib';

/** Properties of `RegistryCredentials`. */
export interface RegistryCredentialsProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account. The secret is called
   * `registry-credentials-<suffix>`.
   */
  readonly environmentSuffix: string;

  /**
   * Host of the registry, in lower case, with a port if it is not 443, and without `https://` or a path.
   *
   * It appears in the description of the secret and not in its value, so a change keeps the credentials.
   * Pass it to `RegistryLogin.fromSecret` as well.
   *
   * @default "docker.io"
   */
  readonly registry?: string;

  /**
   * Function that rotates the credentials. It must be in the stack's region.
   *
   * Secrets Manager calls it four times for each rotation with `{ SecretId, ClientRequestToken, Step }`.
   * `Step` is first `createSecret` (create new credentials and store them as version `AWSPENDING` under the
   * token), then `setSecret` (make the registry accept them), `testSecret` (log in with them) and
   * `finishSecret` (move the label `AWSCURRENT` to them). The function must keep the keys `username` and
   * `password`, and must not change a secret whose `username` is `REPLACE_ME`. It is granted read and write
   * access to this secret only.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html
   * @default - you replace the credentials manually
   */
  readonly rotationFunction?: lambda.IFunction;

  /**
   * Time between two rotations, from 4 hours to 1000 days in whole hours. Requires a `rotationFunction`.
   *
   * @default Duration.days(30)
   */
  readonly rotationInterval?: Duration;
}
