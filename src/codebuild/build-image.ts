import { aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { EcrBuildImageOptions } from './build-image-options';
import { ecrImage } from './private/ecr-image';
import { AMAZON_LINUX_2023, AMAZON_LINUX_2023_ARM64, Image } from './private/image';

/**
 * The image that a build runs in, always one that is hosted on Amazon ECR.
 *
 * CodeBuild keeps its own (curated) images warm; an image from ECR is pulled at the start of every
 * build and so provisions slower, by tens of seconds for AWS's own image of several gigabytes. A
 * small image of yours is faster.
 *
 * The image decides which processor the build runs on, and which the images that it builds are made
 * for.
 *
 * @example
 *
 * declare const tools: ecr.IRepository;
 *
 * const image = BuildImage.fromEcrRepository(tools, '2026-11');
 */
export class BuildImage {
  /**
   * AWS's own CodeBuild image for x86-64 (Amazon Linux 2023), from ECR Public: bash, Docker with
   * buildx, the AWS CLI, and the usual languages.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023 = new BuildImage(AMAZON_LINUX_2023);

  /**
   * The same for ARM64, which runs on AWS Graviton.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023_ARM64 = new BuildImage(AMAZON_LINUX_2023_ARM64);

  /**
   * An image in a private ECR repository of yours.
   *
   * The role of the build gets leave to pull from it. For a repository of another account add the
   * pull to that repository's own policy too. A build that makes images needs bash, Docker with
   * buildx and the AWS CLI in it.
   *
   * @param repository the repository
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`, which is safer
   * @param options the processor, unless it is x86-64
   */
  public static fromEcrRepository(
    repository: ecr.IRepository,
    tagOrDigest: string,
    options: EcrBuildImageOptions = {},
  ): BuildImage {
    return new BuildImage(ecrImage(repository, tagOrDigest, options));
  }

  private constructor(private readonly image: Image) {}

  /** The processor of the machine that the image runs on. */
  public get cpuArchitecture(): ecs.CpuArchitecture {
    return this.image.cpuArchitecture;
  }

  /** @internal */
  public _bind(): Image {
    return this.image;
  }
}
