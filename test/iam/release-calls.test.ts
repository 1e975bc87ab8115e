import { Call, CalledPipeline } from './called';
import { CalledProgram, fullCalled, PLACE, smallestCalled, withStores, withStoresCalled } from './called-programs';
import { policiesOf } from './collect';
import { evaluate, listOf, Policies, Statement, statementsOf } from './evaluate';
import { actionMatches, resourceMatches } from './patterns';
import { releaseCalls } from './release-calls';
import { full, smallest } from '../helpers/programs';

/** Roles that are not the library's: of CDK's function that empties buckets, and of a function of the user that rotates. */
const NOT_OURS = /:role\/storefront-(customs3autodelete|rotateservicerole)/;

/** What the user of the full program lets the application do. */
const GRANTED = ['sqs:SendMessage'];

describe.each<[string, () => CalledProgram, (program: CalledProgram) => CalledPipeline]>([
  ['the smallest program', smallest, smallestCalled],
  ['the full program', full, fullCalled],
  ['the program with layers in ECR, reports and rotation', withStores, withStoresCalled],
])('%s', (_, make, called) => {
  const program = make();
  const policies = policiesOf(program.template, PLACE);
  const calls = releaseCalls(called(program));

  test('every call of a release is allowed', () => {
    expect(calls.length).toBeGreaterThan(80);
    expect(calls.flatMap((call) => refused(call, policies))).toEqual([]);
  });

  test('every role that may do something may do nothing that no release needs', () => {
    const needless = policies.roles.filter(({ arn }) => !NOT_OURS.test(arn)).flatMap((role) =>
      role.policies.flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow').flatMap((statement) =>
        needlessIn(statement, calls.filter(({ by }) => 'role' in by && by.role === role.arn)).map((what) => `${role.name}: ${what}`)));

    expect(needless).toEqual([]);
  });

  test('every policy of a resource lets in who calls it, and nobody else', () => {
    const needless = policies.resourcePolicies.filter(({ resource }) => !NOT_OURS.test(resource)).flatMap(({ resource, document }) =>
      statementsOf(document).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) => principalsIn(Principal))
        .filter((principal) => !NOT_OURS.test(principal))
        .filter((principal) => !calls.some(({ by, resources }) => resources.includes(resource) && Object.values(by)[0] === principal))
        .map((principal) => `${resource}: ${principal}`));

    expect(needless).toEqual([]);
  });

  test('every call names a page of AWS, and says in words what it is for', () => {
    for (const { why, when, source } of calls) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
      expect(`${when}: ${why}`).toMatch(/^.+: .{10,}[^.]$/);
    }
  });
});

function refused(call: Call, policies: Policies): string[] {
  return call.actions.flatMap((action) => call.resources
    .map((resource) => [resource, evaluate({ principal: call.by, action, resource, context: call.context }, policies)])
    .filter(([, decision]) => decision !== 'Allowed')
    .map(([resource, decision]) => `${decision}: ${JSON.stringify(call.by)} ${action} ${resource}`));
}

/** The pairs of action and resource in a statement that none of the calls uses. */
function needlessIn(statement: Statement, calls: Call[]): string[] {
  return listOf(statement.Action).filter((action) => !GRANTED.includes(action)).flatMap((action) => listOf(statement.Resource)
    .filter((pattern) => !calls.some(({ actions, resources }) =>
      actions.some((called) => actionMatches(action, called)) && resources.some((resource) => resourceMatches(pattern, resource))))
    .map((pattern) => `${action} ${pattern}`));
}

function principalsIn(principal: Statement['Principal']): string[] {
  return typeof principal === 'string' ? [principal] : Object.values(principal ?? {}).flatMap((value) => [...listOf<string>(value)]);
}
