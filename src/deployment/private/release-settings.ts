import { aws_ecs as ecs, Lazy, Stack } from 'aws-cdk-lib';
import { Hook } from './hooks';

export interface ReleaseSettingsOptions {
  readonly definition: ecs.TaskDefinition;
  /** The family that the service runs. */
  readonly family: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly hooks: Hook[];
}

/**
 * Settings of an environment for the project that writes releases, as JSON: the revision of the task definition
 * that a release is made from, and the values of its appspec.
 */
export function releaseSettings(options: ReleaseSettingsOptions): string {
  const { definition, family, containerName, containerPort, hooks } = options;
  return Stack.of(definition).toJsonString({
    taskDefinition: revisionOf(definition),
    family,
    container: containerName,
    port: containerPort,
    ...(hooks.length > 0 && {
      hooks: Object.fromEntries(hooks.map(({ event, handler }) => [event, handler.functionArn])),
    }),
  });
}

/**
 * The revision that CloudFormation registered. For another stack it is the newest of the family: an export with
 * the number of the revision could not change while that stack imports it.
 */
function revisionOf(definition: ecs.TaskDefinition): string {
  return Lazy.uncachedString({
    produce: ({ scope }) => Stack.of(scope) === Stack.of(definition) ? definition.taskDefinitionArn : definition.family,
  });
}
