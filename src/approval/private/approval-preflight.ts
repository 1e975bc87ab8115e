import { aws_codepipeline as codepipeline, aws_sns as sns, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { renderPipeline } from '../../private/rendered-pipeline';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';

export interface ApprovalPreflight {
  readonly pipeline: codepipeline.Pipeline;
  readonly stageName: string;
  readonly topic: sns.Topic;
}

/** Warns at synthesis if an override removes the topic from its approval. */
export function warnOfLostTopic(scope: Construct, { pipeline, stageName, topic }: ApprovalPreflight): void {
  checkAtSynthesis(scope, () => {
    const arn = JSON.stringify(Stack.of(topic).resolve(topic.topicArn));
    const stage = renderPipeline(pipeline).actions.filter((action) => action.stageName === stageName);
    if (!stage.some(({ configuration }) => JSON.stringify(configuration.NotificationArn) === arn)) {
      warn(scope, 'ApprovalGate.lostTopic', 'BGP192', `${formatValue(stageName)} does not publish to `
        + `${formatValue(topic.node.path)}, so the approvers receive no request: remove the override of the stage`);
    }
  });
}
