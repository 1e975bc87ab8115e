import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda,
  Duration,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { DEFAULT_CANARY, DEFAULT_TERMINATION_WAIT_TIME } from '../defaults';
import { TrafficShift } from '../traffic-shift';
import { allowDeployment, codeDeployRole } from './deployment-roles';
import { LoadBalancing } from './load-balancing';

export interface CodeDeployOptions {
  readonly names: Names;
  readonly service: ecs.FargateService;
  readonly balancing: LoadBalancing;
  readonly taskRoles: iam.IRole[];
  readonly alarms: cloudwatch.Alarm[];
  /** Functions that CodeDeploy may call. */
  readonly functions: (lambda.IFunction | undefined)[];
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
  const { names, service, balancing, alarms } = options;
  const role = codeDeployRole(scope, names);
  allowDeployment(role, {
    names,
    listeners: [balancing.production, balancing.test],
    alarms,
    taskRoles: options.taskRoles,
  });
  // A deployment that runs while the stack is deleted keeps its permissions until the service is gone. The service
  // waits for the role without later grants: they may name alarms and functions that refer to the service.
  if (role.node.defaultChild) {
    service.node.addDependency(role.node.defaultChild);
  }
  // Apart from the role itself: the deployment group waits for that, and a function of the user may wait for the group.
  new Set(options.functions).forEach((handler) => handler && role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['lambda:InvokeFunction'],
    resources: [handler.functionArn],
  })));
  const application = new codedeploy.EcsApplication(scope, 'Application', {
    applicationName: names.claim('application'),
  });
  const trafficShift = options.trafficShift ?? TrafficShift.canary(DEFAULT_CANARY);
  const deploymentGroup = role.ignoringGrants(() => new codedeploy.EcsDeploymentGroup(scope, 'DeploymentGroup', {
    deploymentGroupName: names.claim('deployment-group'),
    application,
    service,
    role,
    deploymentConfig: trafficShift._bind().deploymentConfig(scope, names),
    blueGreenDeploymentConfig: {
      blueTargetGroup: balancing.blue,
      greenTargetGroup: balancing.green,
      listener: balancing.production,
      testListener: balancing.test,
      terminationWaitTime: options.terminationWaitTime ?? DEFAULT_TERMINATION_WAIT_TIME,
    },
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    // A copy: CDK adds to the list it is given.
    alarms: [...alarms],
  }));
  return { role, application, deploymentGroup };
}
