import { App } from 'aws-cdk-lib';
import { StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { FINDINGS, guardFindings, knownFindings } from '../helpers/guard';
import { CONNECTION_ARN, templateOf } from '../helpers/synthesis';

test('the AWS Guard rules find nothing in examples/us-east-1 except findings with a reason', () => {
  const app = new App({ treeMetadata: false, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new StorefrontStack(app, {
    connectionArn: CONNECTION_ARN, repository: 'acme/storefront', notificationEmail: 'team@example.com', environmentSuffix: 'dev',
  });

  expect(guardFindings(templateOf(stack))).toEqual(knownFindings());
}, 120_000);

test('the reason of each remaining finding is a sentence', () => {
  expect(Object.values(FINDINGS).map(({ why }) => why).filter((why) => !/^[A-Z`].{30,}\.$/s.test(why))).toEqual([]);
});
