import { arn, DeployedProgram, PLACE, roleArn } from './account';
import {
  Authorisation, emptyingMay, EnvironmentExpectation, environmentMay, pipelineMay, Prohibition, projectMay, repository, topicsAccept, trusted,
} from './authorised';
import { Inventory, LENIENT_POLICIES, lenientTrust, Reach, reachOf, REST_OF_THE_ACCOUNT } from './catalogue';
import { Check, checksOf, COLLEAGUE, neighbours } from './checks';
import { together } from '../../src/cli/iam/collect';
import { Policies, Principal, ResourcePolicy } from '../../src/cli/iam/evaluate';
import { Program } from '../helpers/programs';

/** What must be true of the policies of a program. */
export interface Expectation {
  readonly program: DeployedProgram;
  /** Of this program, and of the others in the account. */
  readonly policies: Policies;
  /** Policies of resources that are no program's. */
  readonly bystanders: ResourcePolicy[];
  readonly reach: Reach[];
  readonly checks: Check[];
  /** Roles that take part in deployments. */
  readonly deploying: string[];
}

const ORDERS = arn('secretsmanager', 'secret:orders-AbCdEf');
const READ_SECRET = ['secretsmanager:GetSecretValue'];
const READ_PARAMETER = ['ssm:GetParameters'];

const ENVIRONMENTS: { readonly [suffix: string]: readonly EnvironmentExpectation[] } = {
  dev: [
    { name: 'staging', deploymentConfig: 'CodeDeployDefault.ECSAllAtOnce' },
    { name: 'production', deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes' },
  ],
  shop: [
    { name: 'qa', deploymentConfig: 'CodeDeployDefault.ECSAllAtOnce', smokeTest: true },
    {
      name: 'preprod',
      deploymentConfig: 'linear-20-2-preprod-shop',
      hooks: ['freeze', 'warm', 'try', 'ask', 'announce'],
      given: [{ purpose: 'execution', actions: READ_SECRET, resources: [ORDERS] }],
    },
    {
      name: 'live',
      deploymentConfig: 'canary-25-7-live-shop',
      smokeTest: true,
      hooks: ['celebrate'],
      given: [
        { purpose: 'execution', actions: READ_SECRET, resources: [ORDERS] },
        { purpose: 'execution', actions: READ_PARAMETER, resources: [arn('ssm', 'parameter/orders/pepper')] },
        { purpose: 'task', actions: ['sqs:SendMessage'], resources: [arn('sqs', 'orders')] },
      ],
    },
  ],
  rooms: [{ name: 'live', deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes' }],
};

/** What a program must and must not allow. Others in the account are tried as well. */
export function expectationOf(program: Program, ...others: Program[]): Expectation {
  const own = described(program);
  const strangers = others.map(described);
  const all = [own, ...strangers];
  const policies = together(...all.map(({ deployed }) => deployed.policies));
  const roles = own.deployed.policies.roles.map((role) => role.arn);
  const ofServices = strangers.flatMap(({ authorisations }) => authorisations).filter(({ principal }) => 'service' in principal);
  const assumable = own.authorisations.filter(({ actions }) => actions.includes('sts:AssumeRole')).flatMap(({ resources }) => resources);
  return {
    program: own.deployed,
    bystanders: [...LENIENT_POLICIES, ...lenientTrust(assumable.flatMap(neighbours).filter((neighbour) => !roles.includes(neighbour)))],
    policies,
    reach: own.reach,
    deploying: own.deploying,
    checks: [
      ...checksOf(roles, [...own.authorisations, ...ofServices], own.prohibitions, [...all.flatMap(({ reach }) => reach), ...REST_OF_THE_ACCOUNT]),
      // A topic denies nobody what its account allows.
      ...own.inventory.topics.map((resource): Check => ({ request: { principal: COLLEAGUE, action: 'sns:Publish', resource }, expected: 'Allowed' })),
    ],
  };
}

interface Description {
  readonly deployed: DeployedProgram;
  readonly inventory: Inventory;
  readonly authorisations: Authorisation[];
  readonly prohibitions: Prohibition[];
  readonly deploying: string[];
  readonly reach: Reach[];
}

function described(program: Program): Description {
  const deployed = new DeployedProgram(program);
  const environments = ENVIRONMENTS[program.suffix];
  const made = program.suffix === 'rooms' ? rooms(deployed, environments) : pipeline(deployed, environments, program.suffix === 'shop');
  const deploying = [
    ...(made.inventory.pipeline ? [deployed.role('pipeline')] : []),
    ...environments.flatMap(({ name, smokeTest, hooks = [] }) => [
      deployed.role('codedeploy', name),
      ...(made.inventory.pipeline ? [deployed.role('deploy', name)] : []),
      ...(smokeTest ? [deployed.role('smoke', name)] : []),
      ...hooks.map(roleArn),
    ]),
  ];
  return {
    deployed,
    ...made,
    authorisations: [
      ...made.authorisations,
      ...topicsAccept(deployed, environments.map(({ name }) => name)),
      ...emptyingMay(deployed, made.inventory.buckets),
      ...trusted(deployed, made.inventory),
    ],
    prohibitions: [...prohibitions(deployed, made.inventory, environments), neverTerminating(deploying)],
    deploying,
    reach: reachOf(deployed, made.inventory),
  };
}

/** A pipeline; the one with everything set caches the test as well, and builds in an image of the user's. */
function pipeline(deployed: DeployedProgram, environments: readonly EnvironmentExpectation[], everything: boolean): Pick<Description, 'inventory' | 'authorisations'> {
  const own = repository(deployed.named('repository'));
  const tools = everything ? [repository('tools')] : [];
  const cache = 'cache-build';
  return {
    inventory: {
      environments,
      projects: ['build', 'test'],
      buckets: [deployed.bucket('artifacts'), deployed.bucket(cache)],
      repositories: [own, ...tools],
      topics: ['topic-alerts', 'topic-deployments'].map((topic) => arn('sns', deployed.named(topic)))
        .concat(environments.map(({ name }) => arn('sns', deployed.named('topic-approval', name)))),
      pipeline: true,
    },
    authorisations: [
      ...projectMay(deployed, 'build', { cache, pulls: [own, ...tools], pushes: [own], secrets: [deployed.secret('registry-credentials')], artifacts: 'write' }),
      ...projectMay(deployed, 'test', everything ? { cache, pulls: tools, artifacts: 'read' } : { pulls: [own], artifacts: 'read' }),
      ...environments.flatMap((environment) => environmentMay(deployed, environment, own, true)),
      ...pipelineMay(deployed, environments),
      ...(everything ? approverMay(deployed) : []),
    ],
  };
}

/** The role of the user's whose bearers approve. */
function approverMay(deployed: DeployedProgram): Authorisation[] {
  const principal = { role: roleArn('leads') };
  const own = arn('codepipeline', deployed.named('pipeline'));
  return [
    { principal, actions: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'], resources: [own] },
    { principal, actions: ['codepipeline:PutApprovalResult'], resources: [`${own}/ApproveLive/Approve`] },
  ];
}

function rooms(deployed: DeployedProgram, environments: readonly EnvironmentExpectation[]): Pick<Description, 'inventory' | 'authorisations'> {
  const images = repository('images');
  const cache = repository(deployed.named('layers-image'));
  return {
    inventory: {
      environments,
      projects: ['lint', 'image'],
      buckets: [deployed.bucket('artifacts'), deployed.bucket('cache-lint')],
      repositories: [images, cache],
      topics: ['topic-alerts', 'topic-deployments', 'topic-approval-live'].map((topic) => arn('sns', deployed.named(topic))),
      pipeline: false,
    },
    authorisations: [
      ...projectMay(deployed, 'lint', { cache: 'cache-lint', reports: ['reports-lint', 'coverage-lint'].map((name) => deployed.named(name)) }),
      ...projectMay(deployed, 'image', { pulls: [images, cache], pushes: [images, cache] }),
      ...environments.flatMap((environment) => environmentMay(deployed, environment, images, false)),
    ],
  };
}

/** On whatever instance, in whatever region, and with no condition. */
function neverTerminating(roles: readonly string[]): Prohibition {
  return {
    principals: roles.map((role) => ({ role })),
    actions: ['ec2:TerminateInstances'],
    resources: [arn('ec2', 'instance/i-0123456789abcdef0'), 'arn:aws:ec2:eu-west-1:222222222222:instance/i-0fedcba9876543210', '*'],
  };
}

function prohibitions(deployed: DeployedProgram, { buckets, topics }: Inventory, environments: readonly EnvironmentExpectation[]): Prohibition[] {
  const everybody: Principal[] = [
    ...deployed.policies.roles.map((role) => ({ role: role.arn })),
    { service: 'events.amazonaws.com' },
    { stranger: `arn:aws:iam::${PLACE.account}:role/Administrator` },
    { stranger: 'arn:aws:iam::222222222222:role/Administrator' },
  ];
  const inTheOpen = { 'aws:SecureTransport': ['false'] };
  return [
    { principals: everybody, actions: ['s3:DeleteBucket', 's3:GetBucketAcl', 's3:ListBucket'], resources: buckets, when: inTheOpen },
    { principals: everybody, actions: ['s3:GetObject', 's3:PutObject'], resources: buckets.map((bucket) => `${bucket}/build/a`), when: inTheOpen },
    { principals: everybody, actions: ['sns:Publish'], resources: topics, when: inTheOpen },
    ...environments.filter(({ smokeTest }) => smokeTest).map(({ name }): Prohibition => ({
      // Lambda attaches the function to the network; the code of the function has no business there.
      principals: [{ role: deployed.role('smoke', name) }],
      actions: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
      resources: [arn('ec2', 'network-interface/eni-0123456789abcdef0')],
      when: { 'lambda:SourceFunctionArn': [arn('lambda', `function:${deployed.named('function-smoke', name)}`)] },
    })),
    ...(deployed.hasRotation() ? [{
      // With rotation CDK keeps everybody from deleting the secret but CloudFormation's own deletion.
      principals: everybody.filter((one) => !('service' in one) && !JSON.stringify(one).includes('222222222222')),
      actions: ['secretsmanager:DeleteSecret'],
      resources: [deployed.secret('registry-credentials')],
    }] : []),
  ];
}
