import { PLACE, roleArn } from './account';
import { beside, findings, isFaulty, withAdministration } from './checks';
import { expectationOf } from './expectations';
import { mutantsOf, survivorsOf } from './mutants';
import { tableOf } from './table';
import { evaluate } from '../../src/cli/iam/evaluate';
import { ScopedRole } from '../../src/private/scoped-role';
import { allPrograms, smallest } from '../helpers/programs';
import { resources } from '../helpers/synthesis';
import { listOf, Statement } from '../helpers/templates';

interface Table {
  readonly roles: { readonly [suffix: string]: readonly string[] };
  readonly brought: readonly string[];
  readonly never: readonly string[];
}

const { roles: ROLES, brought: BROUGHT, never: NEVER } = tableOf<Table>('roles');

/** Flaws that change no decision, and why. */
const EQUIVALENT: readonly [flaw: RegExp, reason: string][] = [
  [
    /^role-pipeline-\w+-us-east-1: gone, in \{"Action":"sts:AssumeRole"/,
    'Within an account it is enough that the trust policy of the other role names this one: '
    + 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html',
  ],
  [
    /: ArnNotEquals changed to ArnNotEqualsIfExists, in /,
    'A negated operator holds without the key as well: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html',
  ],
  [
    /: Bool changed to BoolIfExists, in \{[^}]*"Condition":\{"Bool":\{"aws:SecureTransport":"false"\}\},"Effect":"Deny"/,
    'The key is in every request: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport',
  ],
];

const expectations = allPrograms().map((program) => ({ program, expectation: expectationOf(program) }));
const [small, full, , alone] = expectations;
const INSTANCE = 'arn:aws:ec2:us-east-1:111111111111:instance/i-1';

describe.each(expectations)('$program.name', ({ program, expectation }) => {
  const { policies, checks, bystanders } = expectation;
  const ours = ROLES[program.suffix].map((name) => roleArn(`role-${name}-${program.suffix}-${PLACE.region}`));
  const brought = program.suffix === 'shop' ? BROUGHT.map(roleArn) : [];

  test('the program has these roles and no other', () => {
    expect(policies.roles.map(({ arn }) => arn).sort()).toEqual([...ours, ...brought, expectation.program.emptyingRole()].sort());
  });

  test('every resource of the checks is in the program', () => {
    expect(expectation.reach.flatMap((one) => one.resources).filter((resource) => !expectation.program.has(resource))).toEqual([]);
  });

  test('every principal may do what it must, and nothing else', () => {
    expect(findings(beside(policies, bystanders), checks)).toEqual([]);
  });

  // The expectation of the test above is made by a program; this one is not.
  test('every role is checked for the forbidden actions, and denied', () => {
    for (const action of NEVER) {
      const tries = checks.filter(({ request }) =>
        request.action === action && 'role' in request.principal && Object.keys(request.context ?? {}).length === 0);
      const roles = new Set(tries.map(({ request }) => Object.values(request.principal)[0] as string));

      expect([action, [...roles].sort()]).toEqual([action, policies.roles.map(({ arn }) => arn).sort()]);
      expect(findings(policies, tries.map(({ request }) => ({ request, expected: 'Refused' })))).toEqual([]);
    }
  });

  test('no role can terminate an instance, and roles that deploy are denied it explicitly, even as administrators', () => {
    const admins = withAdministration(policies);
    const denied = admins.roles.filter(({ arn: role }) =>
      !isFaulty(admins, [{ request: { principal: { role }, action: 'ec2:TerminateInstances', resource: INSTANCE }, expected: 'ExplicitlyDenied' }]));

    expect(denied.map(({ arn }) => arn).sort()).toEqual([
      ...ours.filter((role) => /role\/role-(codedeploy|colour|deploy|live-tag|pipeline|project-release|smoke|start-release|tag)-/.test(role)), ...brought.filter((role) => !role.endsWith('/leads')),
    ].sort());
  });
});

// The bucket denies what their own policies do not allow: either is enough.
test.each([small, full])('no role that runs untrusted code may write an artifact of $program.name, even without the deny of the bucket', ({ program, expectation }) => {
  const { policies: { resourcePolicies, ...others } } = expectation;
  const artifacts = expectation.program.bucket('artifacts');
  const open = resourcePolicies.filter(({ resource }) => resource !== artifacts);
  const writers = others.roles.map(({ arn }) => arn).filter((role) =>
    evaluate({ principal: { role }, action: 's3:PutObject', resource: `${artifacts}/a/Release/b` }, { ...others, resourcePolicies: open }) === 'Allowed');

  expect(open).toHaveLength(resourcePolicies.length - 1);
  expect(writers.sort()).toEqual(['pipeline', 'project-release', 'source'].map((name) => roleArn(`role-${name}-${program.suffix}-${PLACE.region}`)));
});

// The number of flaws is pinned, so that none is dropped silently.
test.each([
  { ...small, noticed: 1643, equivalent: 17 },
  { ...full, noticed: 2678, equivalent: 21 },
  { ...alone, noticed: 565, equivalent: 5 },
])('$noticed flaws in the policies of $program.name are detected, and $equivalent change no decision', ({ expectation, noticed, equivalent }) => {
  const mutants = mutantsOf(expectation.program.policies);
  const survivors = survivorsOf(mutants, expectation);

  expect(survivors.filter((flaw) => !EQUIVALENT.some(([known]) => known.test(flaw)))).toEqual([]);
  expect({ noticed: mutants.length - survivors.length, equivalent: survivors.length }).toEqual({ noticed, equivalent });
});

test.each([
  { one: small.program, other: full.program },
  { one: full.program, other: small.program },
])('$one.name may do nothing to $other.name in the same account', ({ one, other }) => {
  const { policies, bystanders, checks } = expectationOf(one, other);

  expect(checks.filter(({ request }) => request.resource.includes(`-${other.suffix}`)).length).toBeGreaterThan(10_000);
  expect(findings(beside(policies, bystanders), checks)).toEqual([]);
});

// The loss of each statement, and of its condition, is one of the flaws above.
test('each allow call in the source creates a separate statement, with its condition', () => {
  const allow = jest.spyOn(ScopedRole.prototype, 'allow');
  const roles = Object.values(resources(smallest().template, 'AWS::IAM::Role'));
  const statements = roles.flatMap(({ Properties }) => listOf(Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[] | undefined))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');

  expect([allow.mock.calls.length, statements.length]).toEqual([85, 85]);
  expect(allow.mock.calls.filter(([, , conditions]) => conditions)).toHaveLength(8);
  expect(statements.filter(({ Condition }) => Condition)).toHaveLength(8);
  allow.mockRestore();
});

test('CDK attaches additional policies if roles do not ignore its grants', () => {
  const closing = jest.spyOn(ScopedRole.prototype, 'ignoringGrants').mockImplementation((make) => make());

  expect(() => expectationOf(smallest())).toThrow('the managed policy arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS is not known');
  closing.mockRestore();
});
