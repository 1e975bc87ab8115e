import { aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';
import { EnvironmentOptions } from './environment-options';

/** Properties of an `EcsBlueGreenDeployment`. */
export interface EcsBlueGreenDeploymentProps extends EnvironmentOptions {
  /** The end of every physical name, which keeps several applications in one account apart. */
  readonly environmentSuffix: string;

  /** The name of the environment; lower-case letters and digits. */
  readonly environmentName: string;

  /**
   * Where the images of the application are; tasks may pull from it.
   *
   * Its lifecycle rules must not delete images with a tag that begins with `live-<environment>-`.
   */
  readonly repository: ecr.IRepository;

  /**
   * The network; needs public subnets for a public load balancer, and private subnets with a way
   * out for the tasks, in two zones. Isolated ones do with a `bootstrapImage` and with VPC
   * endpoints for ECR, S3 and CloudWatch Logs.
   *
   * Frozen once deployed: ECS cannot move a service that CodeDeploy controls.
   *
   * @default - a network of its own: two zones and one NAT gateway
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The port that the container listens on, from 1 to 65535. Frozen once deployed.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * The path that must answer with status 200 for a task to be healthy, at most 1024 characters.
   *
   * @default "/"
   */
  readonly healthCheckPath?: string;

  /**
   * The processor that tasks run on. Frozen once deployed. With ARM64 every image that a task runs
   * must be made for ARM64.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * How long the logs of the tasks are kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The image of the tasks before the first release. It must listen on the container port and
   * answer 200 on the health path. Needed where tasks cannot reach ECR Public; required where the
   * private subnets of the network are isolated. Frozen once deployed.
   *
   * @default - a Node.js image from ECR Public that answers 200 on every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;
}
