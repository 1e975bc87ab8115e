import { aws_ecs as ecs, Lazy, Stack } from 'aws-cdk-lib';
import { Hook } from './hooks';
import { jsonText } from './json-text';
import { registerTaskDefinitionInput } from './register-task-definition';
import { renderedProperties } from '../../private/rendered-properties';

/** What CodeDeployToECS puts the image into: `<IMAGE1_NAME>` in the task definition. */
export const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

export interface ReleaseFileNames {
  readonly taskDefinition: string;
  readonly appSpec: string;
}

/** The names of the release files of an environment. */
export function releaseFileNames(environmentName: string): ReleaseFileNames {
  return {
    taskDefinition: `taskdef-${environmentName}.json`,
    appSpec: `appspec-${environmentName}.yaml`,
  };
}

export interface ReleaseFilesOptions {
  readonly environmentName: string;
  readonly definition: ecs.TaskDefinition;
  /** The family that the service runs. */
  readonly family: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly hooks: Hook[];
}

/** The text of each release file, by its name. */
export function releaseFiles(options: ReleaseFilesOptions): { [name: string]: string } {
  const names = releaseFileNames(options.environmentName);
  return {
    // Not cached: while CDK still prepares the app, a reference to another stack is not yet the import that it becomes.
    [names.taskDefinition]: Lazy.uncachedString({ produce: () => taskDefinitionTemplate(options) }),
    [names.appSpec]: appSpec(options),
  };
}

/**
 * The appspec of a service: which container gets the traffic, and which functions are called.
 * CodeDeployToECS replaces `<TASK_DEFINITION>`.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
function appSpec({ containerName, containerPort, hooks }: ReleaseFilesOptions): string {
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
    ...(hooks.length > 0 ? ['Hooks:'] : []),
    ...hooks.map(({ event, handler }) => `  - ${event}: "${handler.functionArn}"`),
    '',
  ].join('\n');
}

/**
 * The CDK task definition as the text that `RegisterTaskDefinition` takes, with the image of one
 * container left open, and in the family that the service runs.
 */
function taskDefinitionTemplate({ definition, containerName, family }: ReleaseFilesOptions): string {
  const properties = renderedProperties(definition.node.defaultChild);
  const containers = properties.ContainerDefinitions as { Name?: unknown }[];
  return jsonText(Stack.of(definition), registerTaskDefinitionInput({
    ...properties,
    Tags: allTags(definition, properties.Tags as Tag[] | undefined),
    Family: family,
    ContainerDefinitions: containers.map((container) => (container.Name === containerName
      ? { ...container, Image: `<${IMAGE_PLACEHOLDER}>` }
      : container)),
  }));
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/**
 * The tags of a task definition and those of its stack, such as `new Stack(app, id, { tags })`: CloudFormation
 * passes the latter to the resources that it creates, but not to what a release registers.
 */
function allTags(definition: ecs.TaskDefinition, own: readonly Tag[] = []): Tag[] | undefined {
  const keys = own.map(({ Key }) => Key);
  const inherited = Object.entries(Stack.of(definition).tags.tagValues())
    .filter(([key]) => !keys.includes(key))
    .map(([Key, Value]) => ({ Key, Value }));
  const tags = [...own, ...inherited];
  return tags.length === 0 ? undefined : tags;
}
