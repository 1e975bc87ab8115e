import { aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { EcrBuildImageOptions } from './build-image-options';
import { ecrImage } from './private/ecr-image';
import { AMAZON_LINUX_2023, AMAZON_LINUX_2023_ARM64, Image } from './private/image';

/**
 * An image that a build runs in, hosted on Amazon ECR.
 *
 * CodeBuild caches its curated images, but pulls an image from ECR at the start of every build. Provisioning therefore
 * takes tens of seconds longer with AWS's own image of several gigabytes. A small image of your own is faster.
 *
 * The image determines the CPU architecture of the build and of the container images that the build produces.
 *
 * @example
 *
 * declare const tools: ecr.IRepository;
 *
 * const image = BuildImage.fromEcrRepository(tools, '2026-11');
 */
export class BuildImage {
  /**
   * AWS's CodeBuild image for x86-64 (Amazon Linux 2023), from ECR Public. It contains bash, Docker with
   * buildx, the AWS CLI and the common languages.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023 = new BuildImage(AMAZON_LINUX_2023);

  /**
   * AWS's CodeBuild image for ARM64 (Amazon Linux 2023), from ECR Public. It runs on AWS Graviton and contains the same
   * tools as `AMAZON_LINUX_2023`.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023_ARM64 = new BuildImage(AMAZON_LINUX_2023_ARM64);

  /**
   * Uses an image in your own private ECR repository.
   *
   * The role of the build is granted pull access. For a repository in another account, also allow the pull in that
   * repository's policy. An image for `BuildSteps.image()` must contain bash, Docker with buildx and the AWS CLI.
   *
   * @param repository the repository of the image
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`, which always refers to the same image
   * @param options the CPU architecture, unless it is x86-64
   */
  public static fromEcrRepository(
    repository: ecr.IRepository,
    tagOrDigest: string,
    options: EcrBuildImageOptions = {},
  ): BuildImage {
    return new BuildImage(ecrImage(repository, tagOrDigest, options));
  }

  private constructor(private readonly image: Image) {}

  /** CPU architecture of the image, and of the machine that it runs on. */
  public get cpuArchitecture(): ecs.CpuArchitecture {
    return this.image.cpuArchitecture;
  }

  /** @internal */
  public _bind(): Image {
    return this.image;
  }
}
