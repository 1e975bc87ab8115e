import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { acknowledgements } from './acknowledgements';
import { UNSCOPABLE_ACTIONS } from './unscopable-actions';
import { BlueGreenFargatePipeline, BlueGreenFargatePipelineProps } from '../../src';
import { Permission, Permissions, permissionsOf, RolePermissions } from '../../src/cli/permissions/permissions';
import { allowedOnEveryResource } from '../../src/cli/permissions/text';
import { Template } from '../../src/cli/template';
import { page, table } from '../markdown';
import { fullProps, smallestProps } from '../programs';

const PLACE = { region: 'us-east-1', account: '111111111111', stackName: 'Storefront' };

interface SynthesisedPipeline {
  readonly stack: Stack;
  readonly permissions: Permissions;
}

/** docs/iam.md: every statement comes from a synthesised template, every reason from the calls of a release that need it. */
export function iamPage(): string {
  const small = synthesise(smallestProps);
  const full = synthesise(fullProps);
  return page(join(__dirname, 'page.md'), {
    ...PLACE,
    numbers: numbers(libraryRoles(small)),
    roles: libraryRoles(small).map(roleSection).join('\n\n'),
    more: libraryRoles(full).filter((role) => addsTo(role, small, full)).map(roleSection).join('\n\n'),
    resourcePolicies: table(['Resource', 'Effect', 'Who', 'May', 'If'], small.permissions.resourcePolicies.map((permission) => [
      code(permission.policyOf ?? ''), permission.effect, codes(permission.principals), codes(permission.actions),
      conditions(permission),
    ])),
    unscopable: table(['Action', 'Why', 'Source'],
      Object.entries(UNSCOPABLE_ACTIONS).map(([action, { why, source }]) => [code(action), why, `[page](${source})`])),
    findings: table(['Rule', 'Reason'], acknowledgedFindings([small, full])),
    guardFindings: table(['Rule', 'On', 'Reason'], guardFindings()),
  });
}

function synthesise(propsIn: (stack: Stack) => BlueGreenFargatePipelineProps): SynthesisedPipeline {
  const app = new App();
  const stack = new Stack(app, PLACE.stackName, { env: { region: PLACE.region } });
  new BlueGreenFargatePipeline(stack, 'P', propsIn(stack));
  const template = new Template(app.synth().getStackArtifact(stack.artifactId).template, PLACE);
  return { stack, permissions: permissionsOf(template) };
}

function numbers(roles: RolePermissions[]): string {
  const statements = roles.flatMap((role) => role.permissions);
  const allowed = roles.map((role) => new Set(allowedBy(role)).size);
  return table(['Of the smallest program', 'Number'], [
    ['roles of the library', `${roles.length}`],
    ['statements in their policies', `${statements.length}`],
    ['actions that they allow, counted for each role; none is a pattern', `${allowed.reduce((sum, count) => sum + count, 0)}`],
    ['statements that allow something on every resource', `${allowedOnEveryResource(roles).length}`],
  ]);
}

/** CDK's own role, which empties buckets, and roles of the user are not roles of the library. */
function libraryRoles({ permissions }: SynthesisedPipeline): RolePermissions[] {
  return permissions.roles.filter(({ fromLibrary }) => fromLibrary);
}

function allowedBy({ permissions }: RolePermissions): string[] {
  return permissions.filter(({ effect }) => effect === 'Allow').flatMap(({ actions }) => actions);
}

/** Returns true if a role of the full program has an action that no role of its kind has in the smallest one. */
function addsTo(role: RolePermissions, smaller: SynthesisedPipeline, larger: SynthesisedPipeline): boolean {
  const kind = ({ name }: RolePermissions) =>
    name.replace(/-(staging|production|qa|preprod|live)(?=-)/, '').replace(/-(dev|shop)-/, '-');
  const alike = (other: RolePermissions) => kind(other) === kind(role);
  const known = libraryRoles(smaller).filter(alike).flatMap(allowedBy);
  const first = libraryRoles(larger).find((other) => alike(other) && allowedBy(other).join() === allowedBy(role).join());
  return first === role && allowedBy(role).some((action) => !known.includes(action));
}

function roleSection(role: RolePermissions): string {
  const rows = role.permissions.map((permission) => [
    permission.effect, codes(permission.actions), codes(permission.resources), conditions(permission),
    permission.why.map(({ text, source }) => (source === undefined ? text : `${text} ([page](${source}))`)).join('<br>'),
  ]);
  return [
    `### ${role.name}`,
    '',
    ...role.assumedBy.map((trust) =>
      `Assumed by ${codes(trust.principals)}${trust.conditions.length === 0 ? '' : `, if ${conditions(trust)}`}.`),
    '',
    rows.length === 0 ? 'It may do nothing until you grant something.' : table(['Effect', 'Actions', 'On', 'If', 'Why'], rows),
  ].join('\n');
}

function conditions(permission: Permission): string {
  return permission.conditions.map(code).join(' and ');
}

/** The acknowledged findings of all programs, once for each rule and reason. */
function acknowledgedFindings(programs: SynthesisedPipeline[]): string[][] {
  const all = programs.flatMap(({ stack }) => acknowledgements(stack))
    .map(({ id, reason }) => [code(id.replace(/\[.*/, '')), reason.replace(/\|/g, '\\|')]);
  return [...new Map(all.map((row) => [row.join(' '), row])).values()].sort(([a], [b]) => a.localeCompare(b));
}

/** The findings of the Guard rules in the examples, by rule; test/contract/guard.test.ts compares it with the templates. */
function guardFindings(): string[][] {
  const findings = parse(readFileSync(join(__dirname, '../../test/contract/guard/findings.yaml'), 'utf8')) as GuardFindings;
  return Object.entries(findings).map(([rule, { on, why }]) => [code(rule), on === 'any' ? 'any' : codes(on), why]);
}

interface GuardFindings {
  readonly [rule: string]: { readonly on: readonly string[] | 'any'; readonly why: string };
}

function code(text: string): string {
  return `\`${text}\``;
}

function codes(texts: readonly string[] = []): string {
  return texts.map(code).join('<br>');
}
