import { App, AppProps, Stack, StackProps } from 'aws-cdk-lib';
import { smallestProps } from '../../scripts/programs';
import { BlueGreenFargatePipeline, BlueGreenFargatePipelineProps } from '../../src';

export const CONNECTION_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

/** A resource of a synthesised template. */
export interface Resource {
  readonly Type: string;
  // Each type of resource has other properties; a test that reads a wrong name fails.
  readonly Properties: { [name: string]: any };
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: { readonly [key: string]: unknown };
}

export interface SynthesisedTemplate {
  readonly Resources: { [logicalId: string]: Resource };
  readonly Parameters?: { [name: string]: { readonly Type: string; readonly Default?: unknown } };
  readonly Outputs?: { [name: string]: unknown };
  readonly Conditions?: { [name: string]: unknown };
}

export function newStack(props: StackProps & { readonly app?: AppProps } = {}): Stack {
  const { app, ...stackProps } = props;
  return new Stack(new App({ treeMetadata: false, ...app }), 'Storefront', { env: { region: 'us-east-1' }, ...stackProps });
}

/** The smallest program, with the changes of a test. */
export function pipelineIn(stack: Stack, props: Partial<BlueGreenFargatePipelineProps> = {}, id = 'P'): BlueGreenFargatePipeline {
  return new BlueGreenFargatePipeline(stack, id, { ...smallestProps(), ...props });
}

/** Synthesises the app of a stack, and returns the template of that stack. */
export function templateOf(stack: Stack): SynthesisedTemplate {
  const app = stack.node.root as App;
  return app.synth().getStackArtifact(stack.artifactId).template as SynthesisedTemplate;
}

/** All resources of a type, by logical id. */
export function resources(template: SynthesisedTemplate, type: string): { [logicalId: string]: Resource } {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, resource]) => resource.Type === type));
}

/** The logical ids that a value refers to, with Ref, Fn::GetAtt or Fn::Sub. */
export function references(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') {
      return String(inner).startsWith('AWS::') ? [] : [String(inner)];
    }
    if (key === 'Fn::GetAtt') {
      return [Array.isArray(inner) ? String(inner[0]) : String(inner).split('.')[0]];
    }
    return references(inner);
  });
}
