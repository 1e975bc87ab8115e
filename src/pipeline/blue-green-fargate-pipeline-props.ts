import { aws_ec2 as ec2, aws_ecr as ecr, aws_iam as iam } from 'aws-cdk-lib';
import { PipelineEnvironment } from './pipeline-environment';
import { PlatformOptions } from './platform-options';
import { StorageOptions } from './storage-options';
import { BuildSteps } from '../codebuild/build-steps';
import { RegistryLogin } from '../codebuild/registry-login';
import { PipelineSource } from '../source/pipeline-source';

/** Properties of a `BlueGreenFargatePipeline`. */
export interface BlueGreenFargatePipelineProps {
  /**
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment environment.
   *
   * It is part of every physical name, so several instances can share an account. Use lower-case letters, digits and
   * single hyphens, starting with a letter and not ending in a hyphen. The suffix and the longest environment name can
   * have at most 22 characters in total: with an environment named `production`, the suffix can have at most 12. Must
   * not change after the first deployment, because every physical name would change.
   */
  readonly environmentSuffix: string;

  /** Source repository and branch of the application. */
  readonly source: PipelineSource;

  /**
   * E-mail addresses that receive the alerts, and the approval requests unless `approverEmails` is set.
   *
   * SNS first sends each address a confirmation link for every topic. An address receives no messages from a topic
   * until its owner confirms the subscription.
   */
  readonly notificationEmails: string[];

  /**
   * E-mail addresses that receive the approval requests.
   *
   * @default - the `notificationEmails`
   */
  readonly approverEmails?: string[];

  /**
   * Environments in deployment order, at most 10.
   *
   * The defaults of an environment do not depend on its position in the list: see `PipelineEnvironment`.
   *
   * @default [PipelineEnvironment.staging(), PipelineEnvironment.production()]
   */
  readonly environments?: PipelineEnvironment[];

  /**
   * VPC of all environments.
   *
   * It needs public subnets, and private subnets with a route to the Internet, in at least two Availability Zones.
   * Isolated subnets work if you provide a `bootstrapImage` and VPC endpoints for ECR, S3 and CloudWatch Logs. Must not
   * change after the first deployment.
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
   * ECR repository of the application's images. Its tags should be immutable, so that a tag always refers to the same
   * image.
   *
   * A repository that you provide keeps its own lifecycle rules. They must not delete the images that an environment
   * runs, whose tags begin with `live-<environment>-`. Synthesis warns about such a rule if it can read the rules.
   * Images in a repository in another region or account do not get these tags.
   *
   * @default - a new repository with immutable tags and scan on push; it keeps every image that an environment runs or
   * ran and the last 1500 other images, and is emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * Steps of the build stage, which build and push the image.
   *
   * Use `BuildSteps.image` to set build arguments, a target stage, commands or a cache, or pass your own
   * buildspec, which must export the digest of the image as `IMAGE_DIGEST`. The steps use the repository
   * and the registry credentials of the pipeline.
   *
   * @default BuildSteps.image()
   */
  readonly buildSteps?: BuildSteps;

  /**
   * Steps of the test stage.
   *
   * The commands start in the root of the source, and `$IMAGE_DIGEST` holds the digest of the image. The steps use the
   * repository, port and health check path of the pipeline. `BuildSteps.probe` also uses the settings of the first
   * environment, such as its command and its `containerEnvironment`, but no secrets.
   *
   * @default BuildSteps.probe()
   */
  readonly testSteps?: BuildSteps;

  /**
   * Login to a container registry other than ECR, for images that the Dockerfile pulls.
   *
   * @default - a secret for Docker Hub with placeholders, which the build ignores until you replace them
   */
  readonly registryCredentials?: RegistryLogin;

  /**
   * CPU architecture of builds and tasks, and the build and bootstrap images.
   *
   * @default - x86-64, with images from ECR Public
   */
  readonly platform?: PlatformOptions;

  /**
   * Retention of images and artifacts, access logs, and additional roles that write artifacts.
   *
   * @default - the last 1500 images, artifacts for 365 days, no access logs
   */
  readonly storage?: StorageOptions;

  /**
   * IAM roles of the on-call engineers, for operating this pipeline.
   *
   * The roles are granted the API calls of the operations guide on the resources of this pipeline: roll back a stage,
   * start and stop executions, disable and enable stage transitions, end a deployment, scale the service, and read the
   * state that these tasks need. They are not granted permission to approve a release, disable the alarms of a
   * deployment group, change a listener or continue a CloudFormation update rollback. A stage rollback needs no
   * approval.
   *
   * Each role must belong to the stack's account and be mutable.
   *
   * @see https://github.com/org/bluegreen-pipeline/blob/main/docs/operations.md
   * @default - no role is granted permissions
   */
  readonly operatorRoles?: iam.IRole[];
}
