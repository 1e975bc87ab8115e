import { aws_kms as kms, aws_sns as sns, CfnResource, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';
import { warningsOf } from '../helpers/warnings';

const KEY = 'arn:aws:kms:us-east-1:111111111111:key/0123';

const TOPICS: [string, (made: BlueGreenFargatePipeline) => sns.Topic][] = [
  ['alerts', ({ alarms }) => alarms.topic],
  ['approvals', (made) => made.approval('production').topic],
  ['deployments', ({ dashboard }) => dashboard.deploymentTopic],
];

/** The errors and warnings after a topic of a pipeline gets a key. */
function foundWith(topicOf: (made: BlueGreenFargatePipeline) => sns.Topic, key: (stack: Stack) => unknown): { refused: string[]; warned: string[] } {
  const stack = newStack();
  const made = pipelineIn(stack);
  (topicOf(made).node.defaultChild as CfnResource).addPropertyOverride('KmsMasterKeyId', key(stack));
  return { refused: made.node.findAll().flatMap(({ node }) => node.validate()), warned: warningsOf(stack) };
}

describe.each(TOPICS)('the topic of %s', (_, topicOf) => {
  test('the topic must not use the AWS managed key, which does not allow the services that publish', () => {
    for (const key of ['alias/aws/sns', 'arn:aws:kms:us-east-1:111111111111:alias/aws/sns', { 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sns' }]) {
      const { refused, warned } = foundWith(topicOf, () => key);

      expect(refused).toEqual([expect.stringMatching(/^'topic' must not be encrypted with the AWS managed key: AWS services cannot use that key to publish, got .*alias\/aws\/sns"\}?; remove the override, or use a customer managed key \[BGP170\] /)]);
      expect(warned).toEqual([]);
    }
  });

  test('the topic causes a warning with another key, whose policy is unknown', () => {
    for (const key of [() => KEY, () => ({ Ref: 'Key' }), (stack: Stack) => stack.resolve(new kms.Key(stack, 'Own').keyId)]) {
      const { refused, warned } = foundWith(topicOf, key);

      expect(refused).toEqual([]);
      expect(warned).toEqual([expect.stringContaining('is encrypted with a KMS key, so its messages are lost unless the key policy grants '
        + 'kms:Decrypt and kms:GenerateDataKey* to the publishers of the topic: remove the override, or change the key policy [BGP171]')]);
    }
  });

  test('the topic may have no key', () => {
    expect(foundWith(topicOf, () => undefined)).toEqual({ refused: [], warned: [] });
  });
});
