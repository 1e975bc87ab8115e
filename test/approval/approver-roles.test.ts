import { Aws, aws_iam as iam, Fn, Stack, Validations } from 'aws-cdk-lib';
import { gateIn } from '../../scripts/errors/cases/subjects';
import { refusedIn, warningsOf } from '../helpers/inputs';
import { pipelineOfTheUser } from '../helpers/programs';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const REFUSED = "'approverRoles[0]' must not be a role that AWS manages, under /aws-reserved/ or /aws-service-role/: IAM rejects changes to its policies, ";
const FOR_A_PERMISSION_SET = '; add the statements to the permission set: '
  + '[{"Action":["codepipeline:GetPipeline","codepipeline:GetPipelineExecution","codepipeline:GetPipelineState"],"Effect":"Allow",'
  + '"Resource":"arn:<partition>:codepipeline:<region>:<account>:<pipeline>"},'
  + '{"Action":"codepipeline:PutApprovalResult","Effect":"Allow",'
  + '"Resource":"arn:<partition>:codepipeline:<region>:<account>:<pipeline>/Approve<Environment>/Approve"}] [BGP155]';

const byArn = (resource: string) => (stack: Stack) => iam.Role.fromRoleArn(stack, 'Leads', `arn:aws:iam::111111111111:role/${resource}`);

const MANAGED: [string, (stack: Stack) => iam.IRole, string][] = [
  ['the path of Identity Center', byArn('aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Lead_0123456789abcdef'),
    'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Lead_0123456789abcdef'],
  ['the path of Identity Center under another name', byArn('aws-reserved/sso.amazonaws.com/Lead'), 'aws-reserved/sso.amazonaws.com/Lead'],
  ['the name of a permission set', (stack) => iam.Role.fromRoleName(stack, 'Leads', 'AWSReservedSSO_Lead_0123456789abcdef'),
    'AWSReservedSSO_Lead_0123456789abcdef'],
  ['the path of a service-linked role', byArn('aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
    'aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'],
  ['the name of a service-linked role', (stack) => iam.Role.fromRoleName(stack, 'Leads', 'AWSServiceRoleForECS'), 'AWSServiceRoleForECS'],
  ['such a path in an account that is known only at deployment',
    (stack) => iam.Role.fromRoleArn(stack, 'Leads', stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'aws-reserved/sso.amazonaws.com/Lead' })),
    'aws-reserved/sso.amazonaws.com/Lead'],
  ['such a path in an ARN of Fn::Sub',
    (stack) => iam.Role.fromRoleArn(stack, 'Leads', Fn.sub('arn:aws:iam::${AWS::AccountId}:role/aws-reserved/sso.amazonaws.com/Lead')),
    'aws-reserved/sso.amazonaws.com/Lead'],
  ['such a name in an ARN of Fn::Join',
    (stack) => iam.Role.fromRoleArn(stack, 'Leads', Fn.join('', ['arn:aws:iam::', Aws.ACCOUNT_ID, ':role/AWSReservedSSO_Lead_1'])),
    'AWSReservedSSO_Lead_1'],
  ['such a path, imported with { mutable: false }',
    (stack) => iam.Role.fromRoleArn(stack, 'Leads', 'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/Lead', { mutable: false }),
    'aws-reserved/sso.amazonaws.com/Lead'],
];

test.each(MANAGED)('an approver role with %s is rejected, and the error lists the statements for its permission set', (_, roleIn, found) => {
  const stack = newStack({ env: {} });
  const role = roleIn(stack);

  expect(refusedIn(stack, () => gateIn(stack, { approverRoles: [role] }))).toEqual([`${REFUSED}got "${found}"${FOR_A_PERMISSION_SET}`]);
});

test.each<[string, (stack: Stack) => iam.IRole, unknown]>([
  ['in a custom path', byArn('team/storefront/leads'), 'leads'],
  ['in the path of roles that a console created', byArn('service-role/AWSCodePipelineServiceRole-leads'), 'AWSCodePipelineServiceRole-leads'],
  ['with the prefix in the middle of its name', byArn('leads-AWSReservedSSO_x'), 'leads-AWSReservedSSO_x'],
  ['whose ARN is known only at deployment', (stack) => iam.Role.fromRoleArn(stack, 'Leads', Fn.importValue('LeadsArn')),
    { 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'LeadsArn' }] }] }] }] }],
])('an approver role %s gets the policy attached by its name', (_, roleIn, name) => {
  const stack = newStack({ env: {} });
  gateIn(stack, { approverRoles: [roleIn(stack)] }).addToPipeline(pipelineOfTheUser(stack));

  const policies = all(templateOf(stack), 'AWS::IAM::Policy').map(([, properties]) => properties);

  expect(policies.filter(({ PolicyName }) => PolicyName === 'policy-approvers-production-dev').map(({ Roles }) => Roles)).toEqual([[name]]);
});

const IMMUTABLE: [string, (stack: Stack) => iam.IRole, string][] = [
  ['imported with { mutable: false }', (stack) => iam.Role.fromRoleName(stack, 'Leads', 'leads', { mutable: false }), 'Leads'],
  ['wrapped by withoutPolicyUpdates()', (stack) => new iam.Role(stack, 'Leads', { assumedBy: new iam.AccountRootPrincipal() }).withoutPolicyUpdates(), 'ImmutableRoleLeads'],
];

test.each(IMMUTABLE)('a role that is %s gets no policy, and a warning lists the statements that it needs', (_, roleIn, id) => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const gate = gateIn(stack, { approverRoles: [roleIn(stack)] });
  gate.addToPipeline(pipelineOfTheUser(stack));

  expect(all(templateOf(stack), 'AWS::IAM::Policy').map(([, { Roles }]) => JSON.stringify(Roles)).filter((roles) => /leads/i.test(roles))).toEqual([]);
  expect(warningsOf(gate).map((warning) => warning.replace(/ \[ack: .*\]$/, ''))).toEqual([
    `"Storefront/${id}" cannot approve or reject, because the role is immutable and the library cannot change its policies: add these statements to the role: `
    + '[{"Action":["codepipeline:GetPipeline","codepipeline:GetPipelineExecution","codepipeline:GetPipelineState"],"Effect":"Allow",'
    + '"Resource":"arn:aws:codepipeline:us-east-1:111111111111:<pipeline>"},'
    + '{"Action":"codepipeline:PutApprovalResult","Effect":"Allow",'
    + '"Resource":"arn:aws:codepipeline:us-east-1:111111111111:<pipeline>/ApproveProduction/Approve"}] '
    + '[BGP156] https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#bgp156',
  ]);
});

test.each(IMMUTABLE)('the warning about a role that is %s can be acknowledged, and other roles still get their policy', (_, roleIn) => {
  const stack = newStack();
  Validations.of(stack).acknowledge({ id: '@org/bluegreen-pipeline:ApprovalGate.immutableRole', reason: 'The role has them.' });
  const owners = iam.Role.fromRoleName(stack, 'Owners', 'owners');
  const gate = gateIn(stack, { approverRoles: [roleIn(stack), owners] });
  gate.addToPipeline(pipelineOfTheUser(stack));

  const [[, { Roles }]] = all(templateOf(stack), 'AWS::IAM::Policy').filter(([, { PolicyName }]) => PolicyName === 'policy-approvers-production-dev');

  expect(Roles).toEqual(['owners']);
  expect(warningsOf(gate)).toEqual([]);
});
