import {
  aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_s3 as s3, aws_sns as sns, CfnResource, Duration, Stack,
} from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment, TrafficShift } from '../../src';
import { approvalViolation, noAlarmActionViolation } from '../../src/deployment/private/pipeline-preflight';
import { preflightViolations } from '../../src/deployment/private/preflight';
import { RenderedDeployment } from '../../src/deployment/private/rendered-deployment';
import { listViolations, Violations } from '../../src/private/violations';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

const BLUE = { Ref: 'Blue' };
const GREEN = { Ref: 'Green' };
const PRODUCTION = { Ref: 'Production' };
const TEST = { Ref: 'Test' };
const BACK = 'remove what changes it';

type Changes = { readonly [Part in keyof RenderedDeployment]?: object };

/** What a deployment of ours looks like in the template, with a change to some of its parts. */
function deployedWith(changes: Changes): RenderedDeployment {
  const targetGroup = { Port: 8080, Protocol: 'HTTP', HealthCheckPath: '/', Matcher: { HttpCode: '200' }, TargetType: 'ip', VpcId: 'vpc-1' };
  return {
    service: { DeploymentController: { Type: 'CODE_DEPLOY' }, DeploymentConfiguration: {}, LoadBalancers: [{ TargetGroupArn: BLUE }], ...changes.service },
    group: {
      ...pair({}).group,
      AlarmConfiguration: { Alarms: Array(10).fill({ Name: 'alarm' }) },
      BlueGreenDeploymentConfiguration: { TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: 10 } },
      ...changes.group,
    },
    blue: { Name: 'blue', Tags: [1], TargetGroupAttributes: [1], ...targetGroup, ...changes.blue },
    green: { Name: 'green', Tags: [2], TargetGroupAttributes: [2], ...targetGroup, ...changes.green },
    production: { Port: 80, DefaultActions: [{ Type: 'forward', TargetGroupArn: BLUE }], ...changes.production },
    test: { Port: 9000, DefaultActions: [{ Type: 'forward', TargetGroupArn: GREEN }], ...changes.test },
    taskDefinition: { ContainerDefinitions: [{ Name: 'app', PortMappings: [{ ContainerPort: 8080 }] }], ...changes.taskDefinition },
    blueArn: BLUE,
  };
}

function inWords(found: Violations): string[] {
  return listViolations(found).map(({ code, text }) => `${text} [${code}]`);
}

function said(changes: Changes, minutes = 5): string[] {
  return inWords(preflightViolations(deployedWith(changes), { containerName: 'app', containerPort: 8080, minutes }));
}

const pair = (change: object) => ({
  group: {
    LoadBalancerInfo: {
      TargetGroupPairInfoList: [{
        TargetGroups: [{ Name: BLUE }, { Name: GREEN }],
        ProdTrafficRoute: { ListenerArns: [PRODUCTION] },
        TestTrafficRoute: { ListenerArns: [TEST] },
        ...change,
      }],
    },
  },
});
const waits = (kept: unknown, ready?: unknown) => ({
  group: {
    ...deployedWith({}).group,
    BlueGreenDeploymentConfiguration: {
      TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: kept }, DeploymentReadyOption: { WaitTimeInMinutes: ready },
    },
  },
});
const GROUPS = `'deploymentGroup' must have two different target groups, one for each colour; ${BACK} [BGP145]`;
const LISTENERS = `'deploymentGroup' must have two different listeners, one for production and one for tests; ${BACK} [BGP145]`;
const ATTACHED = `'service' must stand behind 'blueTargetGroup' alone, and 'productionListener' must send its traffic there; ${BACK} [BGP144]`;

describe('a deployment passes', () => {
  test.each<[string, Changes, number?]>([
    ['as it is made', {}],
    ['without alarms', { group: { ...deployedWith({}).group, AlarmConfiguration: undefined } }],
    ['with a circuit breaker that is off', { service: { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: false, Rollback: false } } } }],
    ['with the strategy that CodeDeploy replaces', { service: { DeploymentConfiguration: { Strategy: 'ROLLING' } } }],
    ['with Service Connect off', { service: { ServiceConnectConfiguration: { Enabled: false } } }],
    ['without a configuration of the service', { service: { DeploymentConfiguration: undefined } }],
    ['with a login before the listener forwards', { production: { DefaultActions: [{ Type: 'authenticate-oidc' }, { Type: 'forward', TargetGroupArn: BLUE }] } }],
    ['with the longest waiting time', waits(2880)],
    ['with the longest waiting time that fills five days', waits(2880, 4315)],
    ['without a configuration of alarms and waiting times', { group: { ...deployedWith({}).group, AlarmConfiguration: {}, BlueGreenDeploymentConfiguration: {} } }],
    ['without any waiting times', { group: { ...deployedWith({}).group, BlueGreenDeploymentConfiguration: undefined } }],
    ['with a sidecar', { taskDefinition: { ContainerDefinitions: [{ Name: 'proxy' }, { Name: 'app', PortMappings: [{ ContainerPort: 1 }, { ContainerPort: '8080' }] }] } }],
  ])('%s', (_, changes) => {
    expect(said(changes)).toEqual([]);
  });
});

describe('a deployment is refused with', () => {
  test.each<[string, Changes, string]>([
    ['the controller of ECS', { service: { DeploymentController: { Type: 'ECS' } } }, `'service' must keep the deployment controller CODE_DEPLOY, got "ECS"; ${BACK} [BGP140]`],
    ['no controller', { service: { DeploymentController: undefined } }, `'service' must keep the deployment controller CODE_DEPLOY, got undefined; ${BACK} [BGP140]`],
    ['a circuit breaker', { service: { DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true } } } },
      `'service' must not have a circuit breaker, which is for rolling deployments; CodeDeploy rolls back by itself; ${BACK} [BGP141]`],
    ['a strategy of ECS', { service: { DeploymentConfiguration: { Strategy: 'BLUE_GREEN' } } },
      `'service' must not have a deployment strategy of ECS beside CodeDeploy's, got "BLUE_GREEN"; use 'trafficShift', and ${BACK} [BGP142]`],
    ['Service Connect', { service: { ServiceConnectConfiguration: { Enabled: true } } }, `'service' must not use Service Connect, which ECS refuses under CodeDeploy; ${BACK} [BGP143]`],
    ['alarms of ECS', { service: { DeploymentConfiguration: { Alarms: { Enable: true } } } },
      "'service' must not have alarms of ECS, which it watches in rolling deployments alone; use 'addRollbackAlarm' [BGP131]"],
    ['no target group behind', { service: { LoadBalancers: undefined } }, ATTACHED],
    ['both target groups behind', { service: { LoadBalancers: [{ TargetGroupArn: BLUE }, { TargetGroupArn: GREEN }] } }, ATTACHED],
    ['the other target group behind', { service: { LoadBalancers: [{ TargetGroupArn: GREEN }] } }, ATTACHED],
    ['production traffic to the other', { production: { DefaultActions: [{ Type: 'forward', TargetGroupArn: GREEN }] } }, ATTACHED],
    ['one target group for both', pair({ TargetGroups: [{ Name: BLUE }, { Name: BLUE }] }), GROUPS],
    ['one target group alone', pair({ TargetGroups: [{ Name: BLUE }] }), GROUPS],
    ['one listener for both', pair({ TestTrafficRoute: { ListenerArns: [PRODUCTION] } }), LISTENERS],
    ['no listener for tests', pair({ TestTrafficRoute: undefined }), LISTENERS],
    ['two listeners at one port', { test: { Port: 80 } }, LISTENERS],
    ['no pair at all', { ...pair({ TargetGroups: undefined, ProdTrafficRoute: undefined, TestTrafficRoute: undefined }) }, `${GROUPS}|${LISTENERS}`],
    ['nothing about load balancers', { group: { LoadBalancerInfo: undefined } }, `${GROUPS}|${LISTENERS}`],
    ['another health check for one colour', { green: { HealthCheckPath: '/up', Port: 1 } },
      '\'greenTargetGroup\' must be like \'blueTargetGroup\' in Port, HealthCheckPath, got [1,"/up"]; change both alike [BGP146]'],
    ['another protocol for one colour', { blue: { ProtocolVersion: 'GRPC' } },
      '\'greenTargetGroup\' must be like \'blueTargetGroup\' in ProtocolVersion, got [null]; change both alike [BGP146]'],
    ['another name of the container', { taskDefinition: { ContainerDefinitions: [{ Name: 'web', PortMappings: [{ ContainerPort: 8080 }] }] } },
      `'taskDefinition' must have the container "app" with port 8080, to which CodeDeploy sends traffic, got [["web",8080]]; ${BACK} [BGP147]`],
    ['another port of the container', { taskDefinition: { ContainerDefinitions: [{ Name: 'app', PortMappings: [{ ContainerPort: 80 }] }, { Name: 'proxy' }] } },
      `'taskDefinition' must have the container "app" with port 8080, to which CodeDeploy sends traffic, got [["app",80],["proxy"]]; ${BACK} [BGP147]`],
    ['no containers', { taskDefinition: { ContainerDefinitions: undefined } }, `'taskDefinition' must have the container "app" with port 8080, to which CodeDeploy sends traffic, got []; ${BACK} [BGP147]`],
    ['eleven alarms', { group: { ...deployedWith({}).group, AlarmConfiguration: { Alarms: Array(11).fill({ Name: 'alarm' }) } } },
      "'deploymentGroup' must have at most 10 alarms, got 11; watch the others yourself [BGP130]"],
    ['a longer waiting time', waits(2881), `'deploymentGroup' must keep the old tasks for at most 2880 minutes, got 2881; ${BACK} [BGP093]`],
    ['a longer waiting time, which makes the rest too long', waits(2881, 7200), `'deploymentGroup' must keep the old tasks for at most 2880 minutes, got 2881; ${BACK} [BGP093]`],
    ['a longer waiting time, in all', waits(2880, 4316), "'deploymentGroup' must be done within the 5 days of its pipeline action, got 7201 minutes; wait less [BGP102]"],
  ])('%s', (_, changes, sentences) => {
    expect(said(changes)).toEqual(sentences.split('|'));
  });

  test('hooks and a shift that fill the action', () => {
    expect(said({}, 7190)).toEqual([]);
    expect(said({}, 7191)).toHaveLength(1);
  });
});

/** Both target groups as the user changes them; synthesis says what is wrong. */
const PAIR = 'LoadBalancerInfo.TargetGroupPairInfoList.0';

describe('the constructs that are exposed', () => {
  const withChange = (change: (deployment: EcsBlueGreenDeployment, stack: Stack) => void) => {
    const stack = newStack();
    const trafficShift = TrafficShift.canary({ percentage: 1, interval: Duration.minutes(2880) });
    change(deploymentIn(stack, { trafficShift, rollback: { terminationWaitTime: Duration.minutes(2) } }), stack);
    return () => templateOf(stack);
  };
  const resource = (construct: { readonly node: { readonly defaultChild?: unknown } }) => construct.node.defaultChild as CfnResource;

  test('may be extended', () => {
    expect(withChange((deployment) => {
      deployment.blueTargetGroup.setAttribute('stickiness.enabled', 'true');
      deployment.taskDefinition.addContainer('proxy', { image: ecs.ContainerImage.fromRegistry('acme/proxy:1'), portMappings: [{ containerPort: 80 }] });
      deployment.productionListener.addAction('Gone', { priority: 1, conditions: [elbv2.ListenerCondition.pathPatterns(['/old'])], action: elbv2.ListenerAction.fixedResponse(410) });
    })).not.toThrow();
  });

  /** One example of each other code stands in scripts/errors/cases. */
  test.each<[string, (deployment: EcsBlueGreenDeployment, stack: Stack) => void, string]>([
    ['Service Connect', ({ service, cluster }) => {
      cluster.addDefaultCloudMapNamespace({ name: 'acme', useForServiceConnect: true });
      service.enableServiceConnect();
    }, 'must not use Service Connect'],
    ['one listener twice', ({ deploymentGroup, productionListener }) => resource(deploymentGroup)
      .addPropertyOverride(`${PAIR}.TestTrafficRoute.ListenerArns.0`, productionListener.listenerArn), 'two different listeners'],
    ['an eleventh alarm', ({ deploymentGroup }, stack) => ['A', 'B', 'C', 'D', 'E', 'F', 'G'].forEach((name) =>
      deploymentGroup.addAlarm(cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`))),
    'must have at most 10 alarms, got 11'],
    // With 2880 minutes of the shift and 2 of the old tasks.
    ['five days of waiting', ({ deploymentGroup }) => resource(deploymentGroup)
      .addPropertyOverride('BlueGreenDeploymentConfiguration.DeploymentReadyOption.WaitTimeInMinutes', 4319), 'got 7201 minutes'],
  ])('are looked at again at synthesis: %s', (_, change, message) => {
    expect(withChange(change)).toThrow(message);
  });
});

describe('a person is asked', () => {
  const stage = (name: string, ...actionsOf: [string, string, number?][]) =>
    ({ name, actions: actionsOf.map(([category, provider, runOrder]) => ({ category, provider, runOrder })) });
  const deploy = (name: string) => stage(name, ['Deploy', 'CodeDeployToECS']);
  const ask = stage('Ask', ['Approval', 'Manual']);

  test.each([
    ['before the only deployment', [ask, deploy('A')], 'A'],
    ['some stages before', [ask, stage('Migrate', ['Deploy', 'CloudFormation']), deploy('A')], 'A'],
    ['between two deployments', [ask, deploy('A'), ask, deploy('B')], 'B'],
    ['before the first of two', [ask, deploy('A'), deploy('B')], 'A'],
    ['in the stage itself, before', [stage('A', ['Approval', 'Manual'], ['Deploy', 'CodeDeployToECS', 2])], 'A'],
  ])('%s', (_, stages, name) => {
    expect(approvalViolation(stages, name)).toBeUndefined();
  });

  test.each([
    ['nowhere', [deploy('A')], 'A'],
    ['before the deployment before', [ask, deploy('A'), deploy('B')], 'B'],
    ['before the deployment before, which does more', [ask, stage('A', ['Deploy', 'CodeDeployToECS'], ['Invoke', 'Lambda', 2]), deploy('B')], 'B'],
    ['in the stage itself, before something else', [stage('A', ['Deploy', 'CodeDeployToECS', 1], ['Approval', 'Manual', 2], ['Invoke', 'Lambda', 3])], 'A'],
    ['after', [deploy('A'), ask], 'A'],
    ['beside, in the stage itself', [stage('A', ['Approval', 'Manual'], ['Deploy', 'CodeDeployToECS'])], 'A'],
    ['behind, in the stage itself', [stage('A', ['Approval', 'Manual', 3], ['Deploy', 'CodeDeployToECS', 2])], 'A'],
  ])('or the finding says so: %s', (_, stages, name) => {
    expect(inWords(approvalViolation(stages, name))).toEqual([`'pipeline' must ask a person before "${name}", `
      + 'after the deployment before it; add an ApprovalGate to the pipeline before the deployment [BGP148]']);
  });
});

test.each<[string, object, boolean]>([
  ['an action', { AlarmActions: ['topic'] }, true],
  ['actions that are on', { AlarmActions: ['topic'], ActionsEnabled: true }, true],
  ['no action', {}, false],
  ['no action in the list', { AlarmActions: [] }, false],
  ['actions that are off', { AlarmActions: ['topic'], ActionsEnabled: false }, false],
])('an alarm with %s tells somebody or is reported', (_, properties, told) => {
  const alarms = [{ path: 'Loud', properties: { AlarmActions: ['topic'] } }, { path: 'Other', properties }];

  expect(inWords(noAlarmActionViolation(alarms))).toEqual(told ? [] : [
    "'rollbackAlarms' must tell somebody when they go off, got [\"Other\"]; "
    + 'hand each to PipelineAlarms.notifyOn, or add an alarm action of yours [BGP149]',
  ]);
});

describe('in a pipeline of the user', () => {
  function deployed(options: { readonly asked: boolean; readonly told: boolean }): Stack {
    const stack = newStack();
    const release = new codepipeline.Artifact('Release');
    const bucket = s3.Bucket.fromBucketName(stack, 'Releases', 'acme-releases');
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
      stages: [
        { stageName: 'Source', actions: [new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'release.zip', output: release })] },
        ...options.asked ? [{ stageName: 'Ask', actions: [new actions.ManualApprovalAction({ actionName: 'Ask' })] }] : [],
      ],
    });
    const deployment = deploymentIn(stack);
    deployment.addToPipeline(pipeline, { release });
    if (options.told) {
      deployment.rollbackAlarms.forEach((alarm) => alarm.addAlarmAction(new cloudwatchActions.SnsAction(new sns.Topic(stack, `Topic${alarm.node.id}`))));
    }
    return stack;
  }

  test.each<[boolean, boolean, string[]]>([
    [true, true, []],
    [false, true, ['\'pipeline\' must ask a person before "DeployProduction"']],
    [true, false, ["'rollbackAlarms' must tell somebody when they go off, got [\"Storefront/Production/BlueErrors\""]],
  ])('a deployment is looked at at synthesis: asked is %s, told is %s', (asked, told, messages) => {
    const found = deployed({ asked, told }).node.findChild('Production').node.validate();

    expect(found).toEqual(messages.map((message) => expect.stringContaining(message)));
  });

  test('without a pipeline nobody has to', () => {
    const stack = newStack();
    deploymentIn(stack);

    expect(() => templateOf(stack)).not.toThrow();
  });

  test.each<[unknown, string]>([
    [undefined, "'release' is required; for example new codepipeline.Artifact(\"Release\") [BGP001]"],
    [null, "'options' must be an object, got null; for example { release } [BGP002]"],
    [{ release: 'Release' }, "'release' must be a codepipeline.Artifact, got \"Release\"; "
      + 'for example new codepipeline.Artifact("Release") [BGP002]'],
    [{ release: new codepipeline.Artifact('Release'), stage: 'Live' }, "'stage' must not be set: there is no such key; "
      + 'remove it, or use one of release [BGP151]'],
  ])('the stage is refused for %p', (options, sentence) => {
    const stack = newStack();
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline');

    expect(() => deploymentIn(stack).addToPipeline(pipeline, options as { release: codepipeline.Artifact })).toThrow(`Storefront/Production (EcsBlueGreenDeployment): ${sentence}`);
  });

  test('the stage is refused where there is one of its name', () => {
    const stack = newStack();
    const { pipeline } = pipelineIn(stack);
    const second = new EcsBlueGreenDeployment(stack, 'Second', { environmentSuffix: 'second', environmentName: 'staging', repository: pipelineIn(newStack()).repository });

    expect(() => second.addToPipeline(pipeline, { release: new codepipeline.Artifact('Release') })).toThrow('\'pipeline\' must have no stage "DeployStaging" yet');
  });
});
