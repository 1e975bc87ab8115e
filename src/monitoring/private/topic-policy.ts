import { ArnFormat, aws_iam as iam, aws_sns as sns, Stack } from 'aws-cdk-lib';

/**
 * Allows EventBridge to publish. The statement has no condition, because EventBridge does not support conditions in
 * the policy of a topic: one on `aws:SourceArn` would reject every message.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function allowRulesToPublish(topic: sns.Topic): void {
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'EventBridgeRules',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
  }));
}

/**
 * Allows the alarms of the account and region to publish. The ARN names both, so that no further key is demanded.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 */
export function allowAlarmsToPublish(topic: sns.Topic): void {
  const stack = Stack.of(topic);
  const alarms = stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AlarmsOfThisAccount',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { ArnLike: { 'aws:SourceArn': alarms } },
  }));
}
