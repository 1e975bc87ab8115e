import { aws_codebuild as codebuild, aws_ecr as ecr, aws_ecs as ecs } from 'aws-cdk-lib';
import { architectureProblem, isArm, repositoryProblem, requiredProblem, structProblems, textMatching } from '../private/checks';
import { refuseValue } from '../private/errors';

/** What is to know about an image in a repository of yours. */
export interface EcrBuildImageOptions {
  /**
   * The processor that the image is made for, and so the machine that it runs on.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
}

/**
 * The image that a build runs in, always one that is hosted on Amazon ECR.
 *
 * CodeBuild keeps its own (curated) images warm; an image from ECR is pulled at the start of every build and so
 * provisions slower, by tens of seconds for AWS's own image of several gigabytes. A small image of yours is faster.
 *
 * The image decides which processor the build runs on, and which the images that it builds are made for.
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
    () => codebuild.LinuxBuildImage.fromDockerRegistry('public.ecr.aws/codebuild/amazonlinux-x86_64-standard:5.0'), ecs.CpuArchitecture.X86_64);

  /**
   * The same for ARM64, which runs on AWS Graviton.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html
   */
  public static readonly AMAZON_LINUX_2023_ARM64 = new BuildImage(
    () => codebuild.LinuxArmBuildImage.fromDockerRegistry('public.ecr.aws/codebuild/amazonlinux-aarch64-standard:3.0'), ecs.CpuArchitecture.ARM64);

  /**
   * An image in a private ECR repository of yours.
   *
   * The role of the build gets leave to pull from it. For a repository of another account add the pull to that
   * repository's own policy too. A build that makes images needs bash, Docker with buildx and the AWS CLI in it.
   *
   * @param repository the repository
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`, which is safer
   * @param options the processor, unless it is x86-64
   */
  public static fromEcrRepository(repository: ecr.IRepository, tagOrDigest: string, options: EcrBuildImageOptions = {}): BuildImage {
    refuseValue('BuildImage.fromEcrRepository', [
      requiredProblem('repository', repository, "ecr.Repository.fromRepositoryName(this, 'Tools', 'tools')") ?? repositoryProblem('repository', repository),
      textMatching('BGP047', 'tagOrDigest', tagOrDigest, /^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/,
        'an image tag of at most 128 letters, digits, dots, hyphens and underscores, or "sha256:" with 64 hexadecimal digits', '2026-11'),
      ...structProblems('options', options, '{ cpuArchitecture: CpuArchitecture.ARM64 }', ({ cpuArchitecture }) =>
        [architectureProblem('cpuArchitecture', cpuArchitecture)]),
    ]);
    const kind = isArm(options.cpuArchitecture) ? codebuild.LinuxArmBuildImage : codebuild.LinuxBuildImage;
    const architecture = options.cpuArchitecture ?? ecs.CpuArchitecture.X86_64;
    return new BuildImage(() => kind.fromEcrRepository(repository, tagOrDigest), architecture, repository, tagOrDigest);
  }

  private constructor(
    private readonly make: () => codebuild.IBuildImage,
    /** The processor of the machine that the image runs on. */
    public readonly cpuArchitecture: ecs.CpuArchitecture,
    /** @internal */
    public readonly _repository?: ecr.IRepository,
    /** @internal */
    public readonly _tagOrDigest?: string,
  ) {}

  /** @internal */
  public _bind(): codebuild.IBuildImage {
    return this.make();
  }
}
