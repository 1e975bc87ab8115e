import { aws_lambda as lambda, Duration } from 'aws-cdk-lib';

/** Properties of `RegistryCredentials`. */
export interface RegistryCredentialsProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * The secret is called `registry-credentials-<suffix>`.
   */
  readonly environmentSuffix: string;

  /**
   * Host of the registry that the credentials are for, in lower case and with a port if need be; no
   * `https://`, no path. It stands in the description of the secret and not in its value, so a
   * change keeps the credentials. Pass it to `RegistryLogin.fromSecret`, too.
   *
   * @default "docker.io"
   */
  readonly registry?: string;

  /**
   * The function that rotates the credentials.
   *
   * Secrets Manager calls it four times for each rotation with `{ SecretId, ClientRequestToken,
   * Step }`, where `Step` is in turn `createSecret` (make new credentials and put them as version
   * `AWSPENDING` under the token), `setSecret` (make the registry accept them), `testSecret` (log
   * in with them) and `finishSecret` (move the label `AWSCURRENT` to them). It must keep the keys
   * `username` and `password`, and must leave a secret whose `username` is `REPLACE_ME`
   * as it is. It is granted read and write access to this one secret. It is in the region of the stack.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-lambda-function-customizing.html
   * @default - a person puts new credentials in
   */
  readonly rotationFunction?: lambda.IFunction;

  /**
   * How often the credentials are rotated, from 4 hours to 1000 days in whole hours; only with a
   * `rotationFunction`.
   *
   * @default Duration.days(30)
   */
  readonly rotationInterval?: Duration;
}
