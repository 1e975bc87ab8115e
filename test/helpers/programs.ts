import {
  AppProps, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_s3 as s3, CfnResource, Stack, StackProps, Validations,
} from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { Construct } from 'constructs';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from './synthesis';
import { fullProps, separateConstructs, userNetwork } from '../../scripts/programs';

/** A program under the contract, with its synthesised template. */
export interface Program {
  readonly name: string;
  readonly suffix: string;
  readonly environmentNames: string[];
  readonly stack: Stack;
  readonly template: SynthesisedTemplate;
  /** Logical IDs of resources of the user, which the contract does not cover. */
  readonly given: string[];
}

/** The smallest program. */
export function smallest(stackProps: StackProps & { readonly app?: AppProps } = {}, name = 'the smallest program'): Program {
  const stack = newStack(stackProps);
  pipelineIn(stack);
  return program(name, 'dev', ['staging', 'production'], stack);
}

/** The program with everything set. */
export function full(stackProps: StackProps & { readonly app?: AppProps } = {}, name = 'the full program'): Program {
  const stack = newStack(stackProps);
  pipelineIn(stack, fullProps(stack));
  return program(name, 'shop', ['qa', 'preprod', 'live'], stack);
}

/** A pipeline that starts with code from a bucket, and creates no bucket itself. */
export function pipelineOfTheUser(
  scope: Construct, source = new codepipeline.Artifact('Source'), { role, pipelineType = codepipeline.PipelineType.V2 }: codepipeline.PipelineProps = {},
): codepipeline.Pipeline {
  return new codepipeline.Pipeline(scope, 'Pipeline', {
    role,
    pipelineType,
    artifactBucket: s3.Bucket.fromBucketName(scope, 'TheirArtifacts', 'acme-artifacts'),
    stages: [sourceStage(scope, source)],
  });
}

/** A stage with code from a bucket. */
export function sourceStage(scope: Construct, output = new codepipeline.Artifact('Source')): codepipeline.StageProps {
  const bucket = s3.Bucket.fromBucketName(scope, 'Code', 'acme-code');
  return { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'code.zip', output })] };
}

/** Every construct on its own, without a BlueGreenFargatePipeline. */
export function separate(): Program {
  const stack = newStack();
  separateConstructs(stack);
  return program('the constructs on their own', 'modules', ['live'], stack);
}

function fullInUserNetwork(): Program {
  const stack = newStack({ app: { context: recommendedFlags } });
  pipelineIn(stack, { ...fullProps(stack), vpc: userNetwork(stack) });
  return program('the full program in a network of the user, with all recommended flags', 'shop', ['qa', 'preprod', 'live'], stack);
}

/** Created once per test file: nothing changes a program after its synthesis. */
let pipelines: Program[] | undefined;
let alone: Program | undefined;

/**
 * Whole pipelines: with nothing set, with everything set, and with everything set in a network of the user and all recommended
 * feature flags. What flags change in both programs is in test/contract/everywhere.test.ts.
 */
export function pipelinePrograms(): Program[] {
  pipelines ??= [smallest(), full(), fullInUserNetwork()];
  return pipelines;
}

/** Whole pipelines, and the separate constructs. */
export function allPrograms(): Program[] {
  alone ??= separate();
  return [...pipelinePrograms(), alone];
}

function program(name: string, suffix: string, environmentNames: string[], stack: Stack): Program {
  Validations.of(stack).acknowledge(
    { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.http', reason: 'The programs show what is there without a certificate, too' },
    { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.importedAccessLogsBucket', reason: 'The user allows the load balancer to write there' },
    { id: 'Annotation::@aws-cdk/aws-s3:accessLogsPolicyNotAdded', reason: 'The bucket for access logs belongs to the user' },
  );
  const template = templateOf(stack);
  const given = stack.node.findAll()
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct) && construct.node.path.includes('/Given/'))
    .map((resource) => String(stack.resolve(resource.logicalId)));
  return { name, suffix, environmentNames, stack, template, given };
}
