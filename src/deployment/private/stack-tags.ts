import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';

interface Tag {
  readonly Key: string;
  readonly Value: unknown;
}

/**
 * Returns the tags of the construct's stack and of its parent stacks, which CloudFormation adds to every resource.
 */
export function stackTags(scope: Construct): Tag[] {
  return enclosingStacks(scope).flatMap(tagsOf);
}

/** Warns at synthesis of tags that reach the service although its template has none. */
export function warnOfStackTags(scope: Construct): void {
  checkAtSynthesis(scope, () => {
    for (const stack of enclosingStacks(scope).filter((one) => tagsOf(one).length > 0)) {
      const keys = tagsOf(stack).map(({ Key }) => Key);
      warn(stack, 'EcsBlueGreenDeployment.stackTags', 'BGP200',
        `the tags ${formatValue(keys)} of the stack apply to every resource, and ECS rejects most updates of a `
        + "service under CodeDeploy, so a later change of a tag may fail: set '@aws-cdk/core:explicitStackTags' in "
        + "cdk.json, or exclude 'aws:cdk:stack' with 'excludeResourceTypes'");
    }
  });
}

function enclosingStacks(scope: Construct): Stack[] {
  return scope.node.scopes.filter(Stack.isStack);
}

function tagsOf(stack: Stack): Tag[] {
  return (stack.tags.renderTags() as Tag[] | undefined) ?? [];
}
