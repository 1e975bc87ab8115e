import { aws_iam as iam, CfnResource, Stack } from 'aws-cdk-lib';
import { Names } from '../../src/private/names';
import { ScopedRole } from '../../src/private/scoped-role';
import { newStack } from '../helpers/synthesis';

const TABLE = 'arn:aws:dynamodb:us-east-1:111111111111:table/orders';

function roleIn(stack: Stack): ScopedRole {
  return new ScopedRole(stack, 'Role', {
    names: new Names(stack, { environmentSuffix: 'dev' }),
    purpose: 'test',
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    description: 'Test',
  });
}

/** A statement that IAM counts as so many characters, its braces included. */
function statementOf(characters: number): { readonly actions: string[]; readonly resources: string[] } {
  const empty = JSON.stringify({ Action: 'dynamodb:GetItem', Effect: 'Allow', Resource: `${TABLE}/` });
  return { actions: ['dynamodb:GetItem'], resources: [`${TABLE}/${'x'.repeat(characters - empty.length)}`] };
}

const DOCUMENT = JSON.stringify({ Statement: [], Version: '2012-10-17' }).length;
const problems = (role: ScopedRole) => role.node.validate();
const MESSAGE = (length: number) => [expect.stringMatching(new RegExp("^'role' must have at most 10,240 characters of inline policies in total, white space not counted, "
  + `got ${length}; move your grants to a managed policy, and add that policy with addManagedPolicy \\[BGP167\\]`))];

test('the policies of a role and the grants of the user are counted together', () => {
  const role = roleIn(newStack());
  const { actions, resources } = statementOf(6000);
  role.allow(actions, resources);
  const rest = 10_240 - 6000 - 2 * DOCUMENT;

  role.addToPrincipalPolicy(new iam.PolicyStatement(statementOf(rest)));
  expect(problems(role)).toEqual([]);

  role.addToPrincipalPolicy(new iam.PolicyStatement(statementOf(200)));
  expect(problems(role)).toEqual(MESSAGE(10_240 + 200 + 1));
});

test('white space is not counted', () => {
  const role = roleIn(newStack());
  role.allow(['s3:GetObject'], [`arn:aws:s3:::acme/${' '.repeat(11_000)}`]);

  expect(problems(role)).toEqual([]);
});

test('an override is counted', () => {
  const role = roleIn(newStack());
  (role.node.defaultChild as CfnResource).addPropertyOverride('Policies', [{
    PolicyName: 'own', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['x'.repeat(10_240)], Resource: '*' }] },
  }]);

  expect(problems(role)).toEqual([expect.stringContaining('[BGP167]')]);
});

test('a managed policy is not counted', () => {
  const stack = newStack();
  const role = roleIn(stack);
  role.addManagedPolicy(new iam.ManagedPolicy(stack, 'More', { statements: [new iam.PolicyStatement(statementOf(6000))] }));
  role.allow(statementOf(6000).actions, statementOf(6000).resources);

  expect(problems(role)).toEqual([]);
});
