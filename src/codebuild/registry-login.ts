import { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { DEFAULT_REGISTRY } from './defaults';
import { Login } from './private/login';
import { RegistryLoginOptions } from './registry-login-options';
import { throwIfInvalid } from '../private/errors';
import { registryHost } from '../private/shared-checks';
import { struct } from '../private/structs';
import { CDK, requiredCdkType } from '../private/types';

/**
 * The login of a build to a container registry other than ECR.
 *
 * @example
 *
 * declare const ghcrLogin: secretsmanager.ISecret;
 *
 * const build = BuildSteps.image({
 *   registryCredentials: RegistryLogin.fromSecret(ghcrLogin, { registry: 'ghcr.io' }),
 * });
 */
export class RegistryLogin {
  /**
   * Reads the user name and the password from a secret in Secrets Manager.
   *
   * The build logs in only if `username` is no longer the placeholder `REPLACE_ME`.
   *
   * @param secret the secret, whose value is a JSON object with the keys `username` and `password`, such as the
   * `secret` of `RegistryCredentials`
   * @param options the host of the registry, unless it is Docker Hub
   */
  public static fromSecret(secret: secretsmanager.ISecret, options: RegistryLoginOptions = {}): RegistryLogin {
    throwIfInvalid({ type: 'RegistryLogin.fromSecret' }, [
      requiredCdkType(CDK.secret)('secret', secret),
      optionsViolations('options', options),
    ]);
    return new RegistryLogin({ secret, registry: options.registry ?? DEFAULT_REGISTRY });
  }

  private constructor(private readonly login: Login) {}

  /** @internal */
  public _bind(): Login {
    return this.login;
  }
}

const optionsViolations = struct<RegistryLoginOptions>({
  example: '{ registry: "ghcr.io" }',
  fields: { registry: registryHost },
});
