import { aws_ecs as ecs, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Hook } from './hooks';
import { jsonText } from './json-text';
import { registerTaskDefinitionInput } from './register-task-definition';

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
  const properties = rendered(definition.node.defaultChild);
  return jsonText(Stack.of(definition), registerTaskDefinitionInput({
    ...properties,
    Family: family,
    ContainerDefinitions: (properties.ContainerDefinitions as { Name?: unknown }[]).map((container) =>
      container.Name === containerName ? { ...container, Image: `<${IMAGE_PLACEHOLDER}>` } : container),
  }));
}

/** The properties of a resource as they will stand in the template: escape hatches of the user's included. */
export function rendered(resource: IConstruct | undefined): { [name: string]: unknown } {
  // Marked internal, so not in the type; the one way to see overrides.
  const renderable = resource as unknown as CfnResource & { _toCloudFormation(): object };
  const template = renderable.stack.resolve(renderable._toCloudFormation()) as { Resources: { [id: string]: { Properties: object } } };
  return { ...Object.values(template.Resources)[0].Properties };
}
