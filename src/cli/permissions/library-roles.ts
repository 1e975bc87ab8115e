import { Resource } from '../template';

/** The library names all its roles and their policies by one rule, and describes each role. */
export function isFromLibrary(role: Resource): boolean {
  const name = role.at('RoleName').text;
  return /^role-[a-z0-9]+-/.test(name)
    && name.endsWith(`-${role.template.region}`)
    && role.at('Description').exists
    && role.at('Policies').items.every((policy) => policy.at('PolicyName').text.startsWith('policy-'));
}
