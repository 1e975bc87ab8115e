import { aws_codepipeline as codepipeline, aws_events as events, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';
import { DashboardDeployment } from '../dashboard-deployment';

/** The rules that count the deployments to an environment. */
export interface DeploymentCounts {
  readonly environmentName: string;
  readonly succeeded: events.Rule;
  readonly failed: events.Rule;
}

export interface ActionCounterOptions {
  readonly scope: Construct;
  readonly pipeline: codepipeline.IPipeline;
  readonly environmentSuffix: string;
  /** Receives a message for each action, because a rule needs a target. */
  readonly topic: sns.ITopic;
}

/** Counts actions of a pipeline: CloudWatch keeps the number of matches of a rule. */
export class ActionCounter {
  constructor(private readonly options: ActionCounterOptions) {}

  public countDeployments({ environmentName, stageName }: DashboardDeployment): DeploymentCounts {
    const { scope, environmentSuffix } = this.options;
    const names = new Names(scope, { environmentName, environmentSuffix });
    const prefix = environmentName[0].toUpperCase() + environmentName.slice(1);
    const stage = { stage: [stageName], type: { category: ['Deploy'] } };
    const [succeeded, failed] = [names.claim('rule-deploy-succeeded'), names.claim('rule-deploy-failed')];
    return {
      environmentName,
      succeeded: this.createRule(`${prefix}Succeeded`, succeeded, { ...stage, state: ['SUCCEEDED'] }),
      failed: this.createRule(`${prefix}Failed`, failed, { ...stage, state: ['FAILED'] }),
    };
  }

  public countRejectedApprovals(): events.Rule {
    const { scope, environmentSuffix } = this.options;
    const ruleName = new Names(scope, { environmentSuffix }).claim('rule-approval-rejected');
    return this.createRule('ApprovalRejected', ruleName, { type: { category: ['Approval'] }, state: ['FAILED'] });
  }

  private createRule(id: string, ruleName: string, detail: { readonly [field: string]: unknown }): events.Rule {
    const { scope, pipeline, topic } = this.options;
    const rule = new events.Rule(scope, id, {
      ruleName,
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { pipeline: [pipeline.pipelineName], ...detail },
      },
    });
    // CDK's own SNS target would add its statement to the policy of the topic once more for each rule.
    rule.addTarget({ bind: () => ({ arn: topic.topicArn }) });
    return rule;
  }
}
