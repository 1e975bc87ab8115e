import {
  aws_cloudwatch as cloudwatch, aws_codedeploy as codedeploy, aws_codepipeline as codepipeline, aws_ecs as ecs,
  Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { MAX_ALARMS } from './code-deploy';
import { LONGEST_DEPLOYMENT } from './deployment-checks';
import { LoadBalancing } from './load-balancing';
import { shown } from '../../private/checks';
import { broken, inWords, Problem } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';

/** What is read of the properties of resources, as they stand in the template. */
interface ServiceProperties {
  readonly DeploymentController?: { readonly Type?: string };
  readonly DeploymentConfiguration?: {
    readonly Alarms?: object;
    readonly DeploymentCircuitBreaker?: { readonly Enable?: boolean };
    readonly Strategy?: string;
  };
  readonly LoadBalancers?: { readonly TargetGroupArn?: unknown }[];
  readonly ServiceConnectConfiguration?: { readonly Enabled?: boolean };
}

interface Route {
  readonly ListenerArns?: unknown[];
}

interface GroupProperties {
  readonly AlarmConfiguration?: { readonly Alarms?: unknown[] };
  readonly BlueGreenDeploymentConfiguration?: {
    readonly DeploymentReadyOption?: { readonly WaitTimeInMinutes?: number };
    readonly TerminateBlueInstancesOnDeploymentSuccess?: { readonly TerminationWaitTimeInMinutes?: number };
  };
  readonly LoadBalancerInfo?: {
    readonly TargetGroupPairInfoList?: {
      readonly ProdTrafficRoute?: Route;
      readonly TargetGroups?: { readonly Name?: unknown }[];
      readonly TestTrafficRoute?: Route;
    }[];
  };
}

interface ListenerProperties {
  readonly DefaultActions?: unknown[];
  readonly Port?: number;
}

interface TaskDefinitionProperties {
  readonly ContainerDefinitions?: { readonly Name?: string; readonly PortMappings?: { readonly ContainerPort?: number }[] }[];
}

interface AlarmProperties {
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: unknown[];
}

/** What CodeDeploy and ECS will find, once the user is done with the exposed constructs. */
export interface Deployed {
  readonly service: ServiceProperties;
  readonly group: GroupProperties;
  readonly blue: { readonly [name: string]: unknown };
  readonly green: { readonly [name: string]: unknown };
  readonly production: ListenerProperties;
  readonly test: ListenerProperties;
  readonly taskDefinition: TaskDefinitionProperties;
  /** How the template refers to the target group that the service starts behind. */
  readonly blueArn: unknown;
}

/** The parts of a deployment that a user can reach, and so change after the constructor has checked the props. */
export interface Preflight {
  readonly balancing: LoadBalancing;
  readonly service: ecs.FargateService;
  readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
  readonly taskDefinition: ecs.FargateTaskDefinition;
  readonly containerName: string;
  readonly containerPort: number;
  /** How long hooks, smoke test and shift may take together. */
  readonly minutes: number;
}

/** Checks at synthesis what escape hatches and the methods of the exposed constructs can break. */
export function addPreflight(scope: Construct, parts: Preflight): void {
  const stack = Stack.of(scope);
  const { balancing } = parts;
  scope.node.addValidation({
    validate: () => inSentences(preflightProblems({
      service: renderedProperties(parts.service.node.findChild('Service')),
      group: renderedProperties(parts.deploymentGroup.node.defaultChild),
      blue: renderedProperties(balancing.blue.node.defaultChild),
      green: renderedProperties(balancing.green.node.defaultChild),
      production: renderedProperties(balancing.production.node.defaultChild),
      test: renderedProperties(balancing.test.node.defaultChild),
      taskDefinition: renderedProperties(parts.taskDefinition.node.defaultChild),
      blueArn: stack.resolve(balancing.blue.targetGroupArn),
    }, parts)),
  });
}

/** Checks at synthesis that somebody is asked before a deployment of a pipeline, and hears when it goes wrong. */
export function addPipelineChecks(scope: Construct, pipeline: codepipeline.Pipeline, stageName: string, alarms: cloudwatch.Alarm[]): void {
  scope.node.addValidation({
    validate: () => inSentences([
      approvalProblem(pipeline.stages.map((stage) => ({
        name: stage.stageName, actions: stage.actions.map((action) => action.actionProperties),
      })), stageName),
      silenceProblem(alarms.map((alarm) => ({ path: alarm.node.path, properties: renderedProperties(alarm.node.defaultChild) }))),
    ]),
  });
}

function inSentences(problems: Problem[]): string[] {
  return problems.flatMap((problem) => problem === undefined ? [] : [inWords(problem)]);
}

/** Everything that deployment would find out half-way. */
export function preflightProblems(deployed: Deployed, expected: Pick<Preflight, 'containerName' | 'containerPort' | 'minutes'>): Problem[] {
  return [
    ...serviceProblems(deployed.service),
    attachmentProblem(deployed),
    ...pairProblems(deployed),
    alikeProblem(deployed.blue, deployed.green),
    containerProblem(deployed.taskDefinition, expected.containerName, expected.containerPort),
    ...groupProblems(deployed.group, expected.minutes),
  ];
}

const BACK = 'remove what changes it';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html */
function serviceProblems(service: ServiceProperties): Problem[] {
  const { DeploymentConfiguration: configuration = {}, DeploymentController: controller, ServiceConnectConfiguration: connect } = service;
  return [
    controller?.Type === 'CODE_DEPLOY' ? undefined
      : broken('BGP140', 'service', 'must keep the deployment controller CODE_DEPLOY', shown(controller?.Type), BACK),
    configuration.DeploymentCircuitBreaker?.Enable === true
      ? broken('BGP141', 'service', 'must not have a circuit breaker, which is for rolling deployments; CodeDeploy rolls back by itself', undefined, BACK) : undefined,
    configuration.Strategy === undefined || configuration.Strategy === 'ROLLING' ? undefined
      : broken('BGP142', 'service', "must not have a deployment strategy of ECS beside CodeDeploy's", shown(configuration.Strategy), `use 'trafficShift', and ${BACK}`),
    connect !== undefined && connect.Enabled !== false
      ? broken('BGP143', 'service', 'must not use Service Connect, which ECS refuses under CodeDeploy', undefined, BACK) : undefined,
    configuration.Alarms === undefined ? undefined
      : broken('BGP131', 'service', 'must not have alarms of ECS, which it watches in rolling deployments alone', undefined, "use 'addRollbackAlarm'"),
  ];
}

/** CodeDeploy wants a service behind one target group, to which production traffic goes until the first release. */
function attachmentProblem({ service, production, blueArn }: Deployed): Problem {
  const behind = (service.LoadBalancers ?? []).map(({ TargetGroupArn }) => JSON.stringify(TargetGroupArn));
  const blue = JSON.stringify(blueArn);
  return behind.length === 1 && behind[0] === blue && JSON.stringify(production.DefaultActions).includes(blue) ? undefined
    : broken('BGP144', 'service', "must stand behind 'blueTargetGroup' alone, and 'productionListener' must send its traffic there", undefined, BACK);
}

/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TargetGroupPairInfo.html */
function pairProblems({ group, production, test }: Deployed): Problem[] {
  const [pair] = group.LoadBalancerInfo?.TargetGroupPairInfoList ?? [];
  const groups = (pair?.TargetGroups ?? []).map(({ Name }) => JSON.stringify(Name));
  const listeners = [pair?.ProdTrafficRoute, pair?.TestTrafficRoute].flatMap((route) => route?.ListenerArns ?? []).map((arn) => JSON.stringify(arn));
  return [
    groups.length === 2 && groups[0] !== groups[1] ? undefined
      : broken('BGP145', 'deploymentGroup', 'must have two different target groups, one for each colour', undefined, BACK),
    listeners.length === 2 && listeners[0] !== listeners[1] && production.Port !== test.Port ? undefined
      : broken('BGP145', 'deploymentGroup', 'must have two different listeners, one for production and one for tests', undefined, BACK),
  ];
}

/** What the colours may differ in. */
const OWN = ['Name', 'Tags', 'TargetGroupAttributes', 'Targets'];

/** The colours swap: what one of them does not have is missing after every other deployment. */
function alikeProblem(blue: Deployed['blue'], green: Deployed['green']): Problem {
  const different = [...new Set([...Object.keys(blue), ...Object.keys(green)])]
    .filter((name) => !OWN.includes(name) && JSON.stringify(blue[name]) !== JSON.stringify(green[name]));
  return different.length === 0 ? undefined
    : broken('BGP146', 'greenTargetGroup', `must be like 'blueTargetGroup' in ${different.join(', ')}`, shown(different.map((name) => green[name])), 'change both alike');
}

/** The appspec names this container and port. */
function containerProblem(definition: TaskDefinitionProperties, name: string, port: number): Problem {
  const containers = definition.ContainerDefinitions ?? [];
  const container = containers.find(({ Name }) => Name === name);
  const ports = (container?.PortMappings ?? []).map(({ ContainerPort }) => Number(ContainerPort));
  return ports.includes(port) ? undefined
    : broken('BGP147', 'taskDefinition', `must have the container ${shown(name)} with port ${port}, to which CodeDeploy sends traffic`,
      shown(containers.map(({ Name, PortMappings }) => [Name, ...(PortMappings ?? []).map(({ ContainerPort }) => ContainerPort)])), BACK);
}

/** Limits of CodeDeploy, and of the pipeline action that waits for it. */
function groupProblems(group: GroupProperties, minutes: number): Problem[] {
  const { AlarmConfiguration: alarms, BlueGreenDeploymentConfiguration: configuration } = group;
  const kept = Number(configuration?.TerminateBlueInstancesOnDeploymentSuccess?.TerminationWaitTimeInMinutes ?? 0);
  const ready = Number(configuration?.DeploymentReadyOption?.WaitTimeInMinutes ?? 0);
  const watched = alarms?.Alarms?.length ?? 0;
  return [
    watched > MAX_ALARMS ? broken('BGP130', 'deploymentGroup', `must have at most ${MAX_ALARMS} alarms`, shown(watched), 'watch the others yourself') : undefined,
    kept > 2880 ? broken('BGP093', 'deploymentGroup', 'must keep the old tasks for at most 2880 minutes', shown(kept), BACK) : undefined,
    kept <= 2880 && minutes + kept + ready > LONGEST_DEPLOYMENT.toMinutes()
      ? broken('BGP102', 'deploymentGroup', `must be done within the ${LONGEST_DEPLOYMENT.toDays()} days of its pipeline action`, `${minutes + kept + ready} minutes`, 'wait less')
      : undefined,
  ];
}

/** A stage of a pipeline, as far as it matters here. */
interface StageView {
  readonly name: string;
  readonly actions: { readonly category: string; readonly provider: string; readonly runOrder?: number }[];
}

/** A release passes an approval on its way from one deployment of CodeDeploy to the next. */
export function approvalProblem(stages: StageView[], stageName: string): Problem {
  const before = stages.slice(0, stages.findIndex(({ name }) => name === stageName));
  const deploys = before.map(({ actions }) => actions.some(({ provider }) => provider === 'CodeDeployToECS'));
  const own = stages[before.length].actions;
  const { runOrder: deployAt = 1 } = own.find(({ provider }) => provider === 'CodeDeployToECS') ?? {};
  const asked = [
    ...before.slice(deploys.lastIndexOf(true) + 1).flatMap(({ actions }) => actions),
    ...own.filter(({ runOrder = 1 }) => runOrder < deployAt),
  ].some(({ category }) => category === 'Approval');
  return asked ? undefined : broken('BGP148', 'pipeline', `must ask a person before ${shown(stageName)}, after the deployment before it`, undefined,
    'add an ApprovalGate to the pipeline before the deployment');
}

/** Alarms roll a deployment back without a word, unless somebody is told. */
export function silenceProblem(alarms: { readonly path: string; readonly properties: AlarmProperties }[]): Problem {
  const silent = alarms.filter(({ properties }) => properties.ActionsEnabled === false || (properties.AlarmActions ?? []).length === 0);
  return silent.length === 0 ? undefined
    : broken('BGP149', 'rollbackAlarms', 'must tell somebody when they go off', shown(silent.map(({ path }) => path)),
      'hand each to PipelineAlarms.notifyOn, or add an alarm action of yours');
}
