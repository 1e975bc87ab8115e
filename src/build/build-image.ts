import { aws_codebuild as codebuild, aws_ecr as ecr } from 'aws-cdk-lib';
import { textMatching } from '../private/checks';
import { refuseValue } from '../private/errors';

/**
 * The image that a build runs in, always one that is hosted on Amazon ECR.
 *
 * CodeBuild keeps its own (curated) images warm; an image from ECR is pulled at the start of every build and so
 * provisions slower, by tens of seconds for AWS's own image of several gigabytes. A small image of yours is faster.
 *
 * @example
 *
 * declare const tools: ecr.IRepository;
 *
 * const image = BuildImage.fromEcrRepository(tools, '2026-11');
 */
export class BuildImage {
  /**
   * AWS's own CodeBuild image for x86-64 (Amazon Linux 2023), from ECR Public: bash, Docker with buildx, the AWS CLI,
   * and the usual languages.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023 = new BuildImage(
    () => codebuild.LinuxBuildImage.fromDockerRegistry('public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0'));

  /**
   * An image in a private ECR repository of yours.
   *
   * The role of the build gets leave to pull from it. For a repository of another account add the pull to that
   * repository's own policy too. A build that makes images needs bash, Docker with buildx and the AWS CLI in it.
   *
   * @param repository the repository
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`, which is safer
   */
  public static fromEcrRepository(repository: ecr.IRepository, tagOrDigest: string): BuildImage {
    refuseValue('BuildImage.fromEcrRepository', [
      textMatching('tagOrDigest', tagOrDigest, /^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/,
        'an image tag of at most 128 letters, digits, dots, hyphens and underscores, or "sha256:" with 64 hexadecimal digits', '2026-11'),
    ]);
    return new BuildImage(() => codebuild.LinuxBuildImage.fromEcrRepository(repository, tagOrDigest), repository);
  }

  private constructor(
    private readonly make: () => codebuild.IBuildImage,
    /** @internal */
    public readonly _repository?: ecr.IRepository,
  ) {}

  /** @internal */
  public _bind(): codebuild.IBuildImage {
    return this.make();
  }
}
