import { aws_codepipeline as codepipeline, IResource, ResourceEnvironment, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CDK, cdkType } from './types';
import { all, Check, formatValue, isInStack, literal, required, text } from './validation';
import { Code, firstViolation, violation, Violations } from './violations';

/** The place of a construct: a free id, in a scope within a stack. */
export function placeViolations(scope: Construct, id: string): Violations {
  if (!isInStack(scope)) {
    return violation({
      code: 'BGP013',
      prop: 'scope',
      rule: 'must be a construct within a Stack',
      got: formatValue(scope),
      remedy: 'for example the Stack',
    });
  }
  const freeId: Check = (prop, value) => (scope.node.tryFindChild(String(value)) === undefined ? undefined : violation({
    code: 'BGP014',
    prop,
    rule: 'must be unique within its scope',
    got: `${formatValue(value)} again`,
    remedy: 'use a different id for the second construct',
  }));
  return all(literal({ remedy: 'pass a literal id, for example "Pipeline"' }), text('Pipeline'), freeId)('id', id);
}

export interface StageOptions {
  readonly construct: Construct;
  /** The id of a child that exists once the construct is part of a pipeline. */
  readonly child: string;
  readonly pipeline: codepipeline.Pipeline;
  /** The name of the stage, once it is known to be valid. */
  readonly stageName?: string;
}

/**
 * The place of a construct in a pipeline: once, in a pipeline of its own stack (its roles and those
 * of the pipeline refer to each other, which two stacks cannot do), under a name that no other
 * stage has.
 */
export function stageViolations({ construct, child, pipeline, stageName }: StageOptions): Violations {
  return firstViolation(
    () => (construct.node.tryFindChild(child) === undefined ? undefined : violation({
      code: 'BGP015',
      prop: 'addToPipeline',
      rule: 'must be called only once',
      remedy: 'create another construct for another stage',
    })),
    () => required(CDK.ownPipeline.example, cdkType(CDK.ownPipeline))('pipeline', pipeline),
    () => sameStackViolation(construct, pipeline),
    () => (stageName === undefined ? undefined : takenStageViolation(pipeline, stageName)),
  );
}

function sameStackViolation(construct: Construct, pipeline: codepipeline.Pipeline): Violations {
  const [own, other] = [Stack.of(construct), Stack.of(pipeline)];
  return own === other ? undefined : violation({
    code: 'BGP016',
    prop: 'pipeline',
    rule: 'must be in the same stack as the construct',
    got: `a pipeline in ${formatValue(other.node.path)} for a construct in ${formatValue(own.node.path)}`,
    remedy: 'move one of them to the stack of the other',
  });
}

function takenStageViolation(pipeline: codepipeline.Pipeline, stageName: string): Violations {
  return pipeline.stages.some((stage) => stage.stageName === stageName)
    ? violation({
      code: 'BGP019',
      prop: 'pipeline',
      rule: `must not already have a stage ${formatValue(stageName)}`,
      remedy: 'use a unique name for each stage',
    })
    : undefined;
}

export interface SameEnvironmentOptions {
  readonly code: Code;
  readonly scope: unknown;
  readonly parts?: readonly (keyof ResourceEnvironment)[];
}

/** A resource in the account and region of the stack; what is known at deployment only passes. */
export function sameEnvironment({
  code,
  scope,
  parts = ['account', 'region'],
}: SameEnvironmentOptions): Check<Pick<IResource, 'env'>> {
  return (prop, resource) => {
    if (resource.env === undefined || !isInStack(scope)) {
      return undefined;
    }
    const different = differentPart(resource, scope, parts);
    return different === undefined ? undefined : violation({
      code,
      prop,
      rule: `must be in ${Stack.of(scope)[different]}, the stack's ${different}`,
      got: `a resource in ${resource.env[different]}`,
      remedy: `use a resource in ${Stack.of(scope)[different]}`,
    });
  };
}

/**
 * Returns the difference between the environment of a resource and that of the stack, as far as both are known at
 * synthesis.
 */
export function differentPart(
  { env: theirs }: Pick<IResource, 'env'>,
  scope: Construct,
  parts: readonly (keyof ResourceEnvironment)[] = ['account', 'region'],
): keyof ResourceEnvironment | undefined {
  const ours = Stack.of(scope);
  return parts.find((part) => !Token.isUnresolved(theirs[part])
    && !Token.isUnresolved(ours[part])
    && theirs[part] !== ours[part]);
}
