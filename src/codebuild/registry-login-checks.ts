import { RegistryLogin } from './registry-login';
import { instanceOf } from '../private/types';
import { Check, optional, passes, wrongType } from '../private/validation';

const EXAMPLE = 'RegistryLogin.fromSecret(secret)';

/** An optional login to a registry. A value of another type may be secret. */
export const registryLogin: Check = optional((prop: string, value: unknown) => (
  passes(instanceOf(RegistryLogin, EXAMPLE), value)
    ? undefined
    : wrongType({ prop, type: 'a RegistryLogin', value, example: EXAMPLE, secret: true })));
