import { PLACE, roleArn } from './account';
import { beside, Check, findings, withAdministration } from './checks';
import { Expectation, expectationOf } from './expectations';
import { evaluate } from '../../src/cli/iam/evaluate';
import { allPrograms, full, pipelinePrograms, Program, smallest } from '../helpers/programs';

/** The roles of each program, by its suffix. CDK's role that empties buckets comes on top. */
const ROLES: { readonly [suffix: string]: readonly string[] } = {
  dev: [
    'approval-production', 'approval-staging', 'codedeploy-production', 'codedeploy-staging', 'deploy-production', 'deploy-staging', 'execution-production',
    'execution-staging', 'pipeline', 'project-build', 'project-test', 'source', 'start-build', 'start-test', 'task-production', 'task-staging',
  ],
  shop: [
    'approval-live', 'approval-preprod', 'approval-qa', 'codedeploy-live', 'codedeploy-preprod', 'codedeploy-qa', 'deploy-live', 'deploy-preprod', 'deploy-qa',
    'execution-live', 'execution-preprod', 'execution-qa', 'pipeline', 'project-build', 'project-test', 'smoke-live', 'smoke-qa', 'source', 'start-build',
    'start-test', 'task-live', 'task-preprod', 'task-qa',
  ],
  rooms: ['codedeploy-live', 'execution-live', 'project-image', 'project-lint', 'task-live'],
};

/** Roles of the user's that the full program adds policies to. */
const BROUGHT = ['announce', 'ask', 'celebrate', 'freeze', 'leads', 'try', 'warm'];

/** What no role may do to anything, but the approver who may approve. */
const NEVER = [
  'cloudformation:UpdateStack', 'codebuild:UpdateProject', 'codedeploy:StopDeployment', 'codedeploy:UpdateDeploymentGroup', 'codepipeline:StartPipelineExecution',
  'codepipeline:StopPipelineExecution', 'ec2:TerminateInstances', 'ecr:DeleteRepository', 'ecs:ExecuteCommand', 'ecs:RunTask', 'ecs:UpdateService',
  'elasticloadbalancing:CreateListener', 'elasticloadbalancing:DeleteLoadBalancer', 'iam:AttachRolePolicy', 'iam:CreateRole', 'iam:DeleteRolePolicy',
  'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'kms:ScheduleKeyDeletion', 'lambda:UpdateFunctionCode', 'organizations:LeaveOrganization', 's3:DeleteBucket',
  'secretsmanager:PutSecretValue', 'sns:Subscribe',
];

describe.each(allPrograms())('$name', (program) => {
  const expectation = expectationOf(program);
  const { policies, checks, bystanders } = expectation;
  const ours = ROLES[program.suffix].map((name) => roleArn(`role-${name}-${program.suffix}-${PLACE.region}`));
  const brought = program.suffix === 'shop' ? BROUGHT.map(roleArn) : [];

  test('has these roles and no other', () => {
    expect(policies.roles.map(({ arn }) => arn).sort()).toEqual([...ours, ...brought, expectation.program.emptyingRole()].sort());
  });

  test('everything that is tried is there', () => {
    expect(expectation.reach.flatMap(({ resources }) => resources).filter((resource) => !expectation.program.has(resource))).toEqual([]);
  });

  test('every principal may do what it must, and nothing else', () => {
    expect(findings(beside(policies, bystanders), checks)).toEqual([]);
  });

  // The expectation of the test above is made by a program; this one is not.
  test.each(NEVER)('%s is tried by every role, and refused', (action) => {
    const tries = checks.filter(({ request }) => request.action === action && 'role' in request.principal && Object.keys(request.context ?? {}).length === 0);

    expect([...new Set(tries.map(({ request }) => Object.values(request.principal)[0]))].sort()).toEqual(policies.roles.map(({ arn }) => arn).sort());
    expect(tries.map(({ request }) => evaluate(request, policies)).filter((decision) => decision === 'Allowed')).toEqual([]);
  });

  test('no role approves, but the role of approvers in its own environment', () => {
    expect(allowed(expectation, 'codepipeline:PutApprovalResult')).toEqual(program.suffix === 'shop'
      ? [`${roleArn('leads')} on arn:aws:codepipeline:us-east-1:111111111111:pipeline-shop/ApproveLive/Approve`] : []);
  });

  test('no role terminates an instance, and those that deploy are denied it explicitly, even as administrators', () => {
    const denied = withAdministration(policies).roles.map(({ arn }) => arn).filter((role) =>
      evaluate({ principal: { role }, action: 'ec2:TerminateInstances', resource: 'arn:aws:ec2:us-east-1:111111111111:instance/i-1' }, withAdministration(policies)) === 'ExplicitlyDenied');

    expect(denied.sort()).toEqual([
      ...ours.filter((role) => /role\/role-(codedeploy|deploy|pipeline|smoke)-/.test(role)), ...brought.filter((role) => !role.endsWith('/leads')),
    ].sort());
  });
});

describe.each(pipelinePrograms())('$name', (program) => {
  const { policies, checks, bystanders } = expectationOf(program);
  const roles = policies.roles.map(({ arn }) => arn);

  test.each(pairsOf(program.environmentNames))('what a role may in %s, the same role of %s may not do there', (from, to) => {
    const twins = checks.filter(({ request, expected }) => expected === 'Allowed' && request.resource.includes(`-${from}-`)).flatMap(({ request }) => {
      const twin = 'role' in request.principal ? request.principal.role.replace(`-${from}-`, `-${to}-`) : '';
      return roles.includes(twin) && twin.includes(`-${to}-`) ? [{ ...request, principal: { role: twin } }] : [];
    });

    // Task set, service, listeners, rules, alarms, roles, log group, application, deployment group, topic.
    expect(twins.length).toBeGreaterThan(20);
    expect(twins.filter((request) => evaluate(request, beside(policies, bystanders)) === 'Allowed')).toEqual([]);
  });
});

test.each([[smallest, full], [full, smallest]] as ((() => Program))[][])('%p may do nothing to %p in the same account', (one, other) => {
  const { policies, bystanders, checks } = expectationOf(one(), other());
  const theirs = other().suffix;

  expect(checks.filter(({ request }) => request.resource.includes(`-${theirs}`)).length).toBeGreaterThan(10_000);
  expect(findings(beside(policies, bystanders), checks)).toEqual([]);
});

/** The roles that may do something to what is tried. */
function allowed({ policies, checks }: Expectation, action: string): string[] {
  return [...new Set(checks.filter((check: Check) => check.request.action === action && evaluate(check.request, policies) === 'Allowed')
    .map(({ request }) => `${Object.values(request.principal)[0]} on ${request.resource}`))];
}

function pairsOf(environments: readonly string[]): [string, string][] {
  return environments.flatMap((from) => environments.filter((to) => to !== from).map((to): [string, string] => [from, to]));
}
