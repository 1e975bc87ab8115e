import { aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_ecs as ecs, aws_iam as iam, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { NameParts, nameOf } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { TrafficShift } from '../traffic-shift';
import { allowDeployment, codeDeployRole } from './deployment-roles';
import { Hook } from './hooks';
import { LoadBalancing } from './load-balancing';

/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html */
export const MAX_ALARMS = 10;

export const DEFAULT_TRAFFIC_SHIFT = TrafficShift.canary({ percentage: 10, interval: Duration.minutes(5) });

export const DEFAULT_TERMINATION_WAIT_TIME = Duration.minutes(10);

export interface CodeDeployOptions {
  readonly names: Required<NameParts>;
  readonly service: ecs.FargateService;
  readonly balancing: LoadBalancing;
  readonly taskRoles: iam.IRole[];
  readonly alarms: cloudwatch.Alarm[];
  readonly hooks: Hook[];
  readonly trafficShift?: TrafficShift;
  readonly terminationWaitTime?: Duration;
}

export interface CodeDeploy {
  readonly role: ScopedRole;
  readonly application: codedeploy.EcsApplication;
  readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
}

/** CodeDeploy's side of an environment: it may touch this service and these listeners only. */
export function codeDeploy(scope: Construct, options: CodeDeployOptions): CodeDeploy {
  const { names, service, balancing } = options;
  const role = codeDeployRole(scope, names);
  allowDeployment(role, {
    service,
    listeners: [balancing.production, balancing.test],
    alarmArns: options.alarms.map((alarm) => alarm.alarmArn),
    taskRoles: options.taskRoles,
  });
  // Apart from the role itself: the deployment group waits for that, and a function of the user may wait for the deployment group.
  options.hooks.forEach(({ handler }) =>
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })));
  const application = new codedeploy.EcsApplication(scope, 'Application', { applicationName: nameOf(scope, 'application', names) });
  const deploymentGroup = role.whileClosed(() => new codedeploy.EcsDeploymentGroup(scope, 'DeploymentGroup', {
    deploymentGroupName: nameOf(scope, 'deployment-group', names),
    application,
    service,
    role,
    deploymentConfig: (options.trafficShift ?? DEFAULT_TRAFFIC_SHIFT)._bind(scope, names),
    blueGreenDeploymentConfig: {
      blueTargetGroup: balancing.blue,
      greenTargetGroup: balancing.green,
      listener: balancing.production,
      testListener: balancing.test,
      terminationWaitTime: options.terminationWaitTime ?? DEFAULT_TERMINATION_WAIT_TIME,
    },
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    // A copy: CDK adds to the list it is given.
    alarms: [...options.alarms],
  }));
  return { role, application, deploymentGroup };
}
