import {
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_sns as sns, Duration, Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { durationProblem, emailsProblems, environmentNameProblem, environmentSuffixProblem, stageProblem, textProblem } from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { mailTopic } from '../private/mail-topic';
import { lengthProblem, nameOf, stageName, takenNameProblem } from '../private/names';
import { ScopedRole } from '../private/scoped-role';

/** Properties of an `ApprovalGate`. */
export interface ApprovalGateProps {
  /** The end of every physical name, which keeps several applications in one account apart. */
  readonly environmentSuffix: string;

  /** The environment that the gate stands before; lower-case letters and digits. */
  readonly environmentName: string;

  /**
   * Who is asked, by e-mail.
   *
   * Each address first gets a message from SNS that it must confirm; until then it gets no requests.
   */
  readonly approverEmails: string[];

  /**
   * The roles that may answer this gate, and no other: they can read the pipeline's state and approve or reject here.
   *
   * Without any the gate adds no permission, and whoever may already do so in the account can answer.
   *
   * @default - no role gets a permission
   */
  readonly approverRoles?: iam.IRole[];

  /**
   * What is asked, at most 1000 characters; may hold pipeline variables such as `#{Source.CommitId}`.
   *
   * @default - a sentence that names the environment
   */
  readonly message?: string;

  /**
   * How long the pipeline waits for an answer before the approval fails, from 5 minutes to 60 days.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;
}

/**
 * A person's approval before an environment, in a stage of its own.
 *
 * When an execution reaches the gate, SNS mails everybody who confirmed their subscription; the message says what is
 * asked and links to the pipeline's console, where the answer is given. A rejection, or no answer in time, ends the execution.
 * The stage is named `Approve<Environment>`.
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
  /** @internal */
  public static _problems(props: ApprovalGateProps): Problem[] {
    return [
      environmentSuffixProblem(props?.environmentSuffix),
      environmentNameProblem('environmentName', props?.environmentName),
      lengthProblem(props ?? {}, { role: 'role-approval' }),
      ...emailsProblems('approverEmails', props?.approverEmails),
      durationProblem('BGP080', 'timeout', props?.timeout, Duration.minutes(5), Duration.days(60)),
      props?.message === undefined ? undefined : messageProblem(props.message),
    ];
  }

  /** What the approvers subscribe to. */
  public readonly topic: sns.Topic;

  /** The name of the stage that `addToPipeline` adds, `Approve<Environment>`. */
  public readonly stageName: string;

  private readonly props: ApprovalGateProps;

  constructor(scope: Construct, id: string, props: ApprovalGateProps) {
    refuse(scope, id, 'ApprovalGate', ApprovalGate._problems(props));
    refuse(scope, id, 'ApprovalGate', [takenNameProblem(scope, 'topic-approval', props)]);
    super(scope, id);

    this.props = props;
    this.stageName = stageName('Approve', props.environmentName);
    this.topic = mailTopic(this, 'Topic', {
      environmentName: props.environmentName,
      environmentSuffix: props.environmentSuffix,
      type: 'topic-approval',
      displayName: `Approvals for ${props.environmentName}`,
      emails: props.approverEmails,
    });
  }

  /**
   * Adds the gate's stage to a pipeline, after the stages it already has.
   *
   * @param pipeline the pipeline
   */
  public addToPipeline(pipeline: codepipeline.Pipeline): codepipeline.IStage {
    refuse(this, '', 'ApprovalGate', [stageProblem(this, 'Role', pipeline)]);
    const { environmentName, environmentSuffix } = this.props;
    const role = new ScopedRole(this, 'Role', {
      environmentName,
      environmentSuffix,
      purpose: 'approval',
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: `Asks for the approval of ${environmentName}`,
    });
    role.allow(['sns:Publish'], [this.topic.topicArn]);

    const action = new actions.ManualApprovalAction({
      actionName: 'Approve',
      notificationTopic: this.topic,
      additionalInformation: this.props.message ?? `Approve the deployment to ${environmentName}?`,
      timeout: this.props.timeout ?? Duration.days(7),
      role,
    });
    const stage = role.whileClosed(() => pipeline.addStage({ stageName: this.stageName, actions: [action] }));
    if (this.props.approverRoles && this.props.approverRoles.length > 0) {
      this.allowToApprove(this.props.approverRoles, pipeline);
    }
    return stage;
  }

  /** A policy of its own reaches imported roles, too: a grant on one that is not mutable would be dropped without a word. */
  private allowToApprove(roles: iam.IRole[], pipeline: codepipeline.Pipeline): void {
    new iam.Policy(this, 'Approvers', {
      policyName: nameOf(this, 'policy-approvers', this.props),
      roles,
      statements: [
        new iam.PolicyStatement({
          actions: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
          resources: [pipeline.pipelineArn],
        }),
        new iam.PolicyStatement({
          actions: ['codepipeline:PutApprovalResult'],
          resources: [`${pipeline.pipelineArn}/${this.stageName}/Approve`],
        }),
      ],
    });
  }
}

function messageProblem(message: unknown): Problem {
  return textProblem('message', message, 'Approve the release?')
    ?? (typeof message === 'string' && !Token.isUnresolved(message) && message.length > 1000
      ? `'message' must be at most 1000 characters, got ${message.length}; shorten it`
      : undefined);
}
