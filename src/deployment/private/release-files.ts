import { aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { Hook } from './hooks';
import { jsonText } from './json-text';
import { registerTaskDefinitionInput } from './register-task-definition';
import { renderedProperties } from '../../private/rendered-properties';

/** What CodeDeployToECS puts the image into: `<IMAGE1_NAME>` in the task definition. */
export const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

/**
 * The appspec of a service: which container gets the traffic, and which functions are called. CodeDeployToECS replaces `<TASK_DEFINITION>`.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
export function appSpec(containerName: string, containerPort: number, hooks: Hook[]): string {
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
 * The CDK task definition as the text that `RegisterTaskDefinition` takes, with the image of one container left open,
 * and in the family that the service runs.
 */
export function taskDefinitionTemplate(definition: ecs.TaskDefinition, containerName: string, family: string): string {
  const properties = renderedProperties(definition.node.defaultChild);
  return jsonText(Stack.of(definition), registerTaskDefinitionInput({
    ...properties,
    Family: family,
    ContainerDefinitions: (properties.ContainerDefinitions as { Name?: unknown }[]).map((container) =>
      container.Name === containerName ? { ...container, Image: `<${IMAGE_PLACEHOLDER}>` } : container),
  }));
}
