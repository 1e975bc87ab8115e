import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_ecr as ecr, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, CfnResource, Duration, SecretValue,
} from 'aws-cdk-lib';
import { images, newStack, pipelineWith, probe, projectIn } from './subjects';
import { BuildCache, BuildImage, BuildReport, BuildStageOptions, BuildSteps, CachedBuildProjectProps } from '../../../src';

function project(props: Partial<CachedBuildProjectProps>): () => unknown {
  return () => projectIn(newStack(), props);
}

const source = new codepipeline.Artifact('Source');

/** A project in an invalid stage. */
function stage(options: Partial<BuildStageOptions>): () => unknown {
  return () => {
    const stack = newStack();
    projectIn(stack).addToPipeline(new codepipeline.Pipeline(stack, 'Pipeline'), { stageName: 'Lint', input: source, ...options });
  };
}

/** BGP030 to BGP079: build steps and build projects. */
export const BUILD = {
  BGP032: () => BuildSteps.image({ buildSecrets: { '.npmrc': secretsmanager.Secret.fromSecretNameV2(newStack(), 'Npmrc', 'npmrc') } }),
  BGP035: () => BuildSteps.commands([]),
  BGP036: () => BuildSteps.commands(['npm test'], { reports: [BuildReport.junit(['unit.xml']), BuildReport.cucumber(['contract.json'])] }),
  BGP037: () => BuildReport.junit([]),
  BGP044: () => {
    const stack = newStack();
    projectIn(stack, { cacheBucket: s3.Bucket.fromBucketName(stack, 'Cache', 'acme-cache'), cacheExpiration: Duration.days(7) });
  },
  BGP045: project({ steps: BuildSteps.image() }),
  BGP047: () => BuildImage.fromEcrRepository(images(), 'tools:2026-11'),
  BGP048: () => BuildCache.registry({ repository: new ecr.Repository(newStack(), 'Layers', { imageTagMutability: ecr.TagMutability.IMMUTABLE }) }),
  BGP049: project({ environmentVariables: { NPM_TOKEN: { value: SecretValue.secretsManager('npm').unsafeUnwrap() } } }),
  BGP050: () => BuildSteps.commands(['npm test'], { repository: images(), docker: false }),
  BGP054: project({ steps: probe(), environmentVariables: { CONTAINER_PORT: { value: '1' } } }),
  BGP057: stage({ stageName: 'Unit tests' }),
  BGP058: stage({ extraInputs: [source] }),
  BGP059: stage({ extraInputs: ['A', 'B', 'C', 'D', 'E'].map((name) => new codepipeline.Artifact(name)) }),
  BGP061: () => BuildSteps.commands(['#'.repeat(30_000)]),
  BGP062: project({ steps: probe({ startupTime: Duration.minutes(20) }), timeout: Duration.minutes(10) }),
  BGP063: stage({ environmentVariables: { NOTES: { value: '#'.repeat(1000) } } }),
  BGP064: () => BuildSteps.buildSpec(codebuild.BuildSpec.fromAsset(__filename)),
  BGP070: pipelineWith({ buildSteps: BuildSteps.commands(['docker build .']) }),
  BGP071: pipelineWith({ buildSteps: BuildSteps.buildSpec(codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['make'] } } })) }),
  BGP196: stage({ imageDigest: 'sha256:#{Build.DIGEST}' }),
  BGP198: stage({ imageDigest: '#{Build.IMAGE_DIGEST}' }),
  BGP199: stage({ output: new codepipeline.Artifact('Out') }),
  BGP160: () => {
    const made = projectIn(newStack());
    (made.project.node.defaultChild as CfnResource).addPropertyOverride('VpcConfig', { VpcId: 'vpc-0123456789abcdef0' });
    return made;
  },
  BGP176: project({ steps: BuildSteps.image({ repository: images() }) }),
  BGP075: project({ buildImage: BuildImage.fromEcrRepository(images(), 'latest') }),
};
