import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { FIND_IMAGE, strict } from './shell';

/** The folder of the release in the source; each build empties it. */
const RELEASE = '.bluegreen-release';

/** An environment, and the variable that holds its settings as JSON. */
export interface ReleasedEnvironment {
  readonly name: string;
  readonly variable: string;
}

/**
 * Writes a release from the digest of an image and from what CloudFormation registered: see
 * `BuildSteps.release`. No command contains a value of the user.
 */
export function releaseSpec(environments: readonly ReleasedEnvironment[]): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      'shell': 'bash',
      'variables': { TASK_DEFINITION_FILTER, APP_SPEC_FILTER },
      'exported-variables': ['IMAGE_URI'],
    },
    phases: {
      build: {
        commands: [
          ...FIND_IMAGE,
          ASK_REGISTRY,
          `rm -rf ${RELEASE} && mkdir ${RELEASE}`,
          `printf '{"ImageURI":"%s"}' "$IMAGE_URI" > ${RELEASE}/imageDetail.json`,
          ...environments.flatMap(writeEnvironment),
          'echo "Released $IMAGE_URI"',
        ],
      },
    },
    artifacts: { 'base-directory': RELEASE, 'files': ['**/*'] },
  });
}

/** The image must be in the repository; the address of a repository is `<account>.dkr.ecr.<region>.<domain>/<name>`. */
const ASK_REGISTRY = strict([
  'aws ecr describe-images --region "$(cut -d . -f 4 <<< "$IMAGE_REPOSITORY")" --registry-id "${IMAGE_REPOSITORY%%.*}"',
  '--repository-name "${IMAGE_REPOSITORY#*/}" --image-ids "imageDigest=$IMAGE_DIGEST" > /dev/null',
].join(' '));

function writeEnvironment({ name, variable }: ReleasedEnvironment): string[] {
  return [
    strict([
      `aws ecs describe-task-definition --task-definition "$(jq -er .taskDefinition <<< "$${variable}")"`,
      '--include TAGS |',
      `jq --argjson settings "$${variable}" "$TASK_DEFINITION_FILTER" > ${RELEASE}/taskdef-${name}.json`,
    ].join(' ')),
    strict(`jq -r "$APP_SPEC_FILTER" <<< "$${variable}" > ${RELEASE}/appspec-${name}.yaml`),
  ];
}

/**
 * Converts the output of `DescribeTaskDefinition` to the input of `RegisterTaskDefinition`, in the family that the
 * service runs and with a placeholder for the image. CloudFormation adds its own tags, which only AWS may set.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
const TASK_DEFINITION_FILTER = [
  '(.tags // [] | map(select(.key | startswith("aws:") | not))) as $tags',
  '.taskDefinition',
  'del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities)',
  'del(.registeredAt, .registeredBy, .deregisteredAt)',
  '.family = $settings.family',
  '.containerDefinitions |= map(if .name == $settings.container then .image = "<IMAGE1_NAME>" else . end)',
  'if $tags == [] then . else .tags = $tags end',
].join(' | ');

/**
 * Renders the container that receives the traffic, and the functions that are called. CodeDeployToECS replaces
 * `<TASK_DEFINITION>`; a JSON string is a YAML string, too.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
const APP_SPEC_FILTER = [
  '"version: 0.0", "Resources:", "  - TargetService:", "      Type: AWS::ECS::Service", "      Properties:"',
  '"        TaskDefinition: <TASK_DEFINITION>", "        LoadBalancerInfo:"',
  '"          ContainerName: \\(.container | @json)", "          ContainerPort: \\(.port)"',
  '(.hooks // {} | if . == {} then empty else "Hooks:", (to_entries[] | "  - \\(.key): \\(.value | @json)") end)',
].join(', ');
