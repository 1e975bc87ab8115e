import { aws_iam as iam } from 'aws-cdk-lib';
import messages from './messages.json';
import { Approval } from '../../src';
import { listViolations } from '../../src/private/violations';
import { testMessages } from '../helpers/messages';
import { newStack } from '../helpers/synthesis';

test('an e-mail approval uses its own addresses and roles, and those of the pipeline by default', () => {
  const leads = iam.Role.fromRoleName(newStack(), 'Leads', 'leads');

  expect(Approval.byEmail({ emails: ['leads@example.com'], roles: [leads] })._bind())
    .toMatchObject({ emails: ['leads@example.com'], roles: [leads] });
  expect(Approval.byEmail()._bind()).toMatchObject({ emails: undefined, roles: undefined });
});

testMessages(messages, { 'Approval.byEmail': { make: (options) => Approval.byEmail(options) } });

test('a pipeline rejects an approver role of another account', () => {
  const stack = newStack({ env: { account: '222222222222', region: 'us-east-1' } });
  const leads = iam.Role.fromRoleArn(stack, 'Leads', 'arn:aws:iam::111111111111:role/leads');
  const violations = (scope: ReturnType<typeof newStack>) =>
    listViolations(Approval.byEmail({ roles: [leads] })._bind().placeViolations('environments[0].approval', scope));

  expect(violations(newStack())).toEqual([]);
  expect(violations(stack)).toEqual([{
    code: 'BGP087',
    text: "'environments[0].approval.roles[0]' must be in 222222222222, the stack's account, got a resource in 111111111111; use a resource in 222222222222",
  }]);
});
