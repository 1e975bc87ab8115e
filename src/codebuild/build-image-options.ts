import { aws_ecs as ecs } from 'aws-cdk-lib';

/** Options for `BuildImage.fromEcrRepository()`. */
export interface EcrBuildImageOptions {
  /**
   * CPU architecture of the image, and of the machine that it runs on: x86-64 or ARM64.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
}
