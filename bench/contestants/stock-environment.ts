import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ec2 as ec2,
  aws_ecr as ecr, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_logs as logs,
  aws_stepfunctions as sfn, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { liveColour } from './stock-live-colour';
import { tagging } from './stock-tagging';

export interface EnvironmentProps {
  readonly name: string;
  readonly suffix: string;
  readonly vpc: ec2.IVpc;
  readonly repository: ecr.IRepository;
  readonly taskCount: number;
  readonly canary: boolean;
}

/** A service behind a load balancer, and the CodeDeploy resources that replace its tasks. */
export class Environment extends Construct {
  public readonly name: string;
  public readonly alarms: cloudwatch.Alarm[];
  public readonly outageAlarms: cloudwatch.Alarm[];
  public readonly group: codedeploy.EcsDeploymentGroup;
  public readonly taskDefinitionJson: string;
  public readonly tagging: sfn.StateMachine;
  public readonly appSpec: string;

  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id);
    const { name, suffix, vpc, repository } = props;
    const called = (type: string) => `${type}-${name}-${suffix}`;
    this.name = name;
    this.tagging = tagging(this, { name, suffix, repository });

    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      loadBalancerName: called('alb'),
      vpc,
      internetFacing: true,
      securityGroup: new ec2.SecurityGroup(this, 'LoadBalancerSecurityGroup', {
        vpc,
        securityGroupName: called('security-group-alb'),
        allowAllOutbound: false,
      }),
      dropInvalidHeaderFields: true,
    });
    const [blue, green] = ['blue', 'green'].map((colour) => new elbv2.ApplicationTargetGroup(this, colour, {
      targetGroupName: called(`tg-${colour}`),
      vpc,
      port: 8080,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targetType: elbv2.TargetType.IP,
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: '/',
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    }));
    const production = loadBalancer.addListener('Production', {
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      open: false,
      defaultTargetGroups: [blue],
    });
    new ec2.CfnSecurityGroupIngress(this, 'Users', {
      groupId: loadBalancer.connections.securityGroups[0].securityGroupId,
      cidrIp: '0.0.0.0/0',
      ipProtocol: 'tcp',
      fromPort: 80,
      toPort: 80,
      description: 'Users',
    }).node.addDependency(loadBalancer);
    const test = loadBalancer.addListener('Test', {
      port: 9000,
      protocol: elbv2.ApplicationProtocol.HTTP,
      open: false,
      defaultTargetGroups: [green],
    });
    const answer = liveColour(this, { name, suffix, blue, green });
    Object.entries({ Production: production, Test: test }).forEach(([attribute, listener]) => {
      (listener.node.defaultChild as elbv2.CfnListener).defaultActions = [{ type: 'forward', targetGroupArn: answer.getAttString(attribute) }];
    });

    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: called('logs-service'),
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: called('task'),
      cpu: 256,
      memoryLimitMiB: 512,
      taskRole: this.role('TaskRole', called('role-task')),
      executionRole: this.role('ExecutionRole', called('role-execution')),
    });
    definition.addContainer('app', {
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/node:22-alpine'),
      command: ['node', '-e', "require('http').createServer((_, answer) => answer.end('waiting')).listen(8080)"],
      portMappings: [{ containerPort: 8080 }],
      logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'bootstrap' }),
    });
    repository.grantPull(definition.obtainExecutionRole());
    this.taskDefinitionJson = Stack.of(this).toJsonString({
      family: called('task'),
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      taskRoleArn: definition.taskRole.roleArn,
      executionRoleArn: definition.obtainExecutionRole().roleArn,
      containerDefinitions: [{
        name: 'app',
        image: '<IMAGE1_NAME>',
        essential: true,
        portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
        linuxParameters: { initProcessEnabled: true },
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': logGroup.logGroupName, 'awslogs-region': Stack.of(this).region, 'awslogs-stream-prefix': 'app' },
        },
      }],
    });
    this.appSpec = [
      'version: 0.0',
      'Resources:',
      '  - TargetService:',
      '      Type: AWS::ECS::Service',
      '      Properties:',
      '        TaskDefinition: <TASK_DEFINITION>',
      '        LoadBalancerInfo:',
      '          ContainerName: app',
      '          ContainerPort: 8080',
      '',
    ].join('\n');

    const service = new ecs.FargateService(this, 'Service', {
      serviceName: called('service'),
      cluster: new ecs.Cluster(this, 'Cluster', {
        clusterName: called('cluster'),
        vpc,
        containerInsightsV2: ecs.ContainerInsights.DISABLED,
      }),
      taskDefinition: definition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: Duration.minutes(1),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      securityGroups: [new ec2.SecurityGroup(this, 'ServiceSecurityGroup', { vpc, securityGroupName: called('security-group-service') })],
    });
    service.attachToApplicationTargetGroup(blue);
    service.autoScaleTaskCount({ minCapacity: props.taskCount, maxCapacity: props.taskCount });
    service.node.addDependency(production, test);

    this.alarms = [...[blue, green].flatMap((targetGroup) => this.colourAlarms(targetGroup, called)), this.refusedAlarm(blue, green, called)];
    this.outageAlarms = this.createOutageAlarms(loadBalancer, blue, green, called);
    this.outageAlarms[1].node.addDependency(service);
    this.group = new codedeploy.EcsDeploymentGroup(this, 'DeploymentGroup', {
      deploymentGroupName: called('deployment-group'),
      application: new codedeploy.EcsApplication(this, 'Application', { applicationName: called('application') }),
      service,
      deploymentConfig: props.canary ? codedeploy.EcsDeploymentConfig.CANARY_10PERCENT_5MINUTES : codedeploy.EcsDeploymentConfig.ALL_AT_ONCE,
      blueGreenDeploymentConfig: {
        blueTargetGroup: blue,
        greenTargetGroup: green,
        listener: production,
        testListener: test,
        terminationWaitTime: Duration.minutes(props.canary ? 10 : 2),
      },
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      alarms: [...this.alarms],
    });
  }

  public deployAction(release: codepipeline.Artifact): codepipeline.IAction {
    return new actions.CodeDeployEcsDeployAction({
      actionName: 'Deploy',
      deploymentGroup: this.group,
      taskDefinitionTemplateFile: release.atPath(`taskdef-${this.name}.json`),
      appSpecTemplateFile: release.atPath(`appspec-${this.name}.yaml`),
      containerImageInputs: [{ input: release, taskDefinitionPlaceholder: 'IMAGE1_NAME' }],
    });
  }

  private role(id: string, name: string): iam.Role {
    return new iam.Role(this, id, {
      roleName: `${name}-${Stack.of(this).region}`,
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
  }

  private colourAlarms(targetGroup: elbv2.ApplicationTargetGroup, called: (type: string) => string): cloudwatch.Alarm[] {
    const colour = targetGroup.node.id;
    const perMinute = (metric: string, statistic: string) => perMinuteOf(targetGroup, metric, statistic);
    return [
      new cloudwatch.MathExpression({
        expression: 'IF(requests >= 10, 100 * answers / requests)',
        usingMetrics: { requests: perMinute('RequestCount', 'Sum'), answers: perMinute('HTTPCode_Target_5XX_Count', 'Sum') },
        period: Duration.minutes(1),
      }).createAlarm(this, `${colour}Errors`, {
        alarmName: called(`alarm-errors-${colour}`),
        threshold: 5,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
      perMinute('UnHealthyHostCount', 'Maximum').createAlarm(this, `${colour}Unhealthy`, {
        alarmName: called(`alarm-unhealthy-${colour}`),
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 10,
        datapointsToAlarm: 3,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
    ];
  }

  private refusedAlarm(blue: elbv2.ApplicationTargetGroup, green: elbv2.ApplicationTargetGroup, called: (type: string) => string): cloudwatch.Alarm {
    const rate = (colour: string, targetGroup: elbv2.ApplicationTargetGroup) => new cloudwatch.MathExpression({
      expression: `IF(${colour}_requests >= 10, 100 * ${colour}_refused / ${colour}_requests)`,
      usingMetrics: {
        [`${colour}_requests`]: perMinuteOf(targetGroup, 'RequestCount', 'Sum'),
        [`${colour}_refused`]: perMinuteOf(targetGroup, 'TargetConnectionErrorCount', 'Sum'),
      },
      period: Duration.minutes(1),
    });
    return new cloudwatch.MathExpression({
      expression: 'MAX([blue, green])',
      usingMetrics: { blue: rate('blue', blue), green: rate('green', green) },
      period: Duration.minutes(1),
    }).createAlarm(this, 'Refused', {
      alarmName: called('alarm-refused-connections'),
      threshold: 5,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createOutageAlarms(
    loadBalancer: elbv2.ApplicationLoadBalancer, blue: elbv2.ApplicationTargetGroup, green: elbv2.ApplicationTargetGroup,
    called: (type: string) => string,
  ): cloudwatch.Alarm[] {
    return [
      loadBalancer.metrics.custom('HTTPCode_ELB_503_Count', { statistic: 'Sum', period: Duration.minutes(1) }).createAlarm(this, 'Unavailable', {
        alarmName: called('alarm-unavailable'),
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
      new cloudwatch.MathExpression({
        expression: 'MAX([blue, green])',
        usingMetrics: { blue: perMinuteOf(blue, 'HealthyHostCount', 'Maximum'), green: perMinuteOf(green, 'HealthyHostCount', 'Maximum') },
        period: Duration.minutes(1),
      }).createAlarm(this, 'NoHealthyTask', {
        alarmName: called('alarm-no-healthy-task'),
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      }),
    ];
  }
}

function perMinuteOf(targetGroup: elbv2.ApplicationTargetGroup, metric: string, statistic: string): cloudwatch.Metric {
  return targetGroup.metrics.custom(metric, { statistic, period: Duration.minutes(1) });
}
