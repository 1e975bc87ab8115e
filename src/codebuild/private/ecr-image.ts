import { aws_codebuild as codebuild, aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { Image } from './image';
import { throwIfInvalid } from '../../private/errors';
import { cpuArchitecture, isArm64 } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { matching, required } from '../../private/validation';
import { EcrBuildImageOptions } from '../build-image-options';

/** An image in a private repository: see `BuildImage.fromEcrRepository`. */
export function ecrImage(repository: ecr.IRepository, tagOrDigest: string, options: EcrBuildImageOptions): Image {
  throwIfInvalid({ type: 'BuildImage.fromEcrRepository' }, [
    repositoryViolations('repository', repository),
    tagViolations('tagOrDigest', tagOrDigest),
    optionsViolations('options', options),
  ]);
  const factory = isArm64(options.cpuArchitecture) ? codebuild.LinuxArmBuildImage : codebuild.LinuxBuildImage;
  return {
    cpuArchitecture: options.cpuArchitecture ?? ecs.CpuArchitecture.X86_64,
    repository,
    tagOrDigest,
    buildImage: () => factory.fromEcrRepository(repository, tagOrDigest),
  };
}

const repositoryViolations = required(
  "ecr.Repository.fromRepositoryName(this, 'Tools', 'tools')",
  cdkType(CDK.repository),
);

const tagViolations = matching({
  code: 'BGP047',
  pattern: /^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/,
  rule: 'an image tag of at most 128 letters, digits, dots, hyphens and underscores, or "sha256:" followed by 64 '
    + 'hexadecimal digits',
  example: '2026-11',
});

const optionsViolations = struct<EcrBuildImageOptions>({
  example: '{ cpuArchitecture: CpuArchitecture.ARM64 }',
  fields: { cpuArchitecture },
});
