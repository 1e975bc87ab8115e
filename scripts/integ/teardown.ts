import { setTimeout as sleep } from 'timers/promises';
import { ApplicationDoesNotExistException, DeploymentStatus, paginateListDeployments, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import {
  DisableStageTransitionCommand, paginateListPipelineExecutions, PipelineNotFoundException, StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { Account, listAll } from './account';

const ENVIRONMENTS = ['staging', 'production'];
const RUNNING: DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];

/** The polling interval in milliseconds, and the maximum number of polls, for the rollback of a stopped deployment. */
export const ROLLBACK_WAIT = { interval: 15_000, looks: 80 };

/** Stops what a failed test left running, as docs/teardown.md describes: no release may start tasks while they are removed. */
export async function stopReleases(account: Account, suffix: string, patience = ROLLBACK_WAIT): Promise<void> {
  await stopPipeline(account, `pipeline-${suffix}`);
  for (const deploymentId of await runningDeployments(account, suffix)) {
    console.log(`Stopping the deployment ${deploymentId}`);
    await account.codeDeploy.send(new StopDeploymentCommand({ deploymentId }));
  }
  // A stopped deployment rolls back with a separate deployment.
  for (let look = 0; (await runningDeployments(account, suffix)).length > 0; look += 1) {
    if (look === patience.looks) {
      throw new Error('a deployment is still running; open it in the CodeDeploy console');
    }
    await sleep(patience.interval);
  }
}

async function stopPipeline({ codePipeline }: Account, pipelineName: string): Promise<void> {
  try {
    await codePipeline.send(new DisableStageTransitionCommand({ pipelineName, stageName: 'Build', transitionType: 'Inbound', reason: 'teardown' }));
    const executions = await listAll(paginateListPipelineExecutions({ client: codePipeline }, { pipelineName }),
      (page) => page.pipelineExecutionSummaries);
    for (const { pipelineExecutionId } of executions.filter(({ status }) => status === 'InProgress')) {
      console.log(`Stopping the execution ${pipelineExecutionId} of ${pipelineName}`);
      await codePipeline.send(new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon: true, reason: 'teardown' }));
    }
  } catch (error) {
    rethrowUnless(error, PipelineNotFoundException);
  }
}

async function runningDeployments({ codeDeploy }: Account, suffix: string): Promise<string[]> {
  const found: string[] = [];
  for (const environment of ENVIRONMENTS) {
    const group = { applicationName: `application-${environment}-${suffix}`, deploymentGroupName: `deployment-group-${environment}-${suffix}` };
    try {
      found.push(...await listAll(paginateListDeployments({ client: codeDeploy }, { ...group, includeOnlyStatuses: RUNNING }),
        (page) => page.deployments));
    } catch (error) {
      rethrowUnless(error, ApplicationDoesNotExistException);
    }
  }
  return found;
}

/** Rethrows the error, unless the resource does not exist, so that nothing can run in it. */
function rethrowUnless(error: unknown, missing: typeof PipelineNotFoundException | typeof ApplicationDoesNotExistException): void {
  if (!(error instanceof missing)) {
    throw error;
  }
}
