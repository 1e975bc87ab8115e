import { arn, DeployedProgram, PLACE, roleArn } from './account';
import { ACTIONS } from './actions';
import { deploymentGroup, EnvironmentExpectation, repository } from './authorised';
import { ResourcePolicy, Statement } from '../../src/cli/iam/evaluate';
import { CONNECTION_ARN } from '../helpers/synthesis';

/** Resources, and what might be done to them. */
export interface Reach {
  readonly resources: readonly string[];
  readonly actions: readonly string[];
}

/** What a program has made, for everybody to be tried on. */
export interface Inventory {
  readonly environments: readonly EnvironmentExpectation[];
  readonly projects: readonly string[];
  readonly buckets: readonly string[];
  readonly repositories: readonly string[];
  readonly topics: readonly string[];
  readonly pipeline: boolean;
}

function tried(kind: keyof typeof ACTIONS, ...resources: string[]): Reach {
  return { resources, actions: ACTIONS[kind] };
}

function streamOf(logGroupName: string): string {
  return arn('logs', `log-group:${logGroupName}:log-stream:1`);
}

/** Everything of a program. */
export function reachOf(program: DeployedProgram, { environments, projects, buckets, repositories, topics, pipeline }: Inventory): Reach[] {
  return [
    ...environments.flatMap((environment) => environmentReach(program, environment)),
    tried('project', ...projects.map((project) => arn('codebuild', `project/${program.named(`project-${project}`)}`))),
    tried('log', ...projects.map((project) => streamOf(program.named(`logs-project-${project}`)))),
    tried('role', ...projects.map((project) => program.role(`project-${project}`))),
    tried('bucket', ...buckets),
    tried('object', ...buckets.flatMap((bucket) => ['storefront/Source/a1', 'build/b2', 'test/c3', 'lint/d4'].map((key) => `${bucket}/${key}`))),
    tried('repository', ...repositories),
    tried('topic', ...topics),
    tried('secret', program.secret('registry-credentials')),
    ...(pipeline ? pipelineReach(program, environments.map(({ name }) => name)) : []),
  ];
}

function pipelineReach(program: DeployedProgram, environmentNames: readonly string[]): Reach[] {
  const own = arn('codepipeline', program.named('pipeline'));
  const approvals = environmentNames.map((name) => `${own}/Approve${name[0].toUpperCase()}${name.slice(1)}/Approve`);
  return [
    tried('pipeline', own, ...approvals),
    tried('role', ...['pipeline', 'source', 'start-build', 'start-test'].map((purpose) => program.role(purpose))),
    tried('role', ...environmentNames.flatMap((name) => [program.role('approval', name), program.role('deploy', name)])),
  ];
}

/** Everything of one environment. */
function environmentReach(program: DeployedProgram, { name, deploymentConfig, smokeTest, hooks = [] }: EnvironmentExpectation): Reach[] {
  const named = (type: string) => program.named(type, name);
  const service = `${named('cluster')}/${named('service')}`;
  const listeners = program.listeners(name);
  return [
    tried('deploymentGroup', deploymentGroup(program, name)),
    tried('application', arn('codedeploy', `application:${named('application')}`)),
    tried('deploymentConfig', arn('codedeploy', `deploymentconfig:${deploymentConfig}`)),
    tried('service', arn('ecs', `service/${service}`)),
    tried('taskSet', arn('ecs', `task-set/${service}/ecs-svc/1`)),
    tried('cluster', arn('ecs', `cluster/${named('cluster')}`), arn('ecs', `task/${named('cluster')}/1`)),
    tried('taskDefinition', arn('ecs', `task-definition/${named('task')}:7`)),
    tried('listener', ...listeners),
    tried('rule', ...listeners.map((listener) => `${listener.replace(':listener/', ':listener-rule/')}/1`)),
    tried('loadBalancer', listeners[0].replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, '')),
    tried('targetGroup', ...['blue', 'green'].map((colour) => arn('elasticloadbalancing', `targetgroup/${named(`tg-${colour}`)}/1`))),
    tried('alarm', ...['errors-blue', 'unhealthy-green'].map((alarm) => arn('cloudwatch', `alarm:${named(`alarm-${alarm}`)}`))),
    tried('role', ...['task', 'execution', 'codedeploy'].map((purpose) => program.role(purpose, name)), ...hooks.map(roleArn)),
    tried('log', streamOf(named('logs-service'))),
    tried('function', ...hooks.map((hook) => arn('lambda', `function:${hook}`))),
    ...(smokeTest ? [
      tried('function', arn('lambda', `function:${named('function-smoke')}`)),
      tried('log', streamOf(named('logs-smoke'))),
      tried('role', program.role('smoke', name)),
      tried('network', arn('ec2', `security-group/${program.smokeTestSecurityGroup(name)}`)),
    ] : []),
  ];
}

/** A role that leaves it to its account who may be it. */
const LENIENT_ROLE = roleArn('Administrator');
const KEY = arn('kms', 'key/0123');

/** Everything in the account that is no program's. */
export const REST_OF_THE_ACCOUNT: Reach[] = [
  tried('role', LENIENT_ROLE, `arn:${PLACE.partition}:iam::222222222222:role/Administrator`),
  tried('person', `arn:${PLACE.partition}:iam::${PLACE.account}:user/jane`, `arn:${PLACE.partition}:iam::${PLACE.account}:policy/Boundary`),
  tried('instance', arn('ec2', 'instance/i-0123456789abcdef0')),
  tried('network', arn('ec2', 'network-interface/eni-0123456789abcdef0'), arn('ec2', 'subnet/subnet-0123456789abcdef9')),
  tried('key', KEY),
  tried('bucket', `arn:${PLACE.partition}:s3:::payroll`),
  tried('object', `arn:${PLACE.partition}:s3:::payroll/2026.csv`),
  tried('secret', arn('secretsmanager', 'secret:payroll-AbCdEf')),
  tried('parameter', arn('ssm', 'parameter/payroll')),
  tried('queue', arn('sqs', 'payroll')),
  tried('repository', repository('payroll')),
  tried('function', arn('lambda', 'function:payroll')),
  tried('topic', arn('sns', 'payroll')),
  tried('log', streamOf('payroll')),
  tried('project', arn('codebuild', 'project/payroll')),
  tried('reportGroup', arn('codebuild', 'report-group/payroll')),
  tried('pipeline', arn('codepipeline', 'payroll'), arn('codepipeline', 'payroll/Approve/Approve')),
  tried('connection', CONNECTION_ARN, CONNECTION_ARN.replace('6a5e4b1c', '00000000')),
  tried('stack', arn('cloudformation', 'stack/Storefront/1')),
  tried('everything', '*'),
];

/** Policies of what is no program's: as lenient as AWS makes them by default. Only the policies of its own roles protect such an account. */
export const LENIENT_POLICIES: ResourcePolicy[] = [leftToTheAccount(KEY, { Action: 'kms:*', Resource: '*' }), ...lenientTrust([LENIENT_ROLE])];

export function lenientTrust(roles: readonly string[]): ResourcePolicy[] {
  return roles.map((role) => leftToTheAccount(role, { Action: 'sts:AssumeRole' }));
}

function leftToTheAccount(resource: string, what: Partial<Statement>): ResourcePolicy {
  return { resource, document: { Statement: { Effect: 'Allow', ...what, Principal: { AWS: `arn:${PLACE.partition}:iam::${PLACE.account}:root` } } } };
}
