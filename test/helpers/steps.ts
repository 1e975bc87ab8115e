import { aws_codebuild as codebuild, aws_ecr as ecr, aws_secretsmanager as secretsmanager, Lazy } from 'aws-cdk-lib';
import { newStack } from './synthesis';
import {
  BuildCache, BuildImage, BuildSpecStepsProps, BuildSteps, CommandStepsProps, EcrBuildImageOptions, ImageStepsProps, ProbeStepsProps,
  RegistryCacheProps, ReleaseStepsProps,
} from '../../src';

export const stack = newStack();
export const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
export const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Npm', 'npm');
export const token = Lazy.string({ produce: () => 'later' });

// The factories of steps, called with whatever a JavaScript caller hands over.
export const image = (props: object) => () => BuildSteps.image(props as ImageStepsProps);
export const probe = (props: object) => () => BuildSteps.probe(props as ProbeStepsProps);
export const commands = (list: unknown, props?: object) => () => BuildSteps.commands(list as string[], props as CommandStepsProps);
export const tested = (props: object) => commands(['npm test'], props);
export const buildSpec = (spec: unknown, props?: object) => () => BuildSteps.buildSpec(spec as codebuild.BuildSpec, props as BuildSpecStepsProps);
export const release = (releaseFiles: unknown) => () => BuildSteps.release({ releaseFiles } as ReleaseStepsProps);
export const registry = (props: object) => () => BuildCache.registry(props as RegistryCacheProps);
export const ecrImage = (tag: unknown, from: unknown = repository, options?: object) => () =>
  BuildImage.fromEcrRepository(from as ecr.IRepository, tag as string, options as EcrBuildImageOptions);
