import { aws_ecr as ecr, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../../private/acknowledged';
import { NameParts, nameOf } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { EnvironmentOptions } from '../environment-options';

export interface TaskDefinitionOptions extends EnvironmentOptions {
  readonly names: Required<NameParts>;
  readonly repository: ecr.IRepository;
  readonly shared: ecs.FargateTaskDefinitionProps & { readonly executionRole: ScopedRole };
  readonly containerName: string;
  readonly containerPort: number;
  readonly logging: ecs.LogDriver;
}

/** What releases are made from; it never runs itself. */
export function taskDefinition(scope: Construct, options: TaskDefinitionOptions): ecs.FargateTaskDefinition {
  const { containerName } = options;
  const definition = new ecs.FargateTaskDefinition(scope, 'TaskDefinition', {
    ...options.shared,
    family: nameOf(scope, 'taskdef', options.names),
    cpu: options.cpu ?? 256,
    memoryLimitMiB: options.memoryLimitMiB ?? 512,
  });
  // CDK would allow ECS to describe secrets and parameters and to read their history as well, which it does not do.
  // See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
  options.shared.executionRole.whileAdmitting(['kms:Decrypt', 'secretsmanager:GetSecretValue', 'ssm:GetParameters'], () => definition.addContainer(containerName, {
    containerName,
    // Never pulled: a release puts the image in by digest.
    image: ecs.ContainerImage.fromRegistry(`${options.repository.repositoryUri}:set-by-the-release`),
    command: options.containerCommand,
    environment: options.containerEnvironment,
    secrets: options.containerSecrets,
    portMappings: [{ containerPort: options.containerPort }],
    logging: options.logging,
    linuxParameters: new ecs.LinuxParameters(definition, 'LinuxParameters', { initProcessEnabled: true }),
  }));
  acknowledge(definition, 'ECS2', "Only 'containerEnvironment' is set in the task definition, for values that are no secret; secrets go into 'containerSecrets'.",
    () => containersWithVariables(definition).join() === containerName);
  return definition;
}

/** The names of the containers that have variables, those that a user added included. */
function containersWithVariables(definition: ecs.FargateTaskDefinition): string[] {
  const { containerDefinitions } = definition.node.defaultChild as ecs.CfnTaskDefinition;
  return (Stack.of(definition).resolve(containerDefinitions) as { name: string; environment?: unknown }[])
    .filter(({ environment }) => environment !== undefined).map(({ name }) => name);
}
