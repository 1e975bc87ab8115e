import { aws_sns as sns } from 'aws-cdk-lib';
import { warn } from './errors';
import { renderedProperties } from './rendered-properties';
import { checkAtSynthesis } from './synthesis-check';
import { tlsViolation } from './tls-only';
import { formatValue } from './validation';
import { violation, Violations } from './violations';

/** Checks at synthesis that a topic still denies messages without TLS, and that its publishers may publish. */
export function addTopicPreflight(topic: sns.Topic): void {
  checkAtSynthesis(topic, () => {
    const policy = topic.node.findAll().find((construct) => construct instanceof sns.CfnTopicPolicy);
    const { KmsMasterKeyId: key } = renderedProperties(topic.node.defaultChild);
    if (key !== undefined && !isManagedByAws(key)) {
      warn(topic, 'Topic.key', 'BGP171', `${formatValue(topic.node.path)} is encrypted with a KMS key, so its `
        + 'messages are lost unless the key policy grants kms:Decrypt and kms:GenerateDataKey* to the publishers of '
        + 'the topic: remove the override, or change the key policy');
    }
    return [
      tlsViolation({ prop: 'topic', action: 'sns:Publish', resources: [topic.topicArn], policy }),
      managedKeyViolation(key),
    ];
  });
}

/**
 * EventBridge, CloudWatch and the roles of approvals publish. The policy of an AWS managed key cannot be changed to
 * allow them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
function managedKeyViolation(key: unknown): Violations {
  return !isManagedByAws(key) ? undefined : violation({
    code: 'BGP170',
    prop: 'topic',
    rule: 'must not be encrypted with the AWS managed key: AWS services cannot use that key to publish',
    got: formatValue(key),
    remedy: 'remove the override, or use a customer managed key',
  });
}

/** Returns true if a key is named by its alias, by the ARN of the alias, or by a function that returns that ARN. */
function isManagedByAws(key: unknown): boolean {
  return JSON.stringify(key)?.includes('alias/aws/sns') ?? false;
}
