import { arn, DeployedProgram, PLACE, roleArn } from './account';
import { Authorisation, Check, checksOf, ConditionValues, COLLEAGUE, neighbours, Prohibition, Reach } from './checks';
import { tableOf } from './table';
import { mergePolicies } from '../../src/cli/iam/collect';
import { Policies, Principal, ResourcePolicy, Statement } from '../../src/cli/iam/evaluate';
import { Program } from '../helpers/programs';

/** The expectations for the policies of a program. */
export interface Expectation {
  readonly program: DeployedProgram;
  /** Of this program, and of the others in the account. */
  readonly policies: Policies;
  /** Resource policies that belong to no program. */
  readonly bystanders: ResourcePolicy[];
  readonly reach: Reach[];
  readonly checks: Check[];
}

/** An environment, as far as roles differ for it. */
interface Environment {
  readonly env: string;
  readonly config: string;
  readonly smokeTest?: boolean;
  readonly hooks?: readonly string[];
}

/** The permissions of each role, and the requests that each role makes, by kind. */
interface Section {
  readonly may: readonly {
    readonly role?: string;
    readonly service?: string;
    readonly actions: readonly string[];
    readonly on: readonly string[];
    readonly when?: ConditionValues;
    readonly ifSent?: ConditionValues;
  }[];
  readonly reach: { readonly [kind: string]: readonly string[] };
}

type Title = 'every program' | 'project' | 'environment' | 'smoke test' | 'hook' | 'pipeline' | 'environment of a pipeline' | 'rest of the account';
interface Tables {
  readonly environments: { readonly [suffix: string]: readonly Environment[] };
  readonly projects: { readonly [suffix: string]: readonly string[] };
}

const TABLE = tableOf<Tables & { readonly [title in Title]: Section }>('expectations');
const ACTIONS = tableOf<{ readonly [kind: string]: { readonly [service: string]: readonly string[] } }>('actions');
const actionsOn = (kind: string): string[] =>
  Object.entries(ACTIONS[kind]).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));

/** The values of `$name` in a section. */
interface Values {
  readonly [name: string]: string | readonly string[];
}

/** A section, and its principal. */
type Use = [section: Section, values?: Values];

/** The calls that a program must and must not allow. Other resources in the account are requested, too. */
export function expectationOf(program: Program, ...others: Program[]): Expectation {
  const own = describeProgram(program);
  const strangers = others.map(describeProgram);
  const all = [own, ...strangers];
  const policies = mergePolicies(...all.map(({ deployed }) => deployed.policies));
  const roles = own.deployed.policies.roles.map((role) => role.arn);
  const ofServices = strangers.flatMap(({ authorisations }) => authorisations).filter(({ principal }) => 'service' in principal);
  const assumable = own.authorisations.filter(({ actions }) => actions.includes('sts:AssumeRole')).flatMap(({ resources }) => resources);
  const rest = reachOf(own.deployed, [[TABLE['rest of the account']]]);
  return {
    program: own.deployed,
    // The default policies of AWS are that permissive: only the policies of its own roles protect such an account.
    bystanders: [
      delegatedToAccount(arn('kms', 'key/0123'), { Action: 'kms:*', Resource: '*' }),
      ...[roleArn('Administrator'), ...assumable.flatMap(neighbours).filter((neighbour) => !roles.includes(neighbour))]
        .map((role) => delegatedToAccount(role, { Action: 'sts:AssumeRole' })),
    ],
    policies,
    reach: own.reach,
    checks: [
      ...checksOf(roles, [...own.authorisations, ...ofServices], own.prohibitions, [...all.flatMap(({ reach }) => reach), ...rest]),
      // A topic denies nothing that its account allows.
      ...own.topics.map((resource): Check => ({ request: { principal: COLLEAGUE, action: 'sns:Publish', resource }, expected: 'Allowed' })),
    ],
  };
}

function delegatedToAccount(resource: string, what: Partial<Statement>): ResourcePolicy {
  const root = `arn:${PLACE.partition}:iam::${PLACE.account}:root`;
  return { resource, document: { Statement: { Effect: 'Allow', ...what, Principal: { AWS: root } } } };
}

function describeProgram(program: Program) {
  const deployed = new DeployedProgram(program);
  const environments = TABLE.environments[program.suffix];
  const isPipeline = program.suffix !== 'modules';
  const always = { emptyingRole: deployed.emptyingRole(), secret: deployed.secret('registry-credentials') };
  const sections: Use[] = [
    [TABLE['every program'], always],
    [TABLE[program.suffix as Title], always],
    ...(isPipeline ? [[TABLE.pipeline, always] as Use] : []),
    ...TABLE.projects[program.suffix].map((project): Use => [TABLE.project, { project }]),
    ...environments.flatMap((environment) => sectionsOf(deployed, environment, isPipeline)),
  ];
  const reach = reachOf(deployed, sections);
  const tried = (kind: string) => reach.filter((one) => one.kind === kind).flatMap(({ resources }) => resources);
  return {
    deployed,
    reach,
    topics: tried('topic'),
    authorisations: sections.flatMap(([{ may }, values]) => may.map(({ role, service, actions, on, when, ifSent }): Authorisation => ({
      principal: role === undefined ? { service: `${service}.amazonaws.com` } : { role: expand(role, deployed, values)[0] },
      actions,
      resources: on.flatMap((text) => expand(text, deployed, values)),
      when: when && Object.fromEntries(Object.entries(when).map(([key, texts]) => [key, texts.flatMap((text) => expand(text, deployed, values))])),
      ifSent,
    }))),
    prohibitions: [
      ...prohibitions(deployed, tried('bucket'), tried('topic'), environments),
      ...(isPipeline ? [foreignArtifacts(deployed, expand('s3:artifacts/a', deployed))] : []),
    ],
  };
}

/** The resources of an environment, its smoke test and each of its hooks. */
function sectionsOf(program: DeployedProgram, { env, config, smokeTest, hooks = [] }: Environment, isPipeline: boolean): Use[] {
  const listeners = program.listeners(env);
  const rules = listeners.map((listener) => listener.replace(':listener/', ':listener-rule/'));
  const values = {
    env,
    Env: `${env[0].toUpperCase()}${env.slice(1)}`,
    config,
    listeners,
    stack: program.stack,
    rules: rules.map((rule) => `${rule}/*`),
    oneRuleEach: rules.map((rule) => `${rule}/1`),
    loadBalancer: listeners[0].replace(':listener/', ':loadbalancer/').replace(/\/[^/]+$/, ''),
  };
  return [
    [TABLE.environment, values],
    ...(isPipeline ? [[TABLE['environment of a pipeline'], values] as Use] : []),
    ...(smokeTest ? [[TABLE['smoke test'], {
      ...values,
      smokeTestSecurityGroup: arn('ec2', `security-group/${program.smokeTestSecurityGroup(env)}`),
      // A subnet that another account shares belongs to that account.
      functionSubnets: program.functionSubnets().map((subnet) => `arn:${PLACE.partition}:ec2:${PLACE.region}:*:subnet/${subnet}`),
    }] as Use] : []),
    ...hooks.map((hook): Use => [TABLE.hook, { ...values, hook }]),
  ];
}

function reachOf(program: DeployedProgram, sections: readonly Use[]): Reach[] {
  return sections.flatMap(([{ reach }, values]) => Object.entries(reach).map(([kind, texts]) =>
    ({ kind, resources: texts.flatMap((text) => expand(text, program, values)), actions: actionsOn(kind) })));
}

/** The value of a string in the tables; `$listeners` and others have several. */
function expand(text: string, program: DeployedProgram, values: Values = {}): readonly string[] {
  const value = values[text.slice(1)];
  if (text.startsWith('$') && value !== undefined) {
    return [value].flat();
  }
  const named = text.replace(/\$(\w+)/g, (_, name: string) => String(values[name])).replace(/\{([^}]+)\}/g, (_, type: string) => program.named(type));
  const [, service, rest] = /^([a-z0-9-]+):(.+)$/.exec(named) ?? [];
  switch (service) {
    case undefined: case 'arn':
      return [named];
    case 'role':
      return [program.role(rest)];
    case 's3':
      return [rest.replace(/^[^/]+/, (type) => program.bucket(type))];
    default:
      return [arn(service, rest)];
  }
}

/** Only the pipeline, its source and the release project write artifacts, whatever S3 permissions others have. */
function foreignArtifacts(program: DeployedProgram, resources: readonly string[]): Prohibition {
  const writers = ['pipeline', 'source', 'project-release'].map((name) => program.role(name));
  return {
    principals: [
      ...program.policies.roles.map(({ arn: role }) => role).filter((role) => !writers.includes(role)).map((role) => ({ role })),
      { service: 'events.amazonaws.com' },
      COLLEAGUE,
      { stranger: 'arn:aws:iam::222222222222:role/Administrator' },
    ],
    actions: ['s3:PutObject'],
    resources,
  };
}

function prohibitions(
  program: DeployedProgram, buckets: readonly string[], topics: readonly string[], environments: readonly Environment[],
): Prohibition[] {
  const everybody: Principal[] = [
    ...program.policies.roles.map((role) => ({ role: role.arn })),
    { service: 'events.amazonaws.com' },
    { stranger: `arn:aws:iam::${PLACE.account}:role/Administrator` },
    { stranger: 'arn:aws:iam::222222222222:role/Administrator' },
  ];
  const inTheOpen = { 'aws:SecureTransport': ['false'] };
  const deploying = program.policies.roles.map((role) => role.arn)
    .filter((role) => /\/role-(codedeploy|colour|deploy|live-tag|pipeline|project-release|smoke|start-release|tag)-/.test(role) || environments.some(({ hooks }) => hooks?.some((hook) => role === roleArn(hook))));
  return [
    // On any instance, in any region, and without a condition.
    {
      principals: deploying.map((role) => ({ role })),
      actions: ['ec2:TerminateInstances'],
      resources: [arn('ec2', 'instance/i-0123456789abcdef0'), 'arn:aws:ec2:eu-west-1:222222222222:instance/i-0fedcba9876543210', '*'],
    },
    { principals: everybody, actions: ['s3:DeleteBucket', 's3:GetBucketAcl', 's3:ListBucket'], resources: buckets, when: inTheOpen },
    { principals: everybody, actions: ['s3:GetObject', 's3:PutObject'], resources: buckets.map((bucket) => `${bucket}/build/a`), when: inTheOpen },
    { principals: everybody, actions: ['sns:Publish'], resources: topics, when: inTheOpen },
    ...environments.filter(({ smokeTest }) => smokeTest).map(({ env }): Prohibition => ({
      // Lambda connects the function to the VPC; the code of the function has no permissions there.
      principals: [{ role: program.role(`smoke-${env}`) }],
      actions: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
      resources: [arn('ec2', 'network-interface/eni-0123456789abcdef0')],
      when: { 'lambda:SourceFunctionArn': [arn('lambda', `function:${program.named(`function-smoke-${env}`)}`)] },
    })),
    ...(program.hasRotation() ? [{
      // With rotation CDK denies the deletion of the secret to every principal except CloudFormation's own deletion.
      principals: everybody.filter((one) => !('service' in one) && !JSON.stringify(one).includes('222222222222')),
      actions: ['secretsmanager:DeleteSecret'],
      resources: [program.secret('registry-credentials')],
    }] : []),
  ];
}
