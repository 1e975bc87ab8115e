import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_ec2 as ec2,
  aws_ecr as ecr, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_lambda as lambda,
  aws_logs as logs,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  DEFAULT_CONTAINER_PORT, DEFAULT_ERROR_RATE, DEFAULT_HEALTH_CHECK_PATH, DEFAULT_LOG_RETENTION,
  DEFAULT_MINIMUM_REQUESTS,
} from './defaults';
import { DeployStageOptions } from './deploy-stage-options';
import { propsChecks, violations } from './deployment-checks';
import { EcsBlueGreenDeploymentProps } from './ecs-blue-green-deployment-props';
import { codeDeploy } from './private/code-deploy';
import { addDeployStage } from './private/deploy-stage';
import { allowAlarm } from './private/deployment-roles';
import { activeMinutes } from './private/deployment-time';
import { authorise, listHooks, userFunctions } from './private/hooks';
import { warnOfLifecycleRules } from './private/lifecycle-warning';
import { loadBalancing } from './private/load-balancing';
import { warnOfLoginRules } from './private/logins';
import { warnOfOpenPorts } from './private/open-ports';
import { outageAlarms } from './private/outage-alarms';
import { addPipelinePreflight } from './private/pipeline-preflight';
import { addPreflight } from './private/preflight';
import { releaseSettings } from './private/release-settings';
import { rollbackAlarms } from './private/rollback-alarms';
import { fargateService, scaleTasks, serviceCluster, taskSubnets } from './private/service';
import { smokeTestFunction } from './private/smoke-test-function';
import { alarmViolations, deployStageViolations } from './private/stage-checks';
import { CONTAINER, createTasks } from './private/tasks';
import { addWarnings } from './private/warnings';
import { throwIfInvalid } from '../private/errors';
import { Names, stageName } from '../private/names';
import { network } from '../private/network';
import { denyTermination, ScopedRole } from '../private/scoped-role';
import { warnOfUnknownKeys } from '../private/structs';

/**
 * A Fargate service with CodeDeploy blue/green deployments and automatic rollback.
 *
 * A release starts a second set of tasks behind the idle target group, which the test listener forwards to. When those
 * tasks are healthy, production traffic shifts as `trafficShift` defines. The old tasks are kept for
 * `terminationWaitTime` and then stop. The deployment rolls back automatically when it fails, when it is stopped, and
 * when an alarm of either target group is triggered: too many requests fail, or tasks stay unhealthy.
 *
 * Before the first release the service runs a bootstrap container that returns status 200. Each release registers a
 * revision in the task definition family of that container. CloudFormation does not change that family again. No task
 * runs in the family of `taskDefinition`: each release is rendered from it, so add containers and volumes there.
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
  /** Port that the container listens on. */
  public readonly containerPort: number;

  /** Path that must return status 200 for a task to be healthy. */
  public readonly healthCheckPath: string;

  /** VPC of the tasks and the load balancer. */
  public readonly vpc: ec2.IVpc;

  /** ECS cluster, which holds only this service. */
  public readonly cluster: ecs.Cluster;

  /** Fargate service. After the first release CodeDeploy controls its task definition. */
  public readonly service: ecs.FargateService;

  /**
   * Scalable target of the service. Add scaling policies and schedules to it.
   *
   * The service scales between `taskCount` and `maxTaskCount` tasks. If the service scales during a deployment,
   * CodeDeploy waits 5 minutes for the service.
   */
  public readonly scaling: ecs.ScalableTaskCount;

  /**
   * Task definition that releases are rendered from. Add containers, volumes and secrets to it; no task runs it.
   */
  public readonly taskDefinition: ecs.FargateTaskDefinition;

  /** Task role of the application. It has only the permissions that you grant. */
  public readonly taskRole: iam.Role;

  /** Application Load Balancer of this environment. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Listener that serves users. */
  public readonly productionListener: elbv2.ApplicationListener;

  /** Listener on port 9000 that serves a new release before users reach it. */
  public readonly testListener: elbv2.ApplicationListener;

  /** Target group of the bootstrap tasks. Blue and green swap roles with every deployment. */
  public readonly blueTargetGroup: elbv2.ApplicationTargetGroup;

  /** Target group of the first release. Blue and green swap roles with every deployment. */
  public readonly greenTargetGroup: elbv2.ApplicationTargetGroup;

  /** CodeDeploy application, which holds only this deployment group. */
  public readonly application: codedeploy.EcsApplication;

  /** CodeDeploy deployment group. */
  public readonly deploymentGroup: codedeploy.EcsDeploymentGroup;

  /**
   * Alarms that roll back a running deployment, five in total.
   *
   * They watch failed requests and unhealthy tasks of each target group, and refused connections of both target groups.
   * An alarm stays in ALARM state until the failed minutes have left its evaluation range, up to 10 minutes after a
   * rollback. Until then CodeDeploy stops every deployment: retry the deployment afterwards.
   */
  public readonly rollbackAlarms: cloudwatch.Alarm[];

  /**
   * Alarms for an outage of the environment. They do not roll back deployments.
   *
   * They are triggered when the load balancer returns 503 errors in 2 of 3 minutes, or when neither target group has a
   * healthy task for 3 to 5 minutes. The second alarm can be triggered once while the environment is created, before
   * its first task is healthy.
   */
  public readonly outageAlarms: cloudwatch.Alarm[];

  /** CloudWatch log group of the tasks. */
  public readonly logGroup: logs.LogGroup;

  /** Lambda function of the smoke test. Undefined without a `smokeTest` in `hooks` or in `retiring`. */
  public readonly smokeTestFunction?: lambda.Function;

  /** Settings of this environment for `BuildSteps.release()`: the environment name and a JSON string. */
  public readonly releaseSettings: { [environmentName: string]: string };

  /** Name of the stage that `addToPipeline` adds, `Deploy<Environment>`. */
  public readonly stageName: string;

  private readonly names: Names;
  private readonly repository: ecr.IRepository;
  private readonly codeDeployRole: ScopedRole;
  private readonly passedRoles: iam.IRole[];
  private watchedAlarms: number;

  constructor(scope: Construct, id: string, props: EcsBlueGreenDeploymentProps) {
    throwIfInvalid({ type: TYPE, scope, id }, violations(scope, id, props));
    super(scope, id);
    warnOfUnknownKeys(this, props, propsChecks(this, props));

    const { environmentName, logRetention = DEFAULT_LOG_RETENTION, rollback = {}, retiring = {} } = props;
    const { smokeTest, ...userHooks } = props.hooks ?? {};
    this.containerPort = props.containerPort ?? DEFAULT_CONTAINER_PORT;
    this.healthCheckPath = props.healthCheckPath ?? DEFAULT_HEALTH_CHECK_PATH;
    this.stageName = stageName('Deploy', environmentName);
    this.names = new Names(this, props);
    const names = this.names;
    this.repository = props.repository;
    this.vpc = props.vpc ?? network(this, 'Vpc', names);
    const subnets = taskSubnets(this.vpc);

    // The load balancer with its two target groups and two listeners.
    const { certificate } = props;
    const { vpc, containerPort, healthCheckPath } = this;
    const balancing = loadBalancing(this, {
      ...props.loadBalancer, names, vpc, containerPort, healthCheckPath, certificate, logRetention,
    });
    this.loadBalancer = balancing.loadBalancer;
    this.blueTargetGroup = balancing.blue;
    this.greenTargetGroup = balancing.green;
    this.productionListener = balancing.production;
    this.testListener = balancing.test;

    // The functions that CodeDeploy calls during a deployment of the next release, and of older releases.
    const { loadBalancer } = this;
    const anySmokeTest = smokeTest ?? retiring.smokeTest;
    this.smokeTestFunction = anySmokeTest && smokeTestFunction(this, {
      names, vpc, subnets, loadBalancer, certificate, smokeTest: anySmokeTest, logRetention,
    });
    authorise(this, names, userFunctions(userHooks, retiring.functions));
    const hooks = listHooks({ ...userHooks, ...(smokeTest && { afterAllowTestTraffic: this.smokeTestFunction }) });

    // The bootstrap task definition, and the task definition that releases are made from.
    const tasks = createTasks(this, { ...props, names, containerPort, logRetention });
    this.logGroup = tasks.logGroup;
    this.taskRole = tasks.taskRole;
    this.taskDefinition = tasks.definition;
    this.passedRoles = [tasks.taskRole, tasks.executionRole];
    addWarnings(this, props, tasks.bootstrapImageName);
    this.releaseSettings = {
      [environmentName]: releaseSettings({
        definition: this.taskDefinition,
        family: tasks.running.family,
        containerName: CONTAINER,
        containerPort,
        hooks,
      }),
    };

    // The service, behind the blue target group.
    this.cluster = serviceCluster(this, names, this.vpc);
    this.service = fargateService(this, {
      ...props,
      names,
      cluster: this.cluster,
      running: tasks.running,
      subnets,
      balancing,
      executionRole: tasks.executionRole,
    });
    this.scaling = scaleTasks(this.service, { ...props, names });

    // CodeDeploy, and the alarms that roll a deployment back.
    const { errorRate = DEFAULT_ERROR_RATE, minimumRequests = DEFAULT_MINIMUM_REQUESTS } = rollback;
    this.rollbackAlarms = rollbackAlarms(this, { ...balancing, names, errorRate, minimumRequests });
    this.outageAlarms = outageAlarms(this, { names, balancing, service: this.service });
    this.watchedAlarms = this.rollbackAlarms.length;
    const delivery = codeDeploy(this, {
      names,
      service: this.service,
      balancing,
      taskRoles: this.passedRoles,
      alarms: this.rollbackAlarms,
      functions: [...hooks.map(({ handler }) => handler), ...retiring.functions ?? [], this.smokeTestFunction],
      trafficShift: props.trafficShift,
      terminationWaitTime: rollback.terminationWaitTime,
    });
    this.codeDeployRole = delivery.role;
    this.application = delivery.application;
    this.deploymentGroup = delivery.deploymentGroup;
    warnOfLoginRules(this, balancing);
    warnOfOpenPorts(this, { ...this, balancing }, { environmentName, testers: props.loadBalancer?.testListenerCidrs });
    addPreflight(this, { ...this, balancing }, {
      containerName: CONTAINER,
      containerPort,
      clusterName: names.of('cluster'),
      serviceName: names.of('service'),
      minutes: activeMinutes(props),
    });
  }

  /**
   * Adds a metric alarm that rolls back a running deployment.
   *
   * CodeDeploy watches at most 10 alarms per deployment group, of which 5 are the `rollbackAlarms`, so you can add 5.
   * A composite alarm, which CodeDeploy does not support, stops every deployment. Synthesis cannot recognise an
   * imported one, so import metric alarms only.
   *
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html
   * @param alarm the metric alarm, in the account and region of the stack
   */
  public addRollbackAlarm(alarm: cloudwatch.IAlarm): void {
    throwIfInvalid({ type: TYPE, scope: this }, alarmViolations(this, alarm, this.watchedAlarms));
    this.watchedAlarms += 1;
    this.deploymentGroup.addAlarm(alarm);
    allowAlarm(this.codeDeployRole, alarm);
  }

  /**
   * Adds a stage that deploys the release to a pipeline, after the existing stages.
   *
   * When the deployment has succeeded, the stage adds the tag `live-<environment>-<digest>` to the image, so that a
   * lifecycle rule can protect it. The pipeline's role is denied `ec2:TerminateInstances`.
   *
   * @param pipeline the pipeline that the stage is added to
   * @param options the artifact that contains the release
   */
  public addToPipeline(pipeline: codepipeline.Pipeline, options: DeployStageOptions): codepipeline.IStage {
    throwIfInvalid({ type: TYPE, scope: this }, deployStageViolations({ deployment: this, pipeline, options }));
    denyTermination(this, 'pipeline', pipeline.role);
    const { environmentName } = this.names;
    addPipelinePreflight(this, { pipeline, environmentName, release: options.release });

    warnOfLifecycleRules(this, this.repository, environmentName);
    const { artifactBucket } = pipeline;
    this.codeDeployRole.allowObjects(artifactBucket, ['s3:GetObject', 's3:GetObjectVersion']);
    this.codeDeployRole.allowKeyOf(artifactBucket, 'read');
    return addDeployStage(this, {
      names: this.names,
      stageName: this.stageName,
      pipeline,
      release: options.release,
      group: this.deploymentGroup,
      repository: this.repository,
      taskRoles: this.passedRoles,
      family: this.service.taskDefinition.family,
    });
  }
}

const TYPE = 'EcsBlueGreenDeployment';
