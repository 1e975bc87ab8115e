import {
  aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_sns as sns, Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  durationProblem, emailsProblems, environmentNameProblem, environmentSuffixProblem, homeProblem, known, optional, placeProblem, propsProblems,
  resourcesProblems, stageProblem, takenStageProblem, textProblem, tokenProblem,
} from '../private/checks';
import { broken, Problem, refuse, warn, withdraw } from '../private/errors';
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
   * Without any the gate adds no permission, and whoever may already do so in the account can answer. Roles of another
   * account cannot be given a permission from here, and are refused.
   *
   * @default - no role gets a permission
   */
  readonly approverRoles?: iam.IRole[];

  /**
   * What is asked, from 1 to 1000 characters; may hold pipeline variables such as `#{Source.CommitId}`.
   *
   * @default - a sentence that names the environment
   */
  readonly message?: string;

  /**
   * How long the pipeline waits for an answer before the approval fails, from 5 minutes to 60 days in whole minutes.
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
  public static _problems(scope: Construct, props: ApprovalGateProps): Problem[] {
    return propsProblems(props, (given) => [
      environmentSuffixProblem(given.environmentSuffix),
      environmentNameProblem('environmentName', given.environmentName),
      lengthProblem(given, { role: 'role-approval' }),
      ...emailsProblems('approverEmails', given.approverEmails),
      ...ApprovalGate._rolesProblems(scope, 'approverRoles', given.approverRoles),
      optional(given.message, messageProblem),
      timeoutProblem(given.timeout),
    ]);
  }

  /** @internal */
  public static _rolesProblems(scope: Construct, prop: string, roles: unknown): Problem[] {
    return resourcesProblems(prop, roles, 'roleArn', 'an iam.IRole', "iam.Role.fromRoleName(this, 'Leads', 'leads')",
      (at, role) => homeProblem('BGP087', at, role, scope, ['account']));
  }

  /** What the approvers subscribe to. */
  public readonly topic: sns.Topic;

  /** The name of the stage that `addToPipeline` adds, `Approve<Environment>`. */
  public readonly stageName: string;

  private readonly props: ApprovalGateProps;

  constructor(scope: Construct, id: string, props: ApprovalGateProps) {
    refuse(scope, id, 'ApprovalGate', [
      placeProblem(scope, id), ...ApprovalGate._problems(scope, props), takenNameProblem(scope, 'topic-approval', props),
    ]);
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
    // The topic alone is of use to somebody who asks for approvals in another way.
    warn(this, 'ApprovalGate.alone', 'BGP089', `nobody is asked before ${props.environmentName}: call 'addToPipeline' before the stage that deploys`);
  }

  /**
   * Adds the gate's stage to a pipeline, after the stages it already has.
   *
   * @param pipeline the pipeline
   */
  public addToPipeline(pipeline: codepipeline.Pipeline): codepipeline.IStage {
    refuse(this, '', 'ApprovalGate', [stageProblem(this, 'Role', pipeline) ?? takenStageProblem(pipeline, this.stageName)]);
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
    withdraw(this, 'ApprovalGate.alone', 'A pipeline has it.');
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

/** What is asked goes into the configuration of the action. */
function messageProblem(message: unknown): Problem {
  return textProblem('message', message, 'Approve the release?')
    ?? (known(message) && message.length > 1000
      ? broken('BGP081', 'message', 'must be at most 1000 characters', String(message.length), 'shorten it')
      : undefined);
}

/** The CDK compares it with its bounds, so it must know the value. */
function timeoutProblem(timeout: unknown): Problem {
  return tokenProblem('timeout', timeout, 'known at synthesis', 'write it out, for example Duration.days(7)')
    ?? durationProblem('BGP080', 'timeout', timeout, Duration.minutes(5), Duration.days(60));
}
