import { Subject, throwIfInvalid } from '../../private/errors';
import { formatValue } from '../../private/validation';
import { violation } from '../../private/violations';

/** Returns the member of an environment; an unknown name throws an error that lists the valid names. */
export function memberOf<T>(members: { [environmentName: string]: T }, environmentName: string, subject: Subject): T {
  throwIfInvalid(subject, Object.hasOwn(members, environmentName) ? undefined : violation({
    code: 'BGP153',
    prop: 'environmentName',
    rule: 'must be the name of an environment of this pipeline',
    got: formatValue(environmentName),
    remedy: `use one of ${Object.keys(members).map(formatValue).join(', ')}`,
  }));
  return members[environmentName];
}
