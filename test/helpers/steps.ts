import { aws_codebuild as codebuild, aws_ecr as ecr, aws_secretsmanager as secretsmanager, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack } from './synthesis';
import {
  BuildCache, BuildImage, BuildSpecStepsOptions, BuildSteps, CommandStepsOptions, EcrBuildImageOptions, ImageStepsOptions, ProbeStepsOptions,
  RegistryCacheOptions, RegistryLogin, RegistryLoginOptions, ReleaseStepsOptions,
} from '../../src';

export const stack = newStack();
export const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
export const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Npm', 'npm');
export const token = Lazy.string({ produce: () => 'later' });

// The factories of steps, called with any value that a JavaScript caller passes.
export const image = (props: object) => () => BuildSteps.image(props as ImageStepsOptions);
export const probe = (props: object) => () => BuildSteps.probe(props as ProbeStepsOptions);
export const commands = (list: unknown, props?: object) => () => BuildSteps.commands(list as string[], props as CommandStepsOptions);
export const tested = (props: object) => commands(['npm test'], props);
export const buildSpec = (spec: unknown, props?: object) => () => BuildSteps.buildSpec(spec as codebuild.BuildSpec, props as BuildSpecStepsOptions);
export const releaseWith = (options?: object) => () => BuildSteps.release(options as ReleaseStepsOptions);
export const release = (releaseSettings: unknown) => releaseWith({ releaseSettings });
export const login = (from: unknown, options?: object) => () =>
  RegistryLogin.fromSecret(from as secretsmanager.ISecret, options as RegistryLoginOptions);
export const registry = (props: object) => () => BuildCache.registry(props as RegistryCacheOptions);
export const ecrImage = (tag: unknown, from: unknown = repository, options?: object) => () =>
  BuildImage.fromEcrRepository(from as ecr.IRepository, tag as string, options as EcrBuildImageOptions);

/** A statement of the library's policies. */
export const allow = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });

/** The statements in the inline policies of a role. */
export function statementsOf(of: Stack, RoleName: string): ReturnType<typeof allow>[] {
  const roles = Object.values(Template.fromStack(of).findResources('AWS::IAM::Role', { Properties: { RoleName } }));
  return roles.flatMap(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement);
}
