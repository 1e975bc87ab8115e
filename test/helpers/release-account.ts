import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { DeploymentInfo, GetDeploymentCommandInput } from '@aws-sdk/client-codedeploy';
import { PutApprovalResultCommandInput, StageState, StartPipelineExecutionCommandInput } from '@aws-sdk/client-codepipeline';

/** How the broken release fares, and what users get in the end. */
export interface Fate {
  /** CodeDeploy's reason to stop it; a release that nothing stops succeeds. */
  readonly stoppedBy?: string;
  /** How the rollback ends, if there is one. */
  readonly rollback?: 'Succeeded' | 'Failed';
  /** The answers of the users' function after that. */
  readonly answers: string;
}

type Input = StartPipelineExecutionCommandInput & PutApprovalResultCommandInput & GetDeploymentCommandInput;

/**
 * As much of an AWS account as the assertions of the integration test see: CodePipeline, CodeDeploy and the users' function,
 * behind one local endpoint. Each look at the pipeline finds the release a stage further, until it waits for its approval.
 */
export class ReleaseAccount {
  private readonly server: Server;
  private release = '';
  private stage = -1;
  private answers = '{"200 waiting for the first release":100}';
  private looksAtDeployment = 0;

  /**
   * @param stages the names of the pipeline's stages
   * @param releaseOf which release an object in S3 is: good or broken
   * @param fate what becomes of the broken one
   */
  constructor(private readonly stages: string[], private readonly releaseOf: (key: string) => string, private readonly fate: Fate) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        const operation = String(request.headers['x-amz-target'] ?? 'Lambda.Invoke').split('.')[1];
        try {
          response.writeHead(200, { 'content-type': 'application/json' }).end(this.answer(operation, JSON.parse(String(Buffer.concat(chunks)))));
        } catch (error) {
          response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ __type: 'Refused', message: String(error) }));
        }
      });
    });
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(operation: string, input: Input): string {
    switch (operation) {
      case 'StartPipelineExecution':
        return JSON.stringify(this.startPipelineExecution(input));
      case 'GetPipelineState':
        return JSON.stringify({ stageStates: this.stageStates() });
      case 'PutApprovalResult':
        return JSON.stringify(this.putApprovalResult(input));
      case 'GetDeployment':
        return JSON.stringify({ deploymentInfo: this.deployment(input.deploymentId) });
      case 'Invoke':
        return this.answers;
      default:
        throw new Error(`this account knows nothing of ${operation}`);
    }
  }

  private startPipelineExecution({ sourceRevisions = [] }: Input): object {
    const [{ actionName, revisionType, revisionValue }] = sourceRevisions;
    if (actionName !== 'Source' || revisionType !== 'S3_OBJECT_KEY') {
      throw new Error('the source takes the key of an object');
    }
    this.release = this.releaseOf(String(revisionValue));
    this.stage = 0;
    return {};
  }

  private stageStates(): StageState[] {
    if (this.stage >= 0 && this.stage < this.stages.length && !this.stages[this.stage].startsWith('Approve')) {
      this.stage += 1;
    }
    if (this.stage === this.stages.length) {
      this.answers = this.release === 'good' ? '{"200 good":100}' : '{"200 good":90,"200 broken":5,"500 broken":5}';
    }
    return this.stages.map((stageName, index) => this.stageState(stageName, index));
  }

  private stageState(stageName: string, index: number): StageState {
    if (index > this.stage) {
      return { stageName, actionStates: [{ actionName: 'Any' }] };
    }
    const last = index === this.stages.length - 1;
    const status = index === this.stage ? 'InProgress'
      : last && this.release === 'broken' && this.fate.stoppedBy !== undefined ? 'Failed' : 'Succeeded';
    return {
      stageName,
      latestExecution: { pipelineExecutionId: 'any', status },
      actionStates: [{
        latestExecution: {
          status,
          ...(stageName.startsWith('Approve') && status === 'InProgress' && { token: this.token(stageName) }),
          ...(last && { externalExecutionId: `d-${this.release}` }),
        },
      }],
    };
  }

  private token(stageName: string): string {
    return `${stageName} of ${this.release}`;
  }

  private putApprovalResult({ stageName = '', actionName, result, token }: Input): object {
    if (stageName !== this.stages[this.stage] || actionName !== 'Approve' || result?.status !== 'Approved' || token !== this.token(stageName)) {
      throw new Error('no such approval is open');
    }
    this.stage += 1;
    return {};
  }

  /** Each look finds a little more: that it was stopped, that it is being rolled back, that this has ended. */
  private deployment(deploymentId = ''): DeploymentInfo {
    this.looksAtDeployment += 1;
    const { stoppedBy, rollback, answers } = this.fate;
    if (deploymentId === 'd-broken') {
      return {
        deploymentId,
        ...(this.looksAtDeployment > 1 && { status: 'Stopped', errorInformation: { code: stoppedBy as 'ALARM_ACTIVE' } }),
        ...(this.looksAtDeployment > 3 && rollback !== undefined && { rollbackInfo: { rollbackDeploymentId: 'd-back' } }),
      };
    }
    if (this.looksAtDeployment > 5) {
      this.answers = answers;
    }
    return { deploymentId, creator: 'codeDeployRollback', status: this.looksAtDeployment > 5 ? rollback : 'InProgress' };
  }
}
