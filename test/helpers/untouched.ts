import { App, Stack } from 'aws-cdk-lib';
import { violationCodes } from './refusals';

/** Expects that rejections do not change a stack or the resources of its user. */
export function expectUntouched(stack: Stack, refused: readonly (() => unknown)[]): void {
  const before = stateOf(stack);
  for (const make of refused) {
    expect(violationCodes(make)).not.toEqual([]);
  }
  expect(stateOf(stack)).toEqual(before);
}

function stateOf(stack: Stack): { readonly paths: string[]; readonly template: unknown } {
  // Without `force`, a second synthesis returns the template of the first.
  const assembly = (stack.node.root as App).synth({ force: true, skipValidation: true });
  const paths = stack.node.findAll().map(({ node }) => node.path);
  return { paths, template: assembly.getStackArtifact(stack.artifactId).template };
}
