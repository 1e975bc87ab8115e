import { aws_ecr as ecr, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledged';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { DEFAULT_CPU, DEFAULT_MEMORY_LIMIT_MIB } from '../defaults';
import { EnvironmentOptions } from '../environment-options';

export interface TaskDefinitionOptions extends EnvironmentOptions {
  readonly names: Names;
  readonly repository: ecr.IRepository;
  /** Props of this task definition and of the revision that runs. */
  readonly shared: ecs.FargateTaskDefinitionProps & { readonly executionRole: ScopedRole };
  readonly containerName: string;
  readonly containerPort: number;
  readonly logging: ecs.LogDriver;
}

/**
 * Actions that ECS needs for secrets. CDK would also allow it to describe secrets and parameters and to read their
 * history.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
const SECRET_ACTIONS = ['kms:Decrypt', 'secretsmanager:GetSecretValue', 'ssm:GetParameters'];

/** Creates the task definition for releases; it never runs itself. */
export function taskDefinition(scope: Construct, options: TaskDefinitionOptions): ecs.FargateTaskDefinition {
  const { containerName, shared } = options;
  const definition = new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    ...shared,
    family: options.names.claim('taskdef'),
    cpu: options.cpu ?? DEFAULT_CPU,
    memoryLimitMiB: options.memoryLimitMiB ?? DEFAULT_MEMORY_LIMIT_MIB,
  });
  shared.executionRole.allowingOnly(SECRET_ACTIONS, () => definition.addContainer(containerName, {
    containerName,
    // Never pulled: a release puts the image in by digest.
    image: ecs.ContainerImage.fromRegistry(`${options.repository.repositoryUri}:set-by-the-release`),
    command: options.tasks?.command,
    environment: options.containerEnvironment,
    secrets: options.containerSecrets,
    portMappings: [{ containerPort: options.containerPort }],
    logging: options.logging,
    linuxParameters: new ecs.LinuxParameters(definition, 'LinuxParameters', { initProcessEnabled: true }),
  }));
  acknowledge(definition, 'ECS2', "Only 'containerEnvironment' is set in the task definition, "
    + "which is for values that are not secret; secrets belong in 'containerSecrets'.",
  () => containersWithVariables(definition).join() === containerName);
  return definition;
}

/** The names of the containers that have variables, those that a user added included. */
function containersWithVariables(definition: ecs.FargateTaskDefinition): string[] {
  const { containerDefinitions } = definition.node.defaultChild as ecs.CfnTaskDefinition;
  const containers = Stack.of(definition).resolve(containerDefinitions) as Container[];
  return containers.filter(({ environment }) => environment !== undefined).map(({ name }) => name);
}

interface Container {
  readonly name: string;
  readonly environment?: unknown;
}
