import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { json } from 'stream/consumers';
import { GetDeploymentCommandInput } from '@aws-sdk/client-codedeploy';
import { PutApprovalResultCommandInput, StartPipelineExecutionCommandInput } from '@aws-sdk/client-codepipeline';
import { DescribeTasksCommandInput, ListTasksCommandInput, Tag } from '@aws-sdk/client-ecs';

/** The course of the broken release, and the final responses to users. */
export interface Fate {
  /** CodeDeploy's reason to stop it; a release that nothing stops succeeds. */
  readonly stoppedBy?: string;
  /** The result of the rollback, if there is one. */
  readonly rollback?: 'Succeeded' | 'Failed';
  /** The results of the users' function after the rollback. */
  readonly answers: string;
  /** The tags of the tasks of a release. */
  readonly taskTags: readonly Tag[];
}

type Input = StartPipelineExecutionCommandInput & PutApprovalResultCommandInput & GetDeploymentCommandInput
  & ListTasksCommandInput & DescribeTasksCommandInput;

const TASK = 'arn:aws:ecs:us-east-1:111111111111:task/cluster-production-dev/0123456789abcdef0123456789abcdef';

/**
 * As much of an AWS account as the assertions of the integration test see: CodePipeline, CodeDeploy, ECS and the users'
 * function, behind one local endpoint. Each look at the pipeline finds the release a stage further, until it waits for its approval.
 */
export class ReleaseAccount {
  private release = '';
  private stage = -1;
  private answers = '{"200 waiting for the first release":100}';
  private deploymentPolls = 0;

  /** The supported operations of the account. */
  private readonly operations: { readonly [operation: string]: (input: Input) => object } = {
    StartPipelineExecution: ({ sourceRevisions: [revision] = [] }) => {
      const { actionName, revisionType, revisionValue } = revision;
      rejectUnless(actionName === 'Source' && revisionType === 'S3_OBJECT_KEY', 'the source takes the key of an object');
      this.release = this.releaseOf(String(revisionValue));
      this.stage = 0;
      return {};
    },
    GetPipelineState: () => {
      if (this.stage >= 0 && this.stage < this.stages.length && !this.isApproval()) {
        this.stage += 1;
      }
      if (this.stage === this.stages.length) {
        this.answers = this.release === 'good' ? '{"200 good":100}' : '{"200 good":90,"200 broken":5,"500 broken":5}';
      }
      return { stageStates: this.stages.map((stageName, index) => ({ stageName, ...this.stateOf(index) })) };
    },
    PutApprovalResult: ({ stageName, actionName, result, token }) => {
      const asked = [stageName, actionName, result?.status, token];
      const open = [this.stages[this.stage], 'Approve', 'Approved', this.token()];
      rejectUnless(this.isApproval() && String(asked) === String(open), 'no such approval is open');
      this.stage += 1;
      return {};
    },
    GetDeployment: ({ deploymentId }) => {
      this.deploymentPolls += 1;
      return { deploymentInfo: { deploymentId, ...deploymentId === 'd-broken' ? this.brokenDeployment() : this.rollback() } };
    },
    ListTasks: ({ desiredStatus }) => {
      rejectUnless(desiredStatus === 'RUNNING', 'a task that has stopped has the tags of another release');
      return { taskArns: [TASK] };
    },
    DescribeTasks: ({ tasks, include }) => {
      rejectUnless(String(tasks) === TASK, 'no such task');
      return { tasks: [{ taskArn: TASK, tags: include?.includes('TAGS') ? this.fate.taskTags : [] }], failures: [] };
    },
    Invoke: () => JSON.parse(this.answers) as object,
  };

  private readonly server: Server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? 'Lambda.Invoke').split('.')[1];
    response.setHeader('content-type', 'application/json');
    try {
      response.end(JSON.stringify(this.operations[operation](await json(request) as Input)));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ __type: 'Refused', message: String(error) }));
    }
  });

  /**
   * @param stages the names of the pipeline's stages
   * @param releaseOf which release an object in S3 is: good or broken
   * @param fate what becomes of the broken one
   */
  constructor(private readonly stages: string[], private readonly releaseOf: (key: string) => string, private readonly fate: Fate) {}

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private isApproval(): boolean {
    return this.stages[this.stage].startsWith('Approve');
  }

  private token(): string {
    return `${this.stages[this.stage]} of ${this.release}`;
  }

  private stateOf(index: number): object {
    if (index > this.stage) {
      return { actionStates: [{}] };
    }
    const last = index === this.stages.length - 1;
    const failed = last && this.release === 'broken' && this.fate.stoppedBy !== undefined;
    const ended = failed ? 'Failed' : 'Succeeded';
    const status = index === this.stage ? 'InProgress' : ended;
    const action = { status, token: status === 'InProgress' ? this.token() : undefined, externalExecutionId: last ? `d-${this.release}` : undefined };
    return { latestExecution: { status }, actionStates: [{ latestExecution: action }] };
  }

  /** Each poll finds one more step: that it was stopped, that it is rolling back. */
  private brokenDeployment(): object {
    const stopped = { status: 'Stopped', errorInformation: { code: this.fate.stoppedBy } };
    return {
      ...this.deploymentPolls > 1 && stopped,
      ...this.deploymentPolls > 3 && this.fate.rollback && { rollbackInfo: { rollbackDeploymentId: 'd-back' } },
    };
  }

  private rollback(): object {
    if (this.deploymentPolls <= 5) {
      return { status: 'InProgress' };
    }
    this.answers = this.fate.answers;
    return { status: this.fate.rollback };
  }
}

function rejectUnless(condition: boolean, reason: string): void {
  if (!condition) {
    throw new Error(reason);
  }
}
