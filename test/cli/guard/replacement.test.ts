import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { replaces } from '../../../src/cli/guard/differences';

test('the table of replacements is that of the CloudFormation specification', () => {
  const wrong = [...loadAwsServiceSpecSync().all('resource')].flatMap(({ cloudFormationType, properties }) =>
    Object.entries(properties).filter(([name, { causesReplacement }]) => replaces(cloudFormationType, name) !== (causesReplacement === 'yes'))
      .map(([name]) => `${cloudFormationType}.${name}`));

  expect(wrong).toEqual([]);
});
