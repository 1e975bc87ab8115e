import { environmentsOf } from './environment';
import { columns, counted, listed, paragraph } from './layout';
import { managedPolicies, ownStatements, Statement, statementsFor } from './policies';
import { Resource, Template } from './template';

/** Stands for the name of an environment where the roles of several are alike. */
const ENVIRONMENT = '<environment>';

/** Every role: who assumes it, what it may do, and what it may never do. */
export function roles(template: Template): string[] {
  const all = template.ofType('AWS::IAM::Role');
  const environments = environmentsOf(template).map(({ name }) => name);
  return [
    ...alike(all, environments).flatMap((block) => [...block, '']),
    ...wildcards(all),
  ];
}

/** Environments have the same roles, each for its own resources: they are shown once, unless they differ in anything else. */
function alike(all: Resource[], environments: string[]): string[][] {
  const groups = new Map<string, { environments: string[]; general: string[]; own: string[] }>();
  for (const role of all) {
    const environment = environments.find((name) => role.name.split('-').includes(name));
    const own = [role.name, ...roleLines(role, (text) => text)];
    const general = environment === undefined ? own
      : [generalised(role.name, environment), ...roleLines(role, (text) => generalised(text, environment))];
    const known = groups.get(general.join('\n'));
    groups.set(general.join('\n'), { environments: [...known?.environments ?? [], ...(environment === undefined ? [] : [environment])], general, own });
  }
  return [...groups.values()].map((group) => {
    const [title, ...lines] = group.environments.length > 1 ? group.general : group.own;
    return [group.environments.length > 1 ? `${title}  (alike for ${listed(group.environments)})` : title, ...lines];
  });
}

function generalised(text: string, environment: string): string {
  return text.replace(new RegExp(`\\b${environment}\\b`, 'g'), ENVIRONMENT);
}

/** A way to say every name in the lines of a role. */
type Saying = (text: string) => string;

function roleLines(role: Resource, say: Saying): string[] {
  const statements = statementsFor(role);
  const ordered = [...statements.filter(({ effect }) => effect === 'Deny'), ...statements.filter(({ effect }) => effect !== 'Deny')];
  const managed = managedPolicies(role);
  const description = role.at('Description').exists ? `${say(role.at('Description').text)}. ` : '';
  return [
    ...paragraph(`${description}Assumed by ${say(whoAssumes(role))}.`, 2),
    ...ordered.flatMap((statement) => statementLines(statement, say)),
    ...managed.flatMap((policy) => row('MAY', `what ${policy} says`, ['an AWS-managed policy, not in the template'])),
    ...(statements.length + managed.length === 0 ? ['  MAY    do nothing in AWS'] : []),
  ];
}

function whoAssumes(role: Resource): string {
  return listed(role.at('AssumeRolePolicyDocument', 'Statement').items.flatMap((statement) =>
    statement.at('Principal').entries.flatMap(([, principals]) => principals.texts)));
}

function statementLines(statement: Statement, say: Saying): string[] {
  return row(statement.effect === 'Deny' ? 'NEVER' : 'MAY', grouped(statement.actions), [
    ...statement.resources.map((resource) => say(short(resource))),
    ...(statement.condition === '' ? [] : [`only if ${statement.condition}`]),
    ...(statement.saidBy === undefined ? [] : [`(by the policy of ${say(statement.saidBy)})`]),
  ]);
}

function row(verb: string, actions: string, resources: string[]): string[] {
  return columns(actions, resources, 9, 40).map((line, index) => (index === 0 ? `  ${verb.padEnd(7)}${line.trimStart()}` : line));
}

/** `ecs: CreateTaskSet, DeleteTaskSet` */
function grouped(actions: string[]): string {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service, name] = action.includes(':') ? action.split(':') : ['', action];
    services.set(service, [...services.get(service) ?? [], name]);
  }
  return [...services].map(([service, names]) => `${service === '' ? '' : `${service}: `}${names.join(', ')}`).join('; ');
}

/** The part of an ARN that tells one resource of the account that is deployed to from another; an ARN of any other account stays whole. */
function short(resource: string): string {
  const [, path] = /^arn:[^:]+:[^:]+:[^:]*:<account>:(.+)$/.exec(resource) ?? [];
  const [, listener] = /^listener-rule\/(.+)\/\*$/.exec(path ?? '') ?? [];
  return listener === undefined ? path ?? resource : `rules of ${listener}`;
}

/** The statements that allow something on every resource of the account. */
export function everywhere(all: Resource[]): Statement[] {
  return all.flatMap(ownStatements).filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'));
}

/** What a reviewer looks for first. */
function wildcards(all: Resource[]): string[] {
  const wide = everywhere(all);
  const actions = [...new Set(wide.flatMap((statement) => statement.actions))].sort();
  const managed = all.flatMap((role) => managedPolicies(role).map((policy) => `${policy} of ${role.name}`));
  const denied = all.filter((role) => statementsFor(role).some(({ effect, actions: never }) => effect === 'Deny' && never.includes('ec2:TerminateInstances')));
  return [
    ...paragraph(`${counted(all.length, 'role')}. ${counted(wide.length, 'Allow statement')} on Resource "*"`
      + `${actions.length === 0 ? '.' : `, for these actions: ${actions.join(', ')}.`}`),
    ...paragraph(`${counted(denied.length, 'role')} with an explicit deny of ec2:TerminateInstances.`),
    ...(managed.length === 0 ? [] : paragraph(`Not in this count: ${counted(managed.length, 'AWS-managed policy', 'AWS-managed policies')}, `
      + `whose statements are not in the template: ${listed(managed)}.`)),
  ];
}
