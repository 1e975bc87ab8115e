import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ec2 as ec2,
  aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, Lazy, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EcsBlueGreenDeploymentProps } from './ecs-blue-green-deployment-props';
import { EnvironmentOptions } from './environment-options';
import { acknowledge } from '../private/acknowledged';
import { isArm } from '../private/checks';
import { Problem, refuse } from '../private/errors';
import { NameParts, nameOf, stageName } from '../private/names';
import { network } from '../private/network';
import { ScopedRole, undeniedProblem } from '../private/scoped-role';
import { addBootstrapContainer } from './private/bootstrap';
import { codeDeploy } from './private/code-deploy';
import { colourAlarms } from './private/colour-alarms';
import {
  activeMinutes, alarmProblems, DeploymentPlace, deploymentProblems, deployStageProblems, environmentProblems, sharedProblems, SharedProps,
} from './private/deployment-checks';
import { deployActionRole, executionRole, taskRole } from './private/deployment-roles';
import { allowReports, hookRoleProblems, hooksIn } from './private/hooks';
import { loadBalancing } from './private/load-balancing';
import { addPipelineChecks, addPreflight } from './private/preflight';
import { appSpec, IMAGE_PLACEHOLDER, taskDefinitionTemplate } from './private/release-files';
import { fargateService, taskSubnets } from './private/service';
import { smokeTestFunction } from './private/smoke-test-function';
import { taskDefinition } from './private/task-definition';
import { warnOf } from './private/warnings';

/** How an `EcsBlueGreenDeployment` stands in a pipeline. */
export interface DeployStageOptions {
  /** The artifact with `imageDetail.json` and this deployment's `releaseFiles`. */
  readonly release: codepipeline.Artifact;
}

/**
 * A Fargate service whose releases CodeDeploy moves from one colour to the other, and back when something is wrong.
 *
 * A release starts a second set of tasks behind the idle target group, where the test listener reaches it. Once those are
 * healthy, production traffic moves as `trafficShift` says; the old tasks stay for `terminationWaitTime` and then stop. The
 * deployment rolls back by itself when it fails, when a person stops it, and when an alarm of either colour goes off:
 * too many failed requests, or tasks that stay unhealthy.
 *
 * Before the first release the service runs a bootstrap container that answers 200. Its task definition family is the one
 * that releases register their revisions in, and CloudFormation never touches it again. `taskDefinition` is a
 * sibling that never runs: it is where you add containers and volumes, and what each release is rendered from.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
 * @example
 *
 * declare const repository: ecr.Repository;
 * declare const orders: dynamodb.Table;
 *
 * const production = new EcsBlueGreenDeployment(this, 'Production', {
 *   environmentSuffix: 'dev',
 *   environmentName: 'production',
 *   repository,
 *   healthCheckPath: '/healthz',
 *   trafficShift: TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }),
 * });
 * orders.grantReadData(production.taskRole);
 */
export class EcsBlueGreenDeployment extends Construct {
  /** @internal */
  public static _sharedProblems(props: SharedProps): Problem[] {
    return sharedProblems(props);
  }

  /** @internal */
  public static _environmentProblems(at: string, options: EnvironmentOptions, defaultTaskCount: number, place: DeploymentPlace): Problem[] {
    return environmentProblems(at, options, defaultTaskCount, place);
  }

  /** @internal */
  public static _hookRoleProblems(at: string, options: EnvironmentOptions): Problem[] {
    return hookRoleProblems(at, options.hooks);
  }

  /** The network that the tasks run in. */
  public readonly vpc: ec2.IVpc;

  /** The cluster, which holds this service alone. */
  public readonly cluster: ecs.Cluster;

  /** The service. What it runs after the first release is CodeDeploy's. */
  public readonly service: ecs.FargateService;

  /** What the next release runs: add containers, volumes and secrets here. It never runs under its own family. */
  public readonly taskDefinition: ecs.FargateTaskDefinition;

  /** What the application may do in AWS; it has no permission but those you grant. */
  public readonly taskRole: iam.Role;

  /** The load balancer of this environment. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Where users arrive. */
  public readonly productionListener: elbv2.ApplicationListener;

  /** Where a new release answers before users reach it; port 9000. */
  public readonly testListener: elbv2.ApplicationListener;

  /** The target group that the service starts behind. */
  public readonly blueTargetGroup: elbv2.ApplicationTargetGroup;

  /** The target group of the first release. The colours swap with every deployment. */
  public readonly greenTargetGroup: elbv2.ApplicationTargetGroup;

  /** CodeDeploy's application, which holds this one deployment group. */
  public readonly application: codedeploy.EcsApplication;

  /** CodeDeploy's deployment group. */
  public readonly deploymentGroup: codedeploy.EcsDeploymentGroup;

  /** The alarms that each roll a running deployment back, two for each colour. */
  public readonly rollbackAlarms: cloudwatch.Alarm[];

  /** Where the tasks log to. */
  public readonly logGroup: logs.LogGroup;

  /** What asks a new release before it gets traffic, when there is a `smokeTest`. */
  public readonly smokeTestFunction?: lambda.Function;

  /** What a release needs beside `imageDetail.json`: `taskdef-<environment>.json` and `appspec-<environment>.yaml`, by name. */
  public readonly releaseFiles: { [name: string]: string };

  /** The name of the stage that `addToPipeline` adds, `Deploy<Environment>`. */
  public readonly stageName: string;

  private readonly names: Required<NameParts>;
  private readonly codeDeployRole: ScopedRole;
  private readonly passedRoles: iam.IRole[];
  private watchedAlarms: number;

  constructor(scope: Construct, id: string, props: EcsBlueGreenDeploymentProps) {
    refuse(scope, id, 'EcsBlueGreenDeployment', deploymentProblems(scope, id, props));
    refuse(scope, id, 'EcsBlueGreenDeployment', hookRoleProblems('', props.hooks));
    super(scope, id);

    const containerPort = props.containerPort ?? 8080;
    this.names = { environmentName: props.environmentName, environmentSuffix: props.environmentSuffix };
    this.stageName = stageName('Deploy', props.environmentName);
    this.vpc = props.vpc ?? network(this, 'Vpc', this.names);

    // The load balancer with its two listeners, one for each colour at first.
    const balancing = loadBalancing(this, { ...props, vpc: this.vpc, containerPort });
    this.loadBalancer = balancing.loadBalancer;
    this.blueTargetGroup = balancing.blue;
    this.greenTargetGroup = balancing.green;
    this.productionListener = balancing.production;
    this.testListener = balancing.test;
    // Who is asked during a deployment.
    const subnets = taskSubnets(this.vpc);
    const logRetention = props.logRetention ?? logs.RetentionDays.ONE_MONTH;
    this.smokeTestFunction = props.smokeTest && smokeTestFunction(this, {
      ...props, names: this.names, vpc: this.vpc, subnets, loadBalancer: this.loadBalancer, smokeTest: props.smokeTest, logRetention,
    });
    allowReports(this, this.names, hooksIn(props.hooks ?? {}));
    const hooks = hooksIn({ ...props.hooks, ...(this.smokeTestFunction && { afterAllowTestTraffic: this.smokeTestFunction }) });

    // What runs: the bootstrap revision of the family, and the sibling that releases are made from.
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: nameOf(this, 'logs-service', this.names),
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const appRole = taskRole(this, this.names);
    props.taskPolicies?.forEach((statement) => appRole.addToPrincipalPolicy(statement));
    const starter = executionRole(this, this.names, props.repository, this.logGroup);
    this.taskRole = appRole;
    this.passedRoles = [appRole, starter];
    const roles = { taskRole: appRole, executionRole: starter };
    const platform = isArm(props.cpuArchitecture) ? { runtimePlatform: ARM } : {};
    const running = new ecs.FargateTaskDefinition(this, 'Bootstrap', {
      ...roles, ...platform, family: nameOf(this, 'task', this.names), cpu: 256, memoryLimitMiB: 512,
    });
    const bootstrap = addBootstrapContainer(running, {
      containerName: CONTAINER, containerPort, image: props.bootstrapImage, logging: this.logging('bootstrap'),
    });
    warnOf(this, props, bootstrap.imageName);
    this.taskDefinition = taskDefinition(this, {
      ...props, names: this.names, shared: { ...roles, ...platform }, containerName: CONTAINER, containerPort, logging: this.logging('app'),
    });
    this.releaseFiles = {
      // Not cached: while CDK still prepares the app, a reference to another stack is not yet the import that it becomes.
      [`taskdef-${props.environmentName}.json`]: Lazy.uncachedString({
        produce: () => taskDefinitionTemplate(this.taskDefinition, CONTAINER, running.family),
      }),
      [`appspec-${props.environmentName}.yaml`]: appSpec(CONTAINER, containerPort, hooks),
    };

    // The service, behind blue.
    this.cluster = new ecs.Cluster(this, 'Cluster', {
      clusterName: nameOf(this, 'cluster', this.names),
      vpc: this.vpc,
      // Its log group would outlive the stack.
      containerInsightsV2: ecs.ContainerInsights.DISABLED,
    });
    acknowledge(this.cluster, 'ECS4', 'The log group that Container Insights makes would outlive the stack; the alarms watch the load balancer instead.');
    this.service = fargateService(this, {
      ...props, names: this.names, cluster: this.cluster, running, subnets, balancing, executionRole: starter,
    });

    // CodeDeploy, and what makes it turn back.
    this.rollbackAlarms = ([['blue', this.blueTargetGroup], ['green', this.greenTargetGroup]] as const).flatMap(([colour, targetGroup]) =>
      colourAlarms(this, {
        ...this.names,
        colour,
        targetGroup,
        errorRate: props.rollbackErrorRate ?? 5,
        minimumRequests: props.rollbackMinimumRequests ?? 10,
      }));
    this.watchedAlarms = this.rollbackAlarms.length;
    const delivery = codeDeploy(this, {
      ...props, names: this.names, service: this.service, balancing, taskRoles: this.passedRoles, alarms: this.rollbackAlarms, hooks,
    });
    this.codeDeployRole = delivery.role;
    this.application = delivery.application;
    this.deploymentGroup = delivery.deploymentGroup;
    addPreflight(this, { ...this, balancing, containerName: CONTAINER, containerPort, minutes: activeMinutes(props) });
  }

  /**
   * Rolls a running deployment back when this metric alarm goes off, too. CodeDeploy watches at most ten, of which four are the colours'.
   *
   * @param alarm the alarm
   */
  public addRollbackAlarm(alarm: cloudwatch.IAlarm): void {
    refuse(this, '', 'EcsBlueGreenDeployment', alarmProblems(alarm, this.watchedAlarms));
    this.watchedAlarms += 1;
    this.deploymentGroup.addAlarm(alarm);
    this.codeDeployRole.allow(['cloudwatch:DescribeAlarms'], [alarm.alarmArn]);
  }

  /**
   * Adds a stage that deploys the release to a pipeline, after the stages it already has. The pipeline's role is denied `ec2:TerminateInstances`.
   *
   * @param pipeline the pipeline
   * @param options the release
   */
  public addToPipeline(pipeline: codepipeline.Pipeline, options: DeployStageOptions): codepipeline.IStage {
    refuse(this, '', 'EcsBlueGreenDeployment', deployStageProblems(this, pipeline, options));
    refuse(this, '', 'EcsBlueGreenDeployment', [undeniedProblem('pipeline', pipeline.role)]);
    addPipelineChecks(this, pipeline, this.stageName, this.rollbackAlarms);
    const role = deployActionRole(this, this.names, {
      pipelineRole: pipeline.role,
      group: this.deploymentGroup,
      artifacts: pipeline.artifactBucket,
      taskRoles: this.passedRoles,
      family: this.service.taskDefinition.family,
    });
    this.codeDeployRole.allowObjects(pipeline.artifactBucket, ['s3:GetObject', 's3:GetObjectVersion']);
    this.codeDeployRole.allowKeyOf(pipeline.artifactBucket, 'read');
    role.allowKeyOf(pipeline.artifactBucket, 'read');
    const action = new actions.CodeDeployEcsDeployAction({
      actionName: 'Deploy',
      deploymentGroup: this.deploymentGroup,
      taskDefinitionTemplateFile: options.release.atPath(`taskdef-${this.names.environmentName}.json`),
      appSpecTemplateFile: options.release.atPath(`appspec-${this.names.environmentName}.yaml`),
      containerImageInputs: [{ input: options.release, taskDefinitionPlaceholder: IMAGE_PLACEHOLDER }],
      role,
    });
    return role.whileClosed(() => pipeline.addStage({ stageName: this.stageName, actions: [action] }));
  }

  /** CDK's awslogs driver would grant what the execution role already has. */
  private logging(streamPrefix: string): ecs.LogDriver {
    return new ecs.GenericLogDriver({
      logDriver: 'awslogs',
      options: {
        'awslogs-group': this.logGroup.logGroupName,
        'awslogs-region': Stack.of(this).region,
        'awslogs-stream-prefix': streamPrefix,
      },
    });
  }
}

/** The container that gets the traffic. Frozen: the service names it. */
const CONTAINER = 'app';

/** x86-64 is what ECS takes when nothing is said, and nothing may be said to tasks that were deployed before this could be chosen. */
const ARM: ecs.RuntimePlatform = { cpuArchitecture: ecs.CpuArchitecture.ARM64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX };
