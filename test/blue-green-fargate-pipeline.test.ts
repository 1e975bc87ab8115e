import { newStack, pipelineIn, resources, templateOf } from './helpers/synthesis';

test('the smallest program has its stages in order', () => {
  const stack = newStack();
  pipelineIn(stack);

  const [pipeline] = Object.values(resources(templateOf(stack), 'AWS::CodePipeline::Pipeline'));

  expect(pipeline.Properties.Stages.map((stage: { Name: string }) => stage.Name)).toEqual([
    'Source', 'Build', 'Test', 'ApproveStaging', 'DeployStaging', 'ApproveProduction', 'DeployProduction',
  ]);
});
