import { aws_lambda as lambda, Duration } from 'aws-cdk-lib';

/** Properties of `RegistryCredentials`. */
export interface RegistryCredentialsProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen. The secret is named
   * `registry-credentials-<suffix>`.
   */
  readonly environmentSuffix: string;

  /**
   * Host name of the registry in lower case, with the port unless it is 443, without `https://` or a path.
   *
   * It appears in the description of the secret, not in its value, so changing it keeps the credentials. Pass it to
   * `RegistryLogin.fromSecret` as well.
   *
   * @default "docker.io"
   */
  readonly registry?: string;

  /**
   * Lambda function that rotates the credentials. It must be in the stack's region.
   *
   * Secrets Manager invokes it four times per rotation with `{ SecretId, ClientRequestToken, Step }`. `Step` is first
   * `createSecret` (create new credentials and store them as version `AWSPENDING` under the token), then `setSecret`
   * (make the registry accept them), `testSecret` (log in with them) and `finishSecret` (move the label `AWSCURRENT` to
   * them). The function must keep the keys `username` and `password`, and must not change a secret whose `username` is
   * `REPLACE_ME`. It is granted read and write access to this secret only.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html
   * @default - you replace the credentials manually
   */
  readonly rotationFunction?: lambda.IFunction;

  /**
   * Time between two rotations, in whole hours, from 4 hours to 1000 days. Requires a `rotationFunction`.
   *
   * @default Duration.days(30)
   */
  readonly rotationInterval?: Duration;
}
