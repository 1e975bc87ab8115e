import {
  aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as cloudwatchActions, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions,
  aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_s3 as s3, aws_sns as sns, CfnParameter, CfnResource, Duration, Size, Stack,
} from 'aws-cdk-lib';
import messages from './messages.json';
import table from './preflight.json';
import { deploymentIn, loginOf } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment, TrafficShift } from '../../src';
import { noAlarmActionViolation } from '../../src/deployment/private/pipeline-preflight';
import { preflightViolations } from '../../src/deployment/private/preflight';
import { RenderedDeployment } from '../../src/deployment/private/rendered-deployment';
import { listViolations, Violations } from '../../src/private/violations';
import { testMessages } from '../helpers/messages';
import { violationCodes } from '../helpers/refusals';
import { newStack, templateOf } from '../helpers/synthesis';

/** The rendered deployment of the library, with other values at some paths. */
function deployedWith(changes: object): RenderedDeployment {
  const deployed = structuredClone(table.deployed) as { [key: string]: unknown };
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const inner = keys.reduce((outer, key) => (outer[key] ??= {}) as typeof deployed, deployed);
    inner[last] = value ?? undefined;
  }
  return deployed as unknown as RenderedDeployment;
}

function inWords(found: Violations): string[] {
  return listViolations(found).map(({ code, text }) => `${text} [${code}]`);
}

test.each(table.changes as [string, { readonly minutes?: number }, ...string[]][])(
  'a deployment %s is valid, or is rejected with a message', (_, { minutes = 5, ...changes }, ...words) => {
    const expected = { containerName: 'app', containerPort: 8080, clusterName: 'cluster-production-dev', serviceName: 'service-production-dev', minutes };

    expect(inWords(preflightViolations(deployedWith(changes), expected))).toEqual(words);
  });

/** The path to both target groups, which synthesis judges as the user changes them. */
const PAIR = 'LoadBalancerInfo.TargetGroupPairInfoList.0';

describe('the exposed constructs', () => {
  const withChange = (change: (deployment: EcsBlueGreenDeployment, stack: Stack) => void) => {
    const stack = newStack();
    const trafficShift = TrafficShift.canary({ percentage: 1, interval: Duration.minutes(2880) });
    change(deploymentIn(stack, { trafficShift, rollback: { terminationWaitTime: Duration.minutes(2) } }), stack);
    return () => templateOf(stack);
  };
  const resource = (construct: { readonly node: { readonly defaultChild?: unknown } }) => construct.node.defaultChild as CfnResource;

  const cfnService = (deployment: EcsBlueGreenDeployment) => deployment.service.node.findChild('Service') as CfnResource;

  test('the exposed constructs may be extended', () => {
    expect(withChange((deployment) => {
      deployment.blueTargetGroup.setAttribute('stickiness.enabled', 'true');
      deployment.blueTargetGroup.setAttribute('slow_start.duration_seconds', '30');
      deployment.greenTargetGroup.setAttribute('slow_start.duration_seconds', '30');
      deployment.greenTargetGroup.setAttribute('stickiness.enabled', 'true');
      deployment.taskDefinition.addContainer('proxy', { image: ecs.ContainerImage.fromRegistry('acme/proxy:1'), portMappings: [{ containerPort: 80 }] });
      deployment.productionListener.addAction('Gone', { priority: 1, conditions: [elbv2.ListenerCondition.pathPatterns(['/old'])], action: elbv2.ListenerAction.fixedResponse(410) });
    })).not.toThrow();
  });

  /** scripts/errors/cases has an example of each other code. */
  test.each<[string, (deployment: EcsBlueGreenDeployment, stack: Stack) => void, string]>([
    ['Service Connect', ({ service, cluster }) => {
      cluster.addDefaultCloudMapNamespace({ name: 'acme', useForServiceConnect: true });
      service.enableServiceConnect();
    }, 'must not use Service Connect'],
    ['one listener twice', ({ deploymentGroup, productionListener }) => resource(deploymentGroup)
      .addPropertyOverride(`${PAIR}.TestTrafficRoute.ListenerArns.0`, productionListener.listenerArn), 'two different listeners'],
    ['an eleventh alarm', ({ deploymentGroup }, stack) => ['A', 'B', 'C', 'D', 'E', 'F'].forEach((name) =>
      deploymentGroup.addAlarm(cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`))),
    'must have at most 10 alarms, got 11'],
    ['Fargate Spot', (deployment) => cfnService(deployment).addPropertyOverride('CapacityProviderStrategy', [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]),
      'must not have a capacity provider strategy'],
    ['a platform version', (deployment) => cfnService(deployment).addPropertyOverride('PlatformVersion', '1.3.0'), 'must not have a platform version'],
    ['a platform version that is known only at deployment', (deployment, stack) =>
      cfnService(deployment).addPropertyOverride('PlatformVersion', new CfnParameter(stack, 'Platform').valueAsString), 'must not have a platform version'],
    ['a daemon', (deployment) => cfnService(deployment).addPropertyOverride('SchedulingStrategy', 'DAEMON'), 'must have the scheduling strategy REPLICA'],
    ['a volume that ECS creates with each task', (deployment) => {
      const volume = new ecs.ServiceManagedVolume(deployment, 'Data', { name: 'data', managedEBSVolume: { size: Size.gibibytes(1), fileSystemType: ecs.FileSystemType.EXT4 } });
      deployment.taskDefinition.addVolume(volume);
      deployment.service.addVolume(volume);
    }, 'must not have volume configurations'],
    ['a forced deployment', (deployment) => cfnService(deployment).addPropertyOverride('ForceNewDeployment.EnableForceNewDeployment', true), 'must not force a new deployment'],
    ['a tag on the service', (deployment) => cfnService(deployment).addPropertyOverride('Tags', [{ Key: 'team', Value: 'shop' }]), 'must not have tags'],
    ['tags that are propagated from the service', (deployment) => cfnService(deployment).addPropertyOverride('PropagateTags', 'SERVICE'), 'must propagate the tags of the TASK_DEFINITION'],
    ['a bake time', (deployment) => cfnService(deployment).addPropertyOverride('DeploymentConfiguration.BakeTimeInMinutes', 5), 'must not have BakeTimeInMinutes'],
    ['another container behind the target group', (deployment) => cfnService(deployment).addPropertyOverride('LoadBalancers.0.ContainerName', 'proxy'),
      "with port 8080 in 'blueTargetGroup', got [[\"proxy\",8080]]"],
    ['one attribute of one target group', ({ greenTargetGroup }) => greenTargetGroup.setAttribute('stickiness.enabled', 'true'), 'must have the same TargetGroupAttributes as'],
    ['a login in the default action of the production listener', (deployment) => deployment.productionListener.addAction('Login', { action: loginOf(deployment.blueTargetGroup) }),
      "'productionListener' must not authenticate users in its default action"],
    ['a login in the default action of the test listener', (deployment) => deployment.testListener.addAction('Login', { action: loginOf(deployment.greenTargetGroup) }),
      "'testListener' must not authenticate users in its default action"],
    // With 2880 minutes of the shift and 2 of the old tasks.
    ['a wait of five days', ({ deploymentGroup }) => resource(deploymentGroup)
      .addPropertyOverride('BlueGreenDeploymentConfiguration.DeploymentReadyOption.WaitTimeInMinutes', 4319), 'got 7201 minutes'],
  ])('the exposed constructs are validated again at synthesis: %s', (_, change, message) => {
    expect(withChange(change)).toThrow(message);
  });
});

test.each<[string, object, boolean]>([
  ['an action', { AlarmActions: ['topic'] }, true],
  ['enabled actions', { AlarmActions: ['topic'], ActionsEnabled: true }, true],
  ['no action', {}, false],
  ['an empty list of actions', { AlarmActions: [] }, false],
  ['disabled actions', { AlarmActions: ['topic'], ActionsEnabled: false }, false],
])('an alarm with %s has an alarm action or is reported', (_, properties, told) => {
  const alarms = [{ path: 'Loud', properties: { AlarmActions: ['topic'] } }, { path: 'Other', properties }];

  expect(inWords(noAlarmActionViolation(alarms))).toEqual(told ? [] : [expect.stringContaining(', got ["Other"];')]);
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
    [false, true, ['\'pipeline\' must have a manual approval between "DeployProduction" and the previous deployment']],
    [true, false, ["'rollbackAlarms' must have an alarm action, got [\"Storefront/Production/BlueErrors\""]],
  ])("a deployment in the user's own pipeline is validated at synthesis: with approval %s, with alarm action %s", (asked, told, words) => {
    const found = deployed({ asked, told }).node.findChild('Production').node.validate();

    expect(found).toEqual(words.map((each) => expect.stringContaining(each)));
  });
});

const stackOfStage = newStack();
const pipeline = new codepipeline.Pipeline(stackOfStage, 'Pipeline');
const deployment = deploymentIn(stackOfStage);

testMessages(messages, {
  'EcsBlueGreenDeployment.addToPipeline': {
    stack: stackOfStage,
    make: (options) => deployment.addToPipeline(pipeline, options),
    named: () => ({ 'an unknown key': { release: new codepipeline.Artifact('Release'), stage: 'Live' } }),
  },
});

test('a deployment is rejected in a pipeline that has a stage of its name', () => {
  const release = new codepipeline.Artifact('Release');
  pipeline.addStage({ stageName: 'DeployProduction' });

  expect(violationCodes(() => deployment.addToPipeline(pipeline, { release }))).toEqual(['BGP019']);
});
