import { aws_ecs as ecs } from 'aws-cdk-lib';

/** What is to know about an image in a repository of yours. */
export interface EcrBuildImageOptions {
  /**
   * The processor that the image is made for, and so the machine that it runs on.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
}
