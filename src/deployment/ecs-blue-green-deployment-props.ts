import { aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';
import { EnvironmentOptions } from './environment-options';

/** Properties of an `EcsBlueGreenDeployment`. */
export interface EcsBlueGreenDeploymentProps extends EnvironmentOptions {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen. The suffix and the environment name can have at
   * most 22 characters in total.
   */
  readonly environmentSuffix: string;

  /** Name of the environment: lower-case letters and digits, starting with a letter. */
  readonly environmentName: string;

  /**
   * ECR repository of the application's images. Tasks are granted pull access.
   *
   * Its lifecycle rules must not delete images with a tag that begins with `live-<environment>-`.
   */
  readonly repository: ecr.IRepository;

  /**
   * VPC of the tasks and the load balancer.
   *
   * It needs public subnets for a public load balancer, and private subnets with a route to the Internet for the tasks,
   * in at least two Availability Zones. Isolated subnets work if you provide a `bootstrapImage` and VPC endpoints for
   * ECR, S3 and CloudWatch Logs.
   *
   * Must not change after the first deployment: ECS cannot change the network of a service that CodeDeploy controls.
   *
   * @default - a new VPC with two Availability Zones and one NAT gateway
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Port that the container listens on, from 1 to 65535.
   *
   * Must not change after the first deployment.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * Path that must return status 200 for a task to be healthy: at most 1024 printable ASCII characters, starting with
   * "/", without "#".
   *
   * @default "/"
   */
  readonly healthCheckPath?: string;

  /**
   * CPU architecture of the tasks: x86-64 or ARM64.
   *
   * With ARM64 (AWS Graviton), every image that a task runs must support ARM64. Must not change after the first
   * deployment.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * Retention of the task logs.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

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
