import { ApplicationDoesNotExistException } from '@aws-sdk/client-codedeploy';
import { PipelineNotFoundException } from '@aws-sdk/client-codepipeline';
import { stopReleases } from '../../../scripts/integ/teardown';
import { accountThat } from '../../helpers/answering-account';

const QUICK = { interval: 1, looks: 3 };

beforeEach(() => { jest.spyOn(console, 'log').mockImplementation(); });

test('the teardown disables new releases, abandons the running execution, and stops its deployment', async () => {
  let stopped = false;
  const { account, asked } = accountThat({
    ListPipelineExecutions: {
      pipelineExecutionSummaries: [
        { pipelineExecutionId: 'one', status: 'Succeeded' }, { pipelineExecutionId: 'two', status: 'InProgress' },
      ],
    },
    ListDeployments: ({ applicationName, includeOnlyStatuses }) => {
      expect(includeOnlyStatuses).toContain('InProgress');
      return { deployments: applicationName === 'application-production-it1' && !stopped ? ['d-1'] : [] };
    },
    StopDeployment: () => { stopped = true; return {}; },
  });

  await stopReleases(account, 'it1', QUICK);

  expect(asked).toEqual([
    ['DisableStageTransition', { pipelineName: 'pipeline-it1', stageName: 'Build', transitionType: 'Inbound', reason: 'teardown' }],
    ['StopPipelineExecution', { pipelineName: 'pipeline-it1', pipelineExecutionId: 'two', abandon: true, reason: 'teardown' }],
    ['StopDeployment', { deploymentId: 'd-1' }],
  ]);
});

test('the teardown waits for the rollback of the deployment that it stopped, but not forever', async () => {
  let looks = 0;
  const rollsBack = accountThat({ ListDeployments: () => ({ deployments: (looks += 1) < 6 ? ['d-back'] : [] }) });
  await stopReleases(rollsBack.account, 'it1', QUICK);
  expect(looks).toBeGreaterThanOrEqual(6);

  const endless = accountThat({ ListDeployments: { deployments: ['d-back'] } });
  await expect(stopReleases(endless.account, 'it1', QUICK)).rejects.toThrow('a deployment is still running');
});

test('the teardown stops nothing if the deployment of the stack failed early', async () => {
  const missing = { message: 'none', $metadata: {} };
  const { account, asked } = accountThat({
    DisableStageTransition: () => { throw new PipelineNotFoundException(missing); },
    ListDeployments: () => { throw new ApplicationDoesNotExistException(missing); },
  });

  await stopReleases(account, 'it1', QUICK);

  expect(asked.map(([command]) => command)).toEqual(['DisableStageTransition']);
});

test('the teardown fails if it may not read the state', async () => {
  const { account } = accountThat({ ListDeployments: () => { throw new Error('AccessDenied'); } });

  await expect(stopReleases(account, 'it1', QUICK)).rejects.toThrow('AccessDenied');
});
