import { writeFileSync } from 'fs';
import { join } from 'path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** Writes the properties that replace a resource, by type: what the specification of CloudFormation says of each. */
const types = [...loadAwsServiceSpecSync().all('resource')].map(({ cloudFormationType, properties }) => {
  const replacing = Object.entries(properties).filter(([, { causesReplacement }]) => causesReplacement === 'yes').map(([name]) => name);
  return [cloudFormationType, replacing.sort()] as const;
});
const rows = types.filter(([, properties]) => properties.length > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, properties]) => `${JSON.stringify(type)}: ${JSON.stringify(properties)}`);
writeFileSync(join(__dirname, '..', 'src', 'cli', 'guard', 'replacement.json'), `{\n${rows.join(',\n')}\n}\n`);
