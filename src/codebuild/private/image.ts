import { aws_codebuild as codebuild, aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';

/** The image that a build runs in: see `BuildImage`. */
export interface Image {
  readonly cpuArchitecture: ecs.CpuArchitecture;
  /** The repository that the build pulls it from, if the pull needs a permission. */
  readonly repository?: ecr.IRepository;
  readonly tagOrDigest?: string;
  /** Creates the image; only a project needs it, and the package loads faster without it. */
  buildImage(): codebuild.IBuildImage;
}

/**
 * Date of the last comparison of the tags below with the newest ones; a test fails a year later.
 *
 * @see https://github.com/aws/aws-codebuild-docker-images
 */
export const TAGS_READ_ON = '2026-11-30';

export const AMAZON_LINUX_2023: Image = {
  cpuArchitecture: ecs.CpuArchitecture.X86_64,
  buildImage: () => codebuild.LinuxBuildImage.fromDockerRegistry(
    'public.ecr.aws/codebuild/amazonlinux-x86_64-standard:6.0',
  ),
};

export const AMAZON_LINUX_2023_ARM64: Image = {
  cpuArchitecture: ecs.CpuArchitecture.ARM64,
  buildImage: () => codebuild.LinuxArmBuildImage.fromDockerRegistry(
    'public.ecr.aws/codebuild/amazonlinux-aarch64-standard:4.0',
  ),
};
