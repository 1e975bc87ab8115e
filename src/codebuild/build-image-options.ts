import { aws_ecs as ecs } from 'aws-cdk-lib';

/** Options for an image in your own ECR repository. */
export interface EcrBuildImageOptions {
  /**
   * CPU architecture of the image, and of the machine that it runs on.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
}
