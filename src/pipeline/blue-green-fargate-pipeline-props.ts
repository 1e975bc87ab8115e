import { aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, aws_s3 as s3, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { PipelineEnvironment } from './pipeline-environment';
import { BuildImage } from '../codebuild/build-image';
import { BuildSteps } from '../codebuild/build-steps';
import { PipelineSource } from '../source/pipeline-source';

/** Properties of a `BlueGreenFargatePipeline`. */
export interface BlueGreenFargatePipelineProps {
  /**
   * The end of every physical name, which keeps several applications in one account apart.
   *
   * Lower-case letters, digits and single hyphens, starting with a letter. It must be short enough for every name that is
   * made from it: 12 characters beside an environment called `production`. Frozen once deployed: every name would change.
   */
  readonly environmentSuffix: string;

  /** Where the code comes from. */
  readonly source: PipelineSource;

  /**
   * Who gets the alerts, by e-mail, and is asked for approvals unless `approverEmails` says otherwise.
   *
   * Each address first gets messages from SNS that it must confirm; until then it gets nothing else.
   */
  readonly notificationEmails: string[];

  /**
   * Who is asked before a release goes to an environment.
   *
   * @default - the `notificationEmails`
   */
  readonly approverEmails?: string[];

  /**
   * The environments, at most 14 (15 with a `vpc`), in the order in which a release reaches them.
   *
   * Those before the last run one task and shift traffic all at once unless they say otherwise; the last runs two tasks
   * and starts with a canary.
   *
   * @default - `staging`, then `production`
   */
  readonly environments?: PipelineEnvironment[];

  /**
   * The network of all environments; needs public subnets, and private subnets with a way out, in two zones. Isolated ones do with a
   * `bootstrapImage` and with VPC endpoints for ECR, S3 and CloudWatch Logs. Frozen once deployed.
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
   * @default - a repository of its own: immutable tags, scan on push, the last 100 images, emptied and deleted with the stack
   */
  readonly repository?: ecr.IRepository;

  /**
   * The Dockerfile, relative to the root of the source; short for the same in `buildSteps`.
   *
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;

  /**
   * The folder that is sent to the image build, relative to the root of the source; short for `context` in `buildSteps`.
   *
   * @default "."
   */
  readonly buildContext?: string;

  /**
   * How the image is made: `BuildSteps.image` with build arguments, a target stage, commands, a cache, or a buildspec of yours,
   * which must export the image by digest as `IMAGE_URI`. The steps know the repository and the registry credentials of the
   * pipeline. After a buildspec a stage `Release` writes the release. Not together with `dockerfile` or `buildContext`.
   *
   * @default BuildSteps.image({ dockerfile, context: buildContext })
   */
  readonly buildSteps?: BuildSteps;

  /**
   * The image that builds and tests run in. Its processor must be `cpuArchitecture`.
   *
   * @default BuildImage.AMAZON_LINUX_2023, or BuildImage.AMAZON_LINUX_2023_ARM64
   */
  readonly buildImage?: BuildImage;

  /**
   * The processor that the image is built for, and that builds and tasks run on.
   *
   * Frozen once deployed: what runs before the first release says so, too. With ARM64 (AWS Graviton) every image that a task
   * runs must be made for ARM64, a `bootstrapImage` and sidecars included.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: ecs.CpuArchitecture;

  /**
   * What the test stage runs; it finds the source in its working folder and the release at `$CODEBUILD_SRC_DIR_Release`. The
   * steps know the repository of the pipeline, its port and path, and the plain variables and the command of its first environment.
   *
   * @default BuildSteps.probe()
   */
  readonly testSteps?: BuildSteps;

  /**
   * The login to a registry other than ECR, with the keys `registry`, `username` and `password`.
   *
   * @default - an entry for Docker Hub with placeholders, which the build ignores until a person replaces them
   */
  readonly registryCredentials?: secretsmanager.ISecret;

  /**
   * The image of the tasks before the first release. It must listen on the container port and answer 200 on the health path.
   * Needed where tasks cannot reach ECR Public; required where the private subnets of the network are isolated. Frozen once deployed.
   *
   * @default - a Node.js image from ECR Public that answers 200 on every path
   */
  readonly bootstrapImage?: ecs.ContainerImage;

  /**
   * A bucket that receives S3 server access logs of the artifact bucket.
   *
   * @default - no access logs are written
   */
  readonly accessLogsBucket?: s3.IBucket;
}
