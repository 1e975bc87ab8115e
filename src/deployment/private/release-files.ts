import { aws_ecs as ecs, CfnResource, Stack } from 'aws-cdk-lib';

/** What CodeDeployToECS puts the image into: `<IMAGE1_NAME>` in the task definition. */
export const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

/**
 * The appspec of a service: which container gets the traffic. CodeDeployToECS replaces `<TASK_DEFINITION>`.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
export function appSpec(containerName: string, containerPort: number): string {
  return [
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: <TASK_DEFINITION>',
    '        LoadBalancerInfo:',
    `          ContainerName: ${containerName}`,
    `          ContainerPort: ${containerPort}`,
    '',
  ].join('\n');
}

/**
 * The CDK task definition as the text that `RegisterTaskDefinition` takes, with the image of one container left open,
 * and in the family that the service runs.
 */
export function taskDefinitionTemplate(definition: ecs.TaskDefinition, containerName: string, family: string): string {
  const stack = Stack.of(definition);
  const properties = toApi(rendered(stack, definition.node.defaultChild as CfnResource)) as {
    containerDefinitions: { name: string; image: string }[];
  };
  return stack.toJsonString({
    ...properties,
    family,
    containerDefinitions: properties.containerDefinitions.map((container) =>
      container.name === containerName ? { ...container, image: `<${IMAGE_PLACEHOLDER}>` } : container),
  });
}

/** The properties as they will stand in the template: escape hatches of the user's included. */
function rendered(stack: Stack, resource: CfnResource): unknown {
  // Marked internal, so not in the type; the one way to see overrides.
  const renderable = resource as unknown as { _toCloudFormation(): object };
  const { Resources } = stack.resolve(renderable._toCloudFormation()) as { Resources: { [id: string]: { Properties: unknown } } };
  return Object.values(Resources)[0].Properties;
}

/** Properties whose keys are the user's own words, not names of the API. */
const MAPS = new Set(['DockerLabels', 'DriverOpts', 'Labels', 'Options']);

/** Names that are not the CloudFormation name with a small first letter. */
const RENAMED: { [name: string]: string } = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
};

/** CloudFormation's form of a task definition in the form of the API: names begin small, intrinsics stay. */
function toApi(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(toApi);
  }
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value)
    .filter(([, inner]) => !isNoValue(inner))
    .map(([name, inner]) => [RENAMED[name] ?? name[0].toLowerCase() + name.slice(1), MAPS.has(name) ? inner : toApi(inner)]));
}

function isIntrinsic(value: object): boolean {
  const [first, ...others] = Object.keys(value);
  return others.length === 0 && first !== undefined && (first === 'Ref' || first.startsWith('Fn::'));
}

function isNoValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { Ref?: unknown }).Ref === 'AWS::NoValue';
}
