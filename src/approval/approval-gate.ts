import {
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_sns as sns,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { propsChecks, violations } from './approval-gate-checks';
import { ApprovalGateProps } from './approval-gate-props';
import { DEFAULT_TIMEOUT, defaultMessage } from './defaults';
import { warnOfLostTopic } from './private/approval-preflight';
import { approverStatements, statementsFor } from './private/approver-roles';
import { warnOfArtifactExpiration } from './private/artifact-expiration';
import { clearWarning, throwIfInvalid, warn } from '../private/errors';
import { mailTopic } from '../private/mail-topic';
import { Names, stageName } from '../private/names';
import { stageViolations } from '../private/placement';
import { ScopedRole } from '../private/scoped-role';
import { warnOfUnknownKeys } from '../private/structs';
import { isImmutable, warnOfImmutablePipelineRole } from '../private/user-roles';
import { formatValue } from '../private/validation';

const UNUSED_WARNING = 'ApprovalGate.alone';

/**
 * A manual approval before an environment, in its own stage.
 *
 * When an execution reaches the gate, SNS sends an e-mail to every confirmed subscriber. The message contains the
 * question and a link to the pipeline in the console, where an approver approves or rejects. A rejection or the
 * `timeout` ends the execution. The stage is named `Approve<Environment>`.
 *
 * An execution that waits for approval locks the stage: a newer execution, even one with a fix, waits before the gate
 * until the approval, the rejection or the `timeout`. If several executions wait, only the newest continues. Reject the
 * old request to let the fix through. Earlier environments do not wait: the release in staging can be newer than the
 * one that you approve. See https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
 * @example
 *
 * declare const pipeline: codepipeline.Pipeline;
 * declare const leads: iam.Role;
 *
 * const gate = new ApprovalGate(this, 'Gate', {
 *   environmentSuffix: 'dev',
 *   environmentName: 'production',
 *   approverEmails: ['leads@example.com'],
 *   approverRoles: [leads],
 * });
 * gate.addToPipeline(pipeline);
 */
export class ApprovalGate extends Construct {
  /** SNS topic that sends the approval requests to the approvers. */
  public readonly topic: sns.Topic;

  /** Name of the stage that `addToPipeline` adds, `Approve<Environment>`. */
  public readonly stageName: string;

  private readonly names: Names;
  private readonly props: ApprovalGateProps;

  constructor(scope: Construct, id: string, props: ApprovalGateProps) {
    throwIfInvalid({ type: 'ApprovalGate', scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this));

    this.props = props;
    this.names = new Names(this, props);
    this.stageName = stageName('Approve', props.environmentName);
    this.topic = mailTopic(this, 'Topic', {
      names: this.names,
      type: 'topic-approval',
      displayName: `Approvals for ${props.environmentName}`,
      emails: props.approverEmails,
    });
    // A warning, because an app may use the topic alone and request approvals in another way.
    warn(this, UNUSED_WARNING, 'BGP089',
      `no approval precedes ${props.environmentName}: call 'addToPipeline' before you add the deployment stage`);
  }

  /**
   * Adds the stage of the gate to a pipeline, after the existing stages.
   *
   * @param pipeline the pipeline that the stage is added to
   */
  public addToPipeline(pipeline: codepipeline.Pipeline): codepipeline.IStage {
    throwIfInvalid({ type: 'ApprovalGate', scope: this }, stageViolations({
      construct: this, child: 'Role', pipeline, stageName: this.stageName,
    }));
    const role = this.createRole(pipeline);
    const action = new actions.ManualApprovalAction({
      actionName: 'Approve',
      notificationTopic: this.topic,
      additionalInformation: this.props.message ?? defaultMessage(this.props.environmentName),
      timeout: this.props.timeout ?? DEFAULT_TIMEOUT,
      role,
    });
    const stage = role.ignoringGrants(() => pipeline.addStage({ stageName: this.stageName, actions: [action] }));
    warnOfImmutablePipelineRole(this, 'ApprovalGate.immutablePipelineRole', pipeline.role, role);
    warnOfArtifactExpiration(this, pipeline, this.stageName);
    clearWarning(this, UNUSED_WARNING, 'The gate was added to a pipeline.');
    warnOfLostTopic(this, { pipeline, stageName: this.stageName, topic: this.topic });
    this.allowToApprove(this.props.approverRoles ?? [], pipeline);
    return stage;
  }

  private createRole(pipeline: codepipeline.Pipeline): ScopedRole {
    const role = new ScopedRole(this, 'Role', {
      names: this.names,
      purpose: 'approval',
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Requests the approval for ${this.props.environmentName}`,
    });
    role.allow(['sns:Publish'], [this.topic.topicArn]);
    return role;
  }

  /** Allows the roles to approve or reject at this gate, with a separate policy that also works for imported roles. */
  private allowToApprove(roles: iam.IRole[], pipeline: codepipeline.Pipeline): void {
    const mutable = roles.filter((role) => !isImmutable(role));
    for (const { node: { path } } of roles.filter(isImmutable)) {
      warn(this, 'ApprovalGate.immutableRole', 'BGP156', `${formatValue(path)} cannot approve or reject, because the `
        + 'role is immutable and the library cannot change its policies: add these statements to the role: '
        + statementsFor(pipeline, this.stageName));
    }
    if (mutable.length === 0) {
      return;
    }
    new iam.Policy(this, 'Approvers', {
      policyName: this.names.claim('policy-approvers'),
      roles: mutable,
      statements: approverStatements(pipeline.pipelineArn, this.stageName),
    });
  }
}
