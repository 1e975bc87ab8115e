import { acknowledgements } from '../../test/helpers/cdk-nag';
import { full, Program, smallest } from '../../test/helpers/programs';
import { Call } from '../../test/iam/called';
import { fullCalled, PLACE, smallestCalled } from '../../test/iam/called-programs';
import { policiesOf } from '../../test/iam/collect';
import { listOf, Policies, Role, Statement, statementsOf } from '../../test/iam/evaluate';
import { actionMatches, resourceMatches } from '../../test/iam/patterns';
import { releaseCalls } from '../../test/iam/release-calls';
import { UNSCOPABLE_ACTIONS } from '../../test/iam/unscopable-actions';

interface Shown {
  readonly program: Program;
  readonly policies: Policies;
  readonly calls: Call[];
}

/** docs/iam.md: every statement comes from a synthesised template, every reason from the calls of a release that need it. */
export function iamPage(): string {
  const [small, everything] = [smallest(), full()];
  const shown: Shown = { program: small, policies: policiesOf(small.template, PLACE), calls: releaseCalls(smallestCalled(small)) };
  const optional: Shown = { program: everything, policies: policiesOf(everything.template, PLACE), calls: releaseCalls(fullCalled(everything)) };
  return `${[
    '<!-- Written by "npm run iam" from scripts/iam. Do not edit: change the roles, or the calls in test/iam. -->',
    '',
    '# Who may do what',
    '',
    'Every role and every policy of a resource, as they stand in the template of the smallest program, for account '
      + `${PLACE.account} in ${PLACE.region}, with the call of a release that each statement is there for. The suffix is \`dev\`, the environments are `
      + '`staging` and `production`. Ids that AWS makes up are made up here, too. A test fails when a template and this page differ, so that a '
      + 'changed permission is read in the difference of this page. What the page says was not observed in a real account.',
    '',
    ...numbers(shown),
    '## Roles',
    '',
    'No other policy is attached to a role. A grant that you make goes into a policy of its own, `policy-<purpose>-grants-…`, and is not on this page.',
    '',
    ...ours(shown).flatMap((role) => roleSection(role, shown)),
    '## What options add',
    '',
    'The program of the tests with everything set: three environments, one with a smoke test, one with hooks, one with secrets and approver roles. '
      + 'Shown are the roles that the smallest program has not, and those that may do more there.',
    '',
    ...ours(optional).filter((role) => addsTo(role, shown, optional)).flatMap((role) => roleSection(role, optional)),
    '## Policies of resources',
    '',
    ...table(['Resource', 'Effect', 'Who', 'May', 'If'], [...shown.policies.resourcePolicies].filter(({ resource }) => !resource.includes(':role/'))
      .flatMap(({ resource, document }) => statementsOf(document).map((statement) => [
        code(resource), statement.Effect, who(statement), codes(listOf(statement.Action)), conditions(statement),
      ]))),
    '',
    ...unscopable(),
    ...acknowledged([small, everything]),
  ].join('\n')}\n`;
}

function numbers({ policies }: Shown): string[] {
  const roles = ours({ policies });
  const statements = roles.flatMap((role) => role.policies.flatMap(statementsOf));
  const allowed = roles.map((role) => new Set(allowedBy(role).flatMap(({ Action }) => listOf(Action))).size);
  const everywhere = statements.filter(({ Effect, Resource }) => Effect === 'Allow' && listOf(Resource).includes('*'));
  return [
    ...table(['Of the smallest program', 'Number'], [
      ['roles of the library', `${roles.length}`],
      ['statements in their policies', `${statements.length}`],
      ['actions that they allow, counted for each role; none is a pattern', `${allowed.reduce((sum, count) => sum + count, 0)}`],
      ['statements that allow something on every resource', `${everywhere.length}`],
    ]),
    '',
  ];
}

/** CDK's own role, which empties buckets, and roles of the user are not the library's. */
function ours({ policies }: Pick<Shown, 'policies'>): Role[] {
  return policies.roles.filter(({ name }) => name.startsWith('role-'));
}

function allowedBy(role: Role): Statement[] {
  return role.policies.flatMap(statementsOf).filter(({ Effect }) => Effect === 'Allow');
}

/** Whether a role of the full program has an action that no role of its kind has in the smallest one. */
function addsTo(role: Role, smaller: Shown, larger: Shown): boolean {
  const kind = (name: string) => name.replace(/-(staging|production|qa|preprod|live)(?=-)/, '').replace(/-(dev|shop)-/, '-');
  const actions = (one: Role) => allowedBy(one).flatMap(({ Action }) => listOf(Action));
  const known = smaller.policies.roles.filter(({ name }) => kind(name) === kind(role.name)).flatMap(actions);
  const first = ours(larger).find((other) => kind(other.name) === kind(role.name) && actions(other).join() === actions(role).join());
  return first === role && actions(role).some((action) => !known.includes(action));
}

function roleSection(role: Role, { policies, calls }: Shown): string[] {
  const trusts = policies.resourcePolicies.filter(({ resource }) => resource === role.arn).flatMap(({ document }) => statementsOf(document));
  const own = calls.filter(({ by }) => 'role' in by && by.role === role.arn);
  const statements = role.policies.flatMap(statementsOf);
  return [
    `### ${role.name}`,
    '',
    ...trusts.map((trust) => `Assumed by ${who(trust)}${trust.Condition === undefined ? '' : `, if ${conditions(trust)}`}.`),
    '',
    ...(statements.length === 0 ? ['It may do nothing until you grant something.'] : table(['Effect', 'Actions', 'On', 'If', 'Why'], statements.map((statement) => [
      statement.Effect, codes(listOf(statement.Action)), codes(listOf(statement.Resource)), conditions(statement), why(statement, own),
    ]))),
    '',
  ];
}

/** The words of the calls that use a statement, with their page. */
function why(statement: Statement, calls: Call[]): string {
  if (statement.Effect === 'Deny') {
    return statement.Condition === undefined ? 'no role that deploys may terminate an instance, whatever else it is granted'
      : 'Lambda does it from outside; the code of the function may not';
  }
  const needed = calls.filter(({ actions, resources }) =>
    listOf(statement.Action).some((pattern) => actions.some((action) => actionMatches(pattern, action)))
    && listOf(statement.Resource).some((pattern) => resources.some((resource) => resourceMatches(pattern, resource))));
  return [...new Set(needed.map((call) => `${call.when}: ${call.why} ([page](${call.source}))`))].join('<br>') || 'granted by the user of the program';
}

function who({ Principal }: Statement): string {
  return typeof Principal === 'string' ? code(Principal) : codes(Object.values(Principal ?? {}).flatMap((value) => [...listOf<string>(value)]));
}

function conditions({ Condition }: Statement): string {
  return Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `\`${key}\` ${operator} ${codes(listOf(values as string))}`)).join(' and ');
}

function unscopable(): string[] {
  return [
    '## Actions on every resource',
    '',
    'Where a statement says `*`, AWS offers nothing narrower that is known to work. This list is complete; a test fails on any other.',
    '',
    ...table(['Action', 'Why', 'Source'], Object.entries(UNSCOPABLE_ACTIONS).map(([action, { why: reason, source }]) => [code(action), reason, `[page](${source})`])),
    '',
  ];
}

/** What is acknowledged in any of the programs, once for each rule and reason. */
function acknowledged(programs: Program[]): string[] {
  const all = programs.flatMap(({ stack }) => acknowledgements(stack))
    .map(({ id, reason }) => [code(id.replace(/\[.*/, '')), reason.replace(/\|/g, '\\|')]);
  const rows = [...new Map(all.map((row) => [row.join(' '), row])).values()].sort(([a], [b]) => a.localeCompare(b));
  return [
    '## Findings of cdk-nag',
    '',
    'The AwsSolutions pack of cdk-nag 3 reports nothing for a pipeline of this library. These findings are acknowledged in the code, each on the one resource '
      + 'that has it, and only while nothing of yours would be hidden with it. Grants of yours are not acknowledged.',
    '',
    ...table(['Rule', 'Reason'], rows),
    '',
    'The report that CDK writes beside the templates lists each with its reason, under the suppressed violations.',
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}

function codes(texts: readonly string[]): string {
  return texts.map(code).join('<br>');
}

function table(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
