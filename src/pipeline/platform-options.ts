import { aws_ecs as ecs } from 'aws-cdk-lib';
import { BuildImage } from '../codebuild/build-image';

/**
 * The processor of a pipeline, and the images beside the application's own. All of them must be
 * made for that processor.
 */
export interface PlatformOptions {
  /**
   * The processor that the image is built for, and that builds and tasks run on.
   *
   * Frozen once deployed: the tasks before the first release run on it, too. With ARM64 (AWS
   * Graviton) every image that a task runs must be made for ARM64, a `bootstrapImage` and sidecars
   * included.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * The image that builds and tests run in. It must be made for `cpuArchitecture`.
   *
   * @default BuildImage.AMAZON_LINUX_2023, or BuildImage.AMAZON_LINUX_2023_ARM64
   */
  readonly buildImage?: BuildImage;

  /**
   * The image of the tasks before the first release. It must listen on the container port and
   * answer 200 on the health path.
   *
   * Needed where tasks cannot reach ECR Public; required where the private subnets of the network
   * are isolated. Frozen once deployed.
   *
   * @default - a Node.js image from ECR Public that answers 200 on every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;
}
