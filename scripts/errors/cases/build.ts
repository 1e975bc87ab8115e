import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager,
  Duration, SecretValue,
} from 'aws-cdk-lib';
import { newStack, pipelineWith } from './subjects';
import {
  BuildCache, BuildImage, BuildReport, BuildStageOptions, BuildSteps, CachedBuildProject, CachedBuildProjectProps,
  ImageStepsOptions, ProbeStepsOptions,
} from '../../../src';

function project(props: Partial<CachedBuildProjectProps> = {}, stack = newStack()): CachedBuildProject {
  return new CachedBuildProject(stack, 'Lint', { environmentSuffix: 'dev', purpose: 'lint', steps: BuildSteps.commands(['npm run lint']), ...props });
}

function images(): ecr.IRepository {
  return ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
}

function image(props: ImageStepsOptions): () => unknown {
  return () => BuildSteps.image(props);
}

function probe(props: ProbeStepsOptions = {}): BuildSteps {
  return BuildSteps.probe({ port: 8080, path: '/', repository: images(), ...props });
}

const source = new codepipeline.Artifact('Source');

/** A project in a stage that is not as it should be. */
function stage(options: Partial<BuildStageOptions>): () => unknown {
  return () => {
    const stack = newStack();
    project({}, stack).addToPipeline(new codepipeline.Pipeline(stack, 'Pipeline'), { stageName: 'Lint', input: source, ...options });
  };
}

function variables(environmentVariables: { [name: string]: codebuild.BuildEnvironmentVariable }): () => unknown {
  return () => project({ environmentVariables });
}

/** BGP030 to BGP079: what is built, and how. */
export const BUILD = {
  BGP030: image({ dockerfile: '../Dockerfile' }),
  BGP031: image({ buildArgs: { 'NODE-VERSION': '22' } }),
  BGP032: () => BuildSteps.image({ buildSecrets: { '.npmrc': secretsmanager.Secret.fromSecretNameV2(newStack(), 'Npmrc', 'npmrc') } }),
  BGP033: () => BuildSteps.release({ releaseFiles: { 'staging/taskdef.json': '{}' } }),
  BGP034: () => BuildSteps.release({ releaseFiles: { 'imageDetail.json': '{}' } }),
  BGP035: () => BuildSteps.commands([]),
  BGP036: () => BuildSteps.commands(['npm test'], { reports: [BuildReport.junit(['unit.xml']), BuildReport.cucumber(['contract.json'])] }),
  BGP037: () => BuildReport.junit([]),
  BGP038: () => BuildSteps.probe({ startupTime: Duration.hours(1) }),
  BGP039: image({ target: 'run time' }),
  BGP040: () => project({ purpose: 'unit-tests' }),
  BGP041: () => project({ cacheExpiration: Duration.days(30) }),
  BGP042: () => project({ timeout: Duration.minutes(4) }),
  BGP043: () => project({ queuedTimeout: Duration.hours(9) }),
  BGP044: () => {
    const stack = newStack();
    project({ cacheBucket: s3.Bucket.fromBucketName(stack, 'Cache', 'acme-cache'), cacheExpiration: Duration.days(7) }, stack);
  },
  BGP045: () => project({ steps: BuildSteps.image() }),
  BGP046: () => BuildCache.registry({ tag: 'acme/layers' }),
  BGP047: () => BuildImage.fromEcrRepository(images(), 'tools:2026-11'),
  BGP048: () => BuildCache.registry({ repository: new ecr.Repository(newStack(), 'Layers', { imageTagMutability: ecr.TagMutability.IMMUTABLE }) }),
  BGP049: variables({ NPM_TOKEN: { value: SecretValue.secretsManager('npm').unsafeUnwrap() } }),
  BGP050: () => BuildSteps.commands(['npm test'], { repository: images(), docker: false }),
  BGP051: () => project({ logRetention: 13 as logs.RetentionDays }),
  BGP052: variables({ 'NODE-ENV': { value: 'test' } }),
  BGP053: variables({ CODEBUILD_SRC_DIR: { value: '/tmp' } }),
  BGP054: () => project({ steps: probe(), environmentVariables: { CONTAINER_PORT: { value: '1' } } }),
  BGP056: variables({ NPM_TOKEN: { type: codebuild.BuildEnvironmentVariableType.PARAMETER_STORE, value: 'acme token' } }),
  BGP057: stage({ stageName: 'Unit tests' }),
  BGP058: stage({ extraInputs: [source] }),
  BGP059: stage({ extraInputs: ['A', 'B', 'C', 'D', 'E'].map((name) => new codepipeline.Artifact(name)) }),
  BGP060: image({ buildkitImage: 'docker://moby/buildkit' }),
  BGP061: () => BuildSteps.commands(['#'.repeat(30_000)]),
  BGP062: () => project({ steps: probe({ startupTime: Duration.minutes(20) }), timeout: Duration.minutes(10) }),
  BGP063: stage({ environmentVariables: { NOTES: { value: '#'.repeat(1000) } } }),
  BGP064: () => BuildSteps.buildSpec(codebuild.BuildSpec.fromAsset(__filename)),
  BGP065: () => BuildSteps.probe({ environment: { 'LOG LEVEL': 'debug' } }),
  BGP070: pipelineWith({ buildSteps: BuildSteps.commands(['docker build .']) }),
  BGP071: pipelineWith({ buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['make'] } } })) }),
  BGP075: () => project({ buildImage: BuildImage.fromEcrRepository(images(), 'latest') }),
};
