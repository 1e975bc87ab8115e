import { EcsDeployment } from '@cdklabs/cdk-ecs-codedeploy';
import {
  aws_codedeploy as codedeploy, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, Stack,
} from 'aws-cdk-lib';

/** A Fargate service behind a load balancer with a blue and a green target group. */
export function blueGreenService(stack: Stack, controller: ecs.DeploymentControllerType) {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Tasks', { cpu: 512, memoryLimitMiB: 1024 });
  taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('nginx'), portMappings: [{ containerPort: 80 }] });
  const isNative = controller === ecs.DeploymentControllerType.ECS;
  const service = new ecs.FargateService(stack, 'Service', {
    cluster,
    taskDefinition,
    deploymentController: { type: controller },
    ...(isNative && { deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN }),
  });
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const [blue, green] = ['Blue', 'Green'].map((id) => new elbv2.ApplicationTargetGroup(stack, id, {
    vpc, port: 80, targetType: elbv2.TargetType.IP,
  }));
  const listener = loadBalancer.addListener('Users', { port: 80, defaultTargetGroups: [blue] });
  return { service, taskDefinition, blue, green, listener };
}

/** A deployment by CodeDeploy with the constructs of cdklabs. */
export function cdklabs(stack: Stack): void {
  const { service, taskDefinition, blue, green, listener } = blueGreenService(stack, ecs.DeploymentControllerType.CODE_DEPLOY);
  service.attachToApplicationTargetGroup(blue);
  const deploymentGroup = new codedeploy.EcsDeploymentGroup(stack, 'Group', {
    service,
    blueGreenDeploymentConfig: { blueTargetGroup: blue, greenTargetGroup: green, listener },
    deploymentConfig: codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  });
  new EcsDeployment({ deploymentGroup, targetService: { taskDefinition, containerName: 'web', containerPort: 80 } });
}

/** A blue/green deployment by ECS itself. */
export function native(stack: Stack): void {
  const { service, blue, green, listener } = blueGreenService(stack, ecs.DeploymentControllerType.ECS);
  const rule = new elbv2.ApplicationListenerRule(stack, 'Rule', {
    listener, priority: 1, conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])], targetGroups: [blue],
  });
  const alternateTarget = new ecs.AlternateTarget('Alternate', {
    alternateTargetGroup: green, productionListener: ecs.ListenerRuleConfiguration.applicationListenerRule(rule),
  });
  blue.addTarget(service.loadBalancerTarget({ containerName: 'web', containerPort: 80, alternateTarget }));
}
