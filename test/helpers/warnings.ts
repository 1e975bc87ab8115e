import { App, Stack } from 'aws-cdk-lib';

/**
 * The warnings of an app after its synthesis, with those of its validation, but without those of every program: HTTP, and the
 * default BuildKit image.
 */
export function warningsOf(stack: Stack): string[] {
  (stack.node.root as App).synth({ skipValidation: true });
  stack.node.findAll().forEach((construct) => construct.node.validate());
  return stack.node.findAll().flatMap(({ node }) => node.metadata)
    .filter(({ type, data }) => type === 'aws:cdk:warning' && !/\[BGP(109|176)\]/.test(String(data))).map(({ data }) => String(data));
}
