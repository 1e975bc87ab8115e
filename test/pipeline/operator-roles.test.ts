import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { policiesOf } from '../../src/cli/iam/collect';
import { evaluate } from '../../src/cli/iam/evaluate';
import { problemsOf } from '../helpers/refusals';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, identityStatements, listOf, Statement } from '../helpers/templates';

const ACCOUNT = { partition: 'aws', region: 'us-east-1', account: '111111111111', stackName: 'Storefront' };
const OPERATOR = 'arn:aws:iam::111111111111:role/operator';

const stack = newStack();
pipelineIn(stack, { operatorRoles: [new iam.Role(stack, 'Operator', { roleName: 'operator', assumedBy: new iam.AccountRootPrincipal() })] });
const template = templateOf(stack);
const policies = policiesOf(template, ACCOUNT);
const statements = statementsOf(template);

/** The statements of the policy that operators get. */
function statementsOf(made: SynthesisedTemplate): Statement[] {
  const owners = all(made, 'AWS::IAM::Policy').filter(([, { PolicyName }]) => PolicyName === 'policy-operators-dev').map(([id]) => id);
  return identityStatements(made).filter(([owner]) => owners.includes(owner)).map(([, statement]) => statement);
}

/** The IAM actions of the commands of a page: `aws deploy get-deployment` is `codedeploy:GetDeployment`. */
function actionsOn(page: string): string[] {
  const prefixes: { readonly [service: string]: string } = { deploy: 'codedeploy', elbv2: 'elasticloadbalancing' };
  const text = readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');
  return [...new Set([...text.matchAll(/^ *aws (\S+) (\S+)/gm)].map(([, service, operation]) =>
    `${prefixes[service] ?? service}:${operation.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`))].sort();
}

/** Calls of the page that bypass a protection, or that only somebody who may approve can make. */
const PROTECTED = ['cloudformation:ContinueUpdateRollback', 'codepipeline:PutApprovalResult'];
/** Calls that are not on the page and bypass a protection, too. */
const NEVER = [
  ...PROTECTED, 'codedeploy:CreateDeployment', 'codedeploy:UpdateDeploymentGroup', 'codepipeline:OverrideStageCondition',
  'codepipeline:UpdatePipeline', 'ecs:UpdateService', 'ecs:UpdateServicePrimaryTaskSet', 'elasticloadbalancing:ModifyListener', 'iam:PassRole',
];

test('operators may make the calls of docs/operations.md, except those that bypass a protection', () => {
  const allowed = statements.flatMap(({ Action }) => listOf(Action)).filter((action) => !action.startsWith('codestar-connections:'));

  expect(actionsOn('operations.md').filter((action) => !PROTECTED.includes(action))).toEqual(allowed.sort());
  expect(actionsOn('operations.md')).toEqual(expect.arrayContaining(PROTECTED));
});

test('only these calls are allowed on every resource', () => {
  const everywhere = statements.filter(({ Resource }) => listOf(Resource).includes('*'));

  expect(everywhere.flatMap(({ Action, Condition }) => listOf(Action).map((action) => [action, Object.keys(Condition ?? {})])).sort()).toEqual([
    ['codedeploy:ContinueDeployment', []],
    ['codedeploy:StopDeployment', []],
    ['ecs:ListTasks', ['ArnEquals']],
    ['elasticloadbalancing:DescribeListeners', []],
    ['elasticloadbalancing:DescribeTargetGroups', []],
    ['elasticloadbalancing:DescribeTargetHealth', []],
  ]);
});

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:111111111111:${rest}`;
const GROUP = 'deploymentgroup:application-production';
const SCALING = { 'application-autoscaling:service-namespace': 'ecs', 'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount' };

/** Each call on this pipeline, and the same call on another one or in another way. */
const CALLS: [action: string, ours: string, theirs: string, context?: Record<string, string>, otherContext?: Record<string, string>][] = [
  ['codepipeline:StartPipelineExecution', arn('codepipeline', 'pipeline-dev'), arn('codepipeline', 'pipeline-other')],
  ['codepipeline:StopPipelineExecution', arn('codepipeline', 'pipeline-dev'), arn('codepipeline', 'pipeline-other')],
  ['codepipeline:RollbackStage', arn('codepipeline', 'pipeline-dev/DeployProduction'), arn('codepipeline', 'pipeline-dev/Build')],
  ['codepipeline:RetryStageExecution', arn('codepipeline', 'pipeline-dev/Build'), arn('codepipeline', 'pipeline-other/Build')],
  ['codepipeline:DisableStageTransition', arn('codepipeline', 'pipeline-dev/ApproveProduction'),
    arn('codepipeline', 'pipeline-other/ApproveProduction')],
  ['codedeploy:GetDeployment', arn('codedeploy', `${GROUP}-dev/deployment-group-production-dev`),
    arn('codedeploy', `${GROUP}-x/deployment-group-production-x`)],
  ['ecs:DescribeServices', arn('ecs', 'service/cluster-staging-dev/service-staging-dev'), arn('ecs', 'service/cluster-staging-x/service-staging-x')],
  ['ecs:DescribeTasks', arn('ecs', 'task/cluster-staging-dev/0123'), arn('ecs', 'task/cluster-staging-x/0123')],
  ['ecs:ListTasks', '*', '*',
    { 'ecs:cluster': arn('ecs', 'cluster/cluster-production-dev') }, { 'ecs:cluster': arn('ecs', 'cluster/cluster-production-x') }],
  ['logs:FilterLogEvents', arn('logs', 'log-group:logs-service-production-dev:*'), arn('logs', 'log-group:logs-service-production-x:*')],
  ['application-autoscaling:RegisterScalableTarget', arn('application-autoscaling', 'scalable-target/0123'), arn('application-autoscaling', 'scalable-target/0123'),
    SCALING, { ...SCALING, 'application-autoscaling:service-namespace': 'dynamodb' }],
  ['sns:Subscribe', arn('sns', 'topic-alerts-dev'), arn('sns', 'topic-alerts-x')],
  ['sns:ListSubscriptionsByTopic', arn('sns', 'topic-approval-production-dev'), arn('sns', 'topic-approval-production-x')],
];

test.each(CALLS)('operators may call %s on their own pipeline and on no other', (action, ours, theirs, context = {}, otherContext = context) => {
  const decide = (resource: string, given: Record<string, string>) =>
    evaluate({ principal: { role: OPERATOR }, action, resource, context: given }, policies);

  expect([decide(ours, context), decide(theirs, otherContext)]).toEqual(['Allowed', 'ImplicitlyDenied']);
});

test.each(NEVER)('operators may not call %s', (action) => {
  const resources = ['*', arn('codepipeline', 'pipeline-dev'), arn('codepipeline', 'pipeline-dev/ApproveProduction/Approve'),
    arn('codedeploy', `${GROUP}-dev/deployment-group-production-dev`), arn('ecs', 'service/cluster-production-dev/service-production-dev')];

  expect(resources.map((resource) => evaluate({ principal: { role: OPERATOR }, action, resource }, policies))).toEqual(Array(5).fill('ImplicitlyDenied'));
});

test('no principal gets these permissions by default', () => {
  const nobody = newStack();
  pipelineIn(nobody, { operatorRoles: [] });

  expect(statementsOf(templateOf(nobody))).toEqual([]);
  expect(Object.keys(templateOf(nobody).Resources)).toEqual(Object.keys(template.Resources).filter((id) => !/^(Operator|POperators)/.test(id)));
});

test.each<[string, (scope: Stack) => iam.IRole, string]>([
  ['an immutable role', (scope) => iam.Role.fromRoleName(scope, 'Fixed', 'fixed', { mutable: false }),
    "'operatorRoles[0]' must be a mutable role: the library adds a policy to it, got \"Storefront/Fixed\"; import the role without { mutable: false } [BGP202]"],
  ['a role of another account', (scope) => iam.Role.fromRoleArn(scope, 'Theirs', 'arn:aws:iam::222222222222:role/theirs'), '[BGP087]'],
  ['a role of a permission set', (scope) => iam.Role.fromRoleArn(scope, 'Person',
    'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Operators_0123456789abcdef'), '[BGP155]'],
])('%s is refused', (_, make, words) => {
  const scope = newStack({ env: { region: 'us-east-1', account: '111111111111' } });
  const [problem, ...others] = problemsOf(() => pipelineIn(scope, { operatorRoles: [make(scope)] }));

  expect(others).toEqual([]);
  expect(problem).toContain(words);
});
