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
 * A Fargate service whose releases CodeDeploy moves from one colour to the other, and back when
 * something is wrong.
 *
 * A release starts a second set of tasks behind the idle target group, where the test listener
 * reaches it. Once those are healthy, production traffic moves as `trafficShift` says; the old
 * tasks stay for `terminationWaitTime` and then stop. The deployment rolls back by itself when it
 * fails, when a person stops it, and when an alarm of either colour goes off: too many failed
 * requests, or tasks that stay unhealthy.
 *
 * Before the first release the service runs a bootstrap container that answers 200. Its task
 * definition family is the one that releases register their revisions in, and CloudFormation never
 * touches it again. `taskDefinition` is a sibling that never runs: it is where you add containers
 * and volumes, and what each release is rendered from.
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
  /** The port that the container listens on. */
  public readonly containerPort: number;

  /** The path that must answer with status 200 for a task to be healthy. */
  public readonly healthCheckPath: string;

  /** The network that the tasks run in. */
  public readonly vpc: ec2.IVpc;

  /** The cluster, which holds this service alone. */
  public readonly cluster: ecs.Cluster;

  /** The service. What it runs after the first release is CodeDeploy's. */
  public readonly service: ecs.FargateService;

  /**
   * Scalable target of the service, from `taskCount` to `maxTaskCount` tasks. Add policies and
   * schedules here. If it scales during a deployment, CodeDeploy waits 5 minutes for the service.
   */
  public readonly scaling: ecs.ScalableTaskCount;

  /**
   * What the next release runs: add containers, volumes and secrets here. It never runs under its
   * own family.
   */
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

  /**
   * Alarms that each roll a running deployment back: failed requests and unhealthy tasks of each
   * colour, and refused connections of either.
   *
   * An alarm stays on until its bad minutes have left its window, for up to 10 minutes after a
   * rollback, and CodeDeploy stops a deployment while an alarm is on: retry after that.
   */
  public readonly rollbackAlarms: cloudwatch.Alarm[];

  /**
   * Alarms for an environment that serves nobody, which roll nothing back: the load balancer answers
   * 503 in 2 of 3 minutes, or neither colour has a healthy task for 3 to 5 minutes. The second can go
   * off once while the environment is created, before its first task is healthy.
   */
  public readonly outageAlarms: cloudwatch.Alarm[];

  /** Where the tasks log to. */
  public readonly logGroup: logs.LogGroup;

  /** What asks a new release before it gets traffic, when there is a `smokeTest`, also one that is retiring. */
  public readonly smokeTestFunction?: lambda.Function;

  /** Settings of this environment for `BuildSteps.release`, as JSON, by the name of the environment. */
  public readonly releaseSettings: { [environmentName: string]: string };

  /** The name of the stage that `addToPipeline` adds, `Deploy<Environment>`. */
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

    // The load balancer with its two colours and its two listeners.
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

    // Who is asked during a deployment of the next release, and of releases that were built before.
    const { loadBalancer } = this;
    const anySmokeTest = smokeTest ?? retiring.smokeTest;
    this.smokeTestFunction = anySmokeTest && smokeTestFunction(this, {
      names, vpc, subnets, loadBalancer, certificate, smokeTest: anySmokeTest, logRetention,
    });
    authorise(this, names, userFunctions(userHooks, retiring.functions));
    const hooks = listHooks({ ...userHooks, ...(smokeTest && { afterAllowTestTraffic: this.smokeTestFunction }) });

    // What runs: the bootstrap revision of the family, and the sibling that releases are made from.
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

    // The service, behind blue.
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

    // CodeDeploy, and what makes it turn back.
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
   * Rolls a running deployment back when this metric alarm goes off, too. CodeDeploy watches at
   * most ten alarms, of which five are `rollbackAlarms`.
   *
   * CodeDeploy does not watch composite alarms: with one, every deployment stops. An ARN does not
   * tell which kind it names, so import metric alarms only.
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
   * Adds a stage that deploys the release to a pipeline, after the stages it already has. Once the
   * deployment has succeeded, the stage adds the tag `live-<environment>-<digest>` to the image, which
   * a lifecycle rule can protect. The pipeline's role is denied `ec2:TerminateInstances`.
   *
   * @param pipeline the pipeline
   * @param options the release
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
