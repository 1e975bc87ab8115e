import { aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LoadBalancing } from './load-balancing';
import { acknowledge } from '../../private/acknowledged';
import { Names } from '../../private/names';
import { DEFAULT_TASK_COUNT, SCALING_CPU_UTILIZATION } from '../defaults';

/**
 * Selects the subnets of the tasks: private subnets with a route to the Internet, or else isolated ones, if the VPC
 * provides the endpoints that they need.
 */
export function taskSubnets(vpc: ec2.IVpc): ec2.SelectedSubnets {
  return vpc.selectSubnets({
    subnetType: vpc.privateSubnets.length > 0
      ? ec2.SubnetType.PRIVATE_WITH_EGRESS
      : ec2.SubnetType.PRIVATE_ISOLATED,
  });
}

/** The cluster of one service. */
export function serviceCluster(scope: Construct, names: Names, vpc: ec2.IVpc): ecs.Cluster {
  const cluster = new ecs.Cluster(scope, 'Cluster', {
    clusterName: names.claim('cluster'),
    vpc,
    // Its log group would outlive the stack.
    containerInsightsV2: ecs.ContainerInsights.DISABLED,
  });
  acknowledge(cluster, 'ECS4', 'The log group that Container Insights creates would outlive the stack; '
    + 'the alarms watch the load balancer instead.');
  return cluster;
}

export interface ServiceOptions {
  readonly names: Names;
  readonly cluster: ecs.Cluster;
  readonly running: ecs.FargateTaskDefinition;
  readonly subnets: ec2.SelectedSubnets;
  readonly balancing: LoadBalancing;
  readonly executionRole: iam.Role;
}

/**
 * Creates the service, behind the blue target group at first. After the first release CodeDeploy controls its task
 * definition.
 *
 * ECS rejects most updates of a service under CODE_DEPLOY, and CloudFormation sends all parameters with each
 * update: no option of the user and no tag may change it. It has no desired count, which is then 1, until
 * `scaleTasks` sets it.
 */
export function fargateService(scope: Construct, options: ServiceOptions): ecs.FargateService {
  const { names, cluster, balancing, subnets } = options;
  const service = new ecs.FargateService(scope, 'Service', {
    serviceName: names.claim('service'),
    cluster,
    taskDefinition: options.running,
    deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    healthCheckGracePeriod: Duration.minutes(1),
    vpcSubnets: { subnets: subnets.subnets },
    assignPublicIp: false,
    // Fargate bills tasks, so those carry the tags.
    propagateTags: ecs.PropagatedTagSource.TASK_DEFINITION,
    enableECSManagedTags: true,
    // On by default for a new service: ECS would replace running tasks whenever the zones are uneven, also while
    // CodeDeploy shifts traffic. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    availabilityZoneRebalancing: ecs.AvailabilityZoneRebalancing.DISABLED,
    securityGroups: [new ec2.SecurityGroup(scope, 'ServiceSecurityGroup', {
      vpc: cluster.vpc,
      securityGroupName: names.claim('security-group-service'),
      description: `Tasks of ${names.environmentName}`,
    })],
  });
  const resource = service.node.defaultChild as ecs.CfnService;
  ['DesiredCount', 'Tags'].forEach((property) => resource.addPropertyDeletionOverride(property));
  service.attachToApplicationTargetGroup(balancing.blue);
  // Tasks start only when they can pull, and on deletion they stop while listeners, routes and permissions still exist.
  service.node.addDependency(
    balancing.production,
    balancing.test,
    options.executionRole,
    subnets.internetConnectivityEstablished,
  );
  return service;
}

export interface ScalingOptions {
  readonly names: Names;
  readonly taskCount?: number;
  readonly maxTaskCount?: number;
}

/**
 * Sets the number of tasks from outside of the service.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html: "it changes
 * the resource's current capacity to a value that is inside of this range"
 */
export function scaleTasks(service: ecs.FargateService, options: ScalingOptions): ecs.ScalableTaskCount {
  const { names, taskCount = DEFAULT_TASK_COUNT, maxTaskCount } = options;
  const scaling = service.autoScaleTaskCount({ minCapacity: taskCount, maxCapacity: maxTaskCount ?? taskCount });
  if (maxTaskCount !== undefined) {
    scaling.scaleOnCpuUtilization('Cpu', {
      policyName: names.claim('scaling-cpu'),
      targetUtilizationPercent: SCALING_CPU_UTILIZATION,
    });
  }
  return scaling;
}
