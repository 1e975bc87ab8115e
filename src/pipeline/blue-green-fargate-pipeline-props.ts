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
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * Lower-case letters, digits and single hyphens, starting with a letter. It must be short enough
   * for every name that is made from it: 12 characters beside an environment called `production`.
   * Frozen once deployed: every name would change.
   */
  readonly environmentSuffix: string;

  /** Where the code comes from. */
  readonly source: PipelineSource;

  /**
   * Who gets the alerts, by e-mail, and is asked for approvals unless `approverEmails` says
   * otherwise.
   *
   * Each address first gets messages from SNS that it must confirm; until then it gets nothing
   * else.
   */
  readonly notificationEmails: string[];

  /**
   * Who is asked before a release goes to an environment.
   *
   * @default - the `notificationEmails`
   */
  readonly approverEmails?: string[];

  /**
   * The environments, at most 12, in the order in which a release reaches them.
   *
   * The defaults of an environment do not depend on its place: see `PipelineEnvironment`.
   *
   * @default [PipelineEnvironment.staging(), PipelineEnvironment.production()]
   */
  readonly environments?: PipelineEnvironment[];

  /**
   * The network of all environments; needs public subnets, and private subnets with a way out, in
   * two zones. Isolated ones do with a `bootstrapImage` and with VPC endpoints for ECR, S3 and
   * CloudWatch Logs. Frozen once deployed.
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
   * Where the images are kept; with immutable tags, or a tag may change its meaning.
   *
   * A repository that you bring keeps its own lifecycle rules. They must not delete the images that an
   * environment runs, which have tags that begin with `live-<environment>-`; synthesis warns if it can
   * read the rules. A repository of another region or account gets no such tags.
   *
   * @default - a repository of its own: immutable tags, scan on push, every image that an environment
   * runs or ran and the last 1500 others, emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * How the image is made: `BuildSteps.image` with build arguments, a target stage, commands, a
   * cache, or a buildspec of yours, which must export the digest of the image as `IMAGE_DIGEST`. The
   * steps know the repository and the registry credentials of the pipeline.
   *
   * @default BuildSteps.image()
   */
  readonly buildSteps?: BuildSteps;

  /**
   * What the test stage runs; it finds the source in its working folder and the digest of the
   * image in `$IMAGE_DIGEST`. The steps know the repository of the pipeline, its port and path,
   * and the plain variables and the command of its first environment.
   *
   * @default BuildSteps.probe()
   */
  readonly testSteps?: BuildSteps;

  /**
   * The login to a registry other than ECR, for images that the Dockerfile pulls.
   *
   * @default - an entry for Docker Hub with placeholders, which the build ignores until a person
   * replaces them
   */
  readonly registryCredentials?: RegistryLogin;

  /**
   * The processor of builds and tasks, and the images that they run in beside the application's
   * own.
   *
   * @default - x86-64, with images from ECR Public
   */
  readonly platform?: PlatformOptions;

  /**
   * Where and how the pipeline keeps what it produces.
   *
   * @default - in an artifact bucket without access logs
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
