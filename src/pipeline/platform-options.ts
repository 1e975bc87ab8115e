import { aws_ecs as ecs } from 'aws-cdk-lib';
import { BuildImage } from '../codebuild/build-image';

/**
 * Options for the CPU architecture of a pipeline, and for its build and bootstrap images.
 *
 * The images must support the CPU architecture.
 */
export interface PlatformOptions {
  /**
   * CPU architecture of the image, the builds and the tasks: x86-64 or ARM64.
   *
   * Must not change after the first deployment, because the bootstrap tasks use it too. With ARM64 (AWS Graviton),
   * every image that a task runs must support ARM64, including a `bootstrapImage` and sidecars.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * Image that the build and test stages run in. It must support `cpuArchitecture`.
   *
   * @default - BuildImage.AMAZON_LINUX_2023, or BuildImage.AMAZON_LINUX_2023_ARM64 if `cpuArchitecture` is ARM64
   */
  readonly buildImage?: BuildImage;

  /**
   * Image of the tasks that run before the first release.
   *
   * Its container must listen on the container port and return status 200 for the health check path. Set it if tasks
   * cannot reach ECR Public. It is required if the private subnets of the VPC are isolated. Must not change after the
   * first deployment.
   *
   * @default - a Node.js image from ECR Public that returns status 200 for every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;
}
