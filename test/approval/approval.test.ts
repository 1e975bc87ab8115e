import { aws_iam as iam } from 'aws-cdk-lib';
import { Approval, EmailApprovalOptions } from '../../src';
import { listViolations } from '../../src/private/violations';
import { testStruct } from '../helpers/inputs';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

test('an approval by e-mail has its emails and roles, and without any those of the pipeline', () => {
  const leads = iam.Role.fromRoleName(newStack(), 'Leads', 'leads');

  expect(Approval.byEmail({ emails: ['leads@example.com'], roles: [leads] })._bind())
    .toMatchObject({ emails: ['leads@example.com'], roles: [leads] });
  expect(Approval.byEmail()._bind()).toMatchObject({ emails: undefined, roles: undefined });
});

test.each<[unknown, string]>([
  [null, '\'options\' must be an object, got null; for example { emails: ["leads@example.com"] } [BGP002]'],
  [{ emails: [] }, '\'emails\' must be a list of at least one e-mail address, got []; for example ["team@example.com"] [BGP009]'],
  [{ roles: ['leads'] }, "'roles[0]' must be an iam.IRole, got \"leads\"; for example iam.Role.fromRoleName(this, 'Leads', 'leads') [BGP002]"],
])('an approval by e-mail refuses %j', (options, message) => {
  expect(problemsOf(() => Approval.byEmail(options as EmailApprovalOptions))).toEqual([message]);
});

testStruct({
  what: 'Approval.byEmail',
  key: 'email',
  closest: 'emails',
  make: (_, extra) => Approval.byEmail(extra),
});

test('a pipeline refuses an approver role of another account', () => {
  const stack = newStack({ env: { account: '222222222222', region: 'us-east-1' } });
  const leads = iam.Role.fromRoleArn(stack, 'Leads', 'arn:aws:iam::111111111111:role/leads');
  const violations = (scope: ReturnType<typeof newStack>) =>
    listViolations(Approval.byEmail({ roles: [leads] })._bind().placeViolations('environments[0].approval', scope));

  expect(violations(newStack())).toEqual([]);
  expect(violations(stack)).toEqual([{
    code: 'BGP087',
    text: "'environments[0].approval.roles[0]' must be in the account of the stack, 222222222222, got one in 111111111111; use one from there",
  }]);
});
