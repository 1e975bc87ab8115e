import { aws_ecs as ecs } from 'aws-cdk-lib';
import { BuildImage } from '../codebuild/build-image';

/**
 * CPU architecture of a pipeline, and the images that it uses besides the application's own.
 *
 * All of these images must support the CPU architecture.
 */
export interface PlatformOptions {
  /**
   * CPU architecture of the image, the builds and the tasks.
   *
   * Frozen once deployed, because the bootstrap tasks use it too. With ARM64 (AWS Graviton), every image
   * that a task runs must support ARM64, including a `bootstrapImage` and sidecars.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * Image that builds and tests run in. It must support `cpuArchitecture`.
   *
   * @default BuildImage.AMAZON_LINUX_2023, or BuildImage.AMAZON_LINUX_2023_ARM64
   */
  readonly buildImage?: BuildImage;

  /**
   * Image of the tasks before the first release.
   *
   * It must listen on the container port and answer 200 on the health check path. Set it if tasks cannot
   * reach ECR Public; it is required if the private subnets of the VPC are isolated. Frozen once deployed.
   *
   * @default - a Node.js image from ECR Public that answers 200 on every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;
}
