import { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Variables } from './variables';

/** The login to a registry: see `RegistryLogin`. */
export interface Login {
  readonly registry: string;
  /** The keys of its value are `username` and `password`. */
  readonly secret: secretsmanager.ISecret;
}

/** The variables that hold the login in a build. */
export function loginVariables(login: Login | undefined): Variables {
  if (login === undefined) {
    return { plain: {}, secret: [] };
  }
  const { registry, secret } = login;
  return {
    plain: { REGISTRY_SERVER: registry, REGISTRY_LOGIN_ARN: secret.secretArn },
    // CodeBuild masks the value of a secret variable wherever it occurs in a log; that is right for a
    // password only.
    secret: [{ name: 'REGISTRY_PASSWORD', secret, key: 'password' }],
  };
}
