import { aws_ecs as ecs, aws_logs as logs, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { addBootstrapContainer, BOOTSTRAP_SIZE } from './bootstrap';
import { executionRole, taskRole } from './deployment-roles';
import { taskDefinition } from './task-definition';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { isArm64 } from '../../private/shared-checks';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';

export interface TasksOptions extends EcsBlueGreenDeploymentProps {
  readonly names: Names;
  readonly containerPort: number;
  readonly logRetention: logs.RetentionDays;
}

/** Task definitions of a deployment, with their roles and their log group. */
export interface Tasks {
  readonly logGroup: logs.LogGroup;
  readonly taskRole: ScopedRole;
  readonly executionRole: ScopedRole;
  /** The bootstrap revision of the family that the service runs. */
  readonly running: ecs.FargateTaskDefinition;
  readonly bootstrapImageName: string;
  /** The task definition for releases. */
  readonly definition: ecs.FargateTaskDefinition;
}

/** The container that gets the traffic. Frozen: the service names it. */
export const CONTAINER = 'app';

/**
 * ECS runs x86-64 without a runtime platform, and tasks that were deployed before this option existed must not get
 * one.
 */
const ARM64: ecs.RuntimePlatform = {
  cpuArchitecture: ecs.CpuArchitecture.ARM64,
  operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
};

export function createTasks(scope: Construct, options: TasksOptions): Tasks {
  const { names, repository, containerPort, bootstrapImage } = options;
  const logGroup = new logs.LogGroup(scope, 'Logs', {
    logGroupName: names.claim('logs-service'),
    retention: options.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const application = taskRole(scope, names);
  const { tasks: { policies = [], guardDutyAgent } = {}, retiring = {} } = options;
  [...policies, ...retiring.statements ?? []].forEach((statement) => application.addToPrincipalPolicy(statement));
  const taskExecutionRole = executionRole(scope, { names, repository, logGroup, guardDutyAgent });
  retiring.secrets?.forEach((secret) => secret.grantRead(taskExecutionRole));
  retiring.repositories?.forEach((retired) => retired.grantPull(taskExecutionRole));
  const shared = {
    taskRole: application,
    executionRole: taskExecutionRole,
    ...(isArm64(options.cpuArchitecture) && { runtimePlatform: ARM64 }),
  };
  const running = new ecs.FargateTaskDefinition(scope, 'Bootstrap', {
    ...shared,
    ...BOOTSTRAP_SIZE,
    family: names.claim('task'),
  });
  const bootstrap = addBootstrapContainer(running, {
    containerName: CONTAINER,
    containerPort,
    image: bootstrapImage,
    logging: logging(logGroup, 'bootstrap'),
  });
  const definition = taskDefinition(scope, {
    ...options,
    shared,
    containerName: CONTAINER,
    logging: logging(logGroup, 'app'),
  });
  return {
    logGroup,
    taskRole: application,
    executionRole: taskExecutionRole,
    running,
    bootstrapImageName: bootstrap.imageName,
    definition,
  };
}

/** CDK's awslogs driver would grant what the execution role already has. */
function logging(logGroup: logs.LogGroup, streamPrefix: string): ecs.LogDriver {
  return new ecs.GenericLogDriver({
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logGroup.logGroupName,
      'awslogs-region': Stack.of(logGroup).region,
      'awslogs-stream-prefix': streamPrefix,
    },
  });
}
