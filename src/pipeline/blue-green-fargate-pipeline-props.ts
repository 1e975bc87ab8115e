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
   * Name of this instance of the stack (an application, a branch or a person), not of a deployment
   * environment.
   *
   * Every physical name ends with it, so several instances can share an account. Use lower-case letters,
   * digits and single hyphens, starting with a letter. The longest physical name limits its length: at most
   * 12 characters with an environment called `production`. Frozen once deployed: every name would change.
   */
  readonly environmentSuffix: string;

  /** Source repository and branch of the application. */
  readonly source: PipelineSource;

  /**
   * E-mail addresses that receive the alerts, and the approval requests unless `approverEmails` is set.
   *
   * SNS first sends confirmation messages to each address; until they are confirmed, the address receives
   * nothing else.
   */
  readonly notificationEmails: string[];

  /**
   * E-mail addresses that receive the approval requests.
   *
   * @default - the `notificationEmails`
   */
  readonly approverEmails?: string[];

  /**
   * Environments in the order in which a release reaches them, at most 10.
   *
   * The defaults of an environment do not depend on its position: see `PipelineEnvironment`.
   *
   * @default [PipelineEnvironment.staging(), PipelineEnvironment.production()]
   */
  readonly environments?: PipelineEnvironment[];

  /**
   * VPC of all environments.
   *
   * It needs public subnets, and private subnets with a route to the Internet, in two Availability Zones.
   * Isolated subnets work if you provide a `bootstrapImage` and VPC endpoints for ECR, S3 and CloudWatch
   * Logs. Frozen once deployed.
   *
   * @default - a new VPC with two Availability Zones and one NAT gateway
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Port that the container listens on, from 1 to 65535. Frozen once deployed.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * Path that must answer with status 200 for a task to be healthy, at most 1024 characters.
   *
   * @default "/"
   */
  readonly healthCheckPath?: string;

  /**
   * ECR repository of the application's images. Its tags should be immutable, so that a tag always means
   * the same image.
   *
   * A repository that you provide keeps its own lifecycle rules. They must not delete the images that an
   * environment runs, whose tags begin with `live-<environment>-`; synthesis warns if it can read the
   * rules. Images in a repository of another region or account get no such tags.
   *
   * @default - a new repository with immutable tags and scan on push; it keeps every image that an
   * environment runs or ran and the last 1500 others, and is emptied and deleted with the stack
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
   * They start in the root of the source, with the digest of the image in `$IMAGE_DIGEST`. They use the
   * repository, port and health check path of the pipeline, and the plain variables and the command of its
   * first environment.
   *
   * @default BuildSteps.probe()
   */
  readonly testSteps?: BuildSteps;

  /**
   * Login to a registry other than ECR, for images that the Dockerfile pulls.
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
   * Roles of the people on call. They may make the calls of the page on operations on the resources
   * of this pipeline: roll a stage back, start, stop and hold executions, end a deployment, scale, and
   * read what these need.
   *
   * They may not approve, switch off the alarms of a deployment group, change a listener, or continue
   * a rollback of CloudFormation. A stage rollback asks for no approval. The roles must belong to the
   * account of the stack and be mutable.
   *
   * @see https://github.com/org/bluegreen-pipeline/blob/main/docs/operations.md
   * @default - no role gets these permissions
   */
  readonly operatorRoles?: iam.IRole[];
}
