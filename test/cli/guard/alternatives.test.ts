import { aws_ecr as ecr, RemovalPolicies } from 'aws-cdk-lib';
import { codesIn, guardedPair } from './guarded';
import { BlueGreenFargatePipelineProps, PipelineEnvironment } from '../../../src';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../../helpers/synthesis';

/** A pipeline whose generated repository, if any, is retained. */
function retaining(props: (own: ecr.IRepository, old: ecr.IRepository) => Partial<BlueGreenFargatePipelineProps>): SynthesisedTemplate {
  const stack = newStack();
  const own = ecr.Repository.fromRepositoryName(stack, 'Own', 'images');
  const old = ecr.Repository.fromRepositoryName(stack, 'Old', 'repository-dev');
  const pipeline = pipelineIn(stack, props(own, old));
  RemovalPolicies.of(pipeline).retain({ applyToResourceTypes: ['AWS::ECR::Repository'] });
  return templateOf(stack);
}

/** The alternative of "Changing what holds data" in docs/changes.md. */
test('a move to an own repository, with the generated one retained and retiring, has no finding', () => {
  const environments = (repositories?: ecr.IRepository[]) => [PipelineEnvironment.production({ retiring: { repositories } })];
  const before = retaining(() => ({ environments: environments() }));

  expect(codesIn(guardedPair(before, retaining((own, old) => ({ repository: own, environments: environments([old]) }))))).toEqual([]);
  expect(codesIn(guardedPair(before, retaining((own) => ({ repository: own, environments: environments() }))))).toEqual(['permission-lost']);
});
