import { aws_sns as sns, aws_sns_subscriptions as subscriptions } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from './names';
import { addTopicPreflight } from './topic-preflight';

export interface MailTopicProps {
  readonly names: Names;
  /** `topic-alerts`, … */
  readonly type: string;
  readonly displayName: string;
  readonly emails: readonly string[];
}

/**
 * Creates a topic that accepts messages over TLS only and sends them by e-mail.
 *
 * It has no encryption key on purpose: EventBridge and CloudWatch cannot publish to a topic with the AWS-managed
 * key `aws/sns`, and the library creates no keys.
 */
export function mailTopic(scope: Construct, id: string, props: MailTopicProps): sns.Topic {
  const topic = new sns.Topic(scope, id, {
    topicName: props.names.claim(props.type),
    displayName: props.displayName,
    enforceSSL: true,
  });
  props.emails.forEach((email) => topic.addSubscription(new subscriptions.EmailSubscription(email)));
  addTopicPreflight(topic);
  return topic;
}
