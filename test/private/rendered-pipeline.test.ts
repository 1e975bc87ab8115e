import table from './rendered-pipeline.json';
import { CodeDeployNames, readPipeline, RenderedAction } from '../../src/private/rendered-pipeline';

const NAMES = table.names as CodeDeployNames;

function inWords({ stageName, stage, runOrder, isApproval, deploymentGroup }: RenderedAction): string {
  return [stageName, `${stage}.${runOrder}`, ...(isApproval ? ['approval'] : []), ...(deploymentGroup ? [deploymentGroup] : [])].join(' ');
}

test.each(table.known as [string, unknown, string[]][])('a template with %s is read', (_, stages, actions) => {
  const pipeline = readPipeline(stages, NAMES);

  expect(pipeline.actions.map(inWords)).toEqual(actions);
  expect(pipeline.unknown).toEqual([]);
});

test.each(table.unknown as [string, unknown, string[]][])('a template with %s is reported', (_, stages, paths) => {
  expect(readPipeline(stages, NAMES).unknown).toEqual(paths);
});

test('a gap that a deletion override leaves in a list is not a stage', () => {
  const stages = [{ Name: 'A', Actions: [] }, { Name: 'B', Actions: [{ ActionTypeId: { Category: 'Test', Provider: 'CodeBuild' } }] }];
  delete stages[0];

  expect(readPipeline(stages, NAMES)).toEqual({ actions: [expect.objectContaining({ stageName: 'B', stage: 1 })], unknown: [] });
});
