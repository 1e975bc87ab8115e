import { Resource, Template, Value } from './template';

/** One statement of a policy, with its values in words. */
export interface Statement {
  readonly effect: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition: string;
  /** The resource whose own policy says so; undefined where the policy belongs to the role. */
  readonly saidBy?: string;
}

/** What the template's policies say about a role: its own, those attached to it, and those of resources that name it. */
export function statementsFor(role: Resource): Statement[] {
  return merged([...ownStatements(role), ...fromResources(role)]);
}

/** The statements of a role's own and attached policies, one by one. */
export function ownStatements(role: Resource): Statement[] {
  const inline = role.at('Policies').items.map((policy) => policy.at('PolicyDocument'));
  const attached = role.template.resources
    .filter((resource) => ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(resource.type))
    .filter((policy) => policy.at('Roles').targets.includes(role))
    .map((policy) => policy.at('PolicyDocument'));
  return [...inline, ...attached].flatMap(statementsOf).map(({ statement }) => statement);
}

/** The roles, by name, that the template allows to do something; also those that it does not make itself. */
export function rolesAllowed(template: Template, action: string, arn: string): string[] {
  const allowed = (documents: Value[]) => documents.flatMap(statementsOf).some(({ statement }) => statement.effect === 'Allow'
    && statement.actions.some((pattern) => matches(pattern, action)) && statement.resources.some((pattern) => matches(pattern, arn)));
  const own = template.ofType('AWS::IAM::Role')
    .filter((role) => allowed(role.at('Policies').items.map((policy) => policy.at('PolicyDocument'))))
    .map((role) => role.name);
  const attached = template.ofType('AWS::IAM::Policy')
    .filter((policy) => allowed([policy.at('PolicyDocument')]))
    .flatMap((policy) => policy.at('Roles').texts);
  return [...new Set([...own, ...attached])];
}

/** As IAM compares: `*` stands for anything. */
function matches(pattern: string, value: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}

/** AWS-managed policies of a role, by their short names: what they allow is not in the template. */
export function managedPolicies(role: Resource): string[] {
  return role.at('ManagedPolicyArns').items
    .filter((arn) => arn.target === undefined)
    .map((arn) => arn.text.split('/').at(-1) ?? '');
}

/** Where resources keep their own policies, and the property that says whose it is. */
const RESOURCE_POLICIES: { [type: string]: [document: string, owner: string] } = {
  'AWS::ECR::Repository': ['RepositoryPolicyText', 'RepositoryName'],
  'AWS::S3::BucketPolicy': ['PolicyDocument', 'Bucket'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', 'Topics'],
  'AWS::SecretsManager::ResourcePolicy': ['ResourcePolicy', 'SecretId'],
};

function fromResources(role: Resource): Statement[] {
  return role.template.resources.flatMap((resource) => {
    const [document, owner] = RESOURCE_POLICIES[resource.type] ?? [];
    if (document === undefined || owner === undefined) {
      return [];
    }
    return statementsOf(resource.at(document))
      .filter(({ raw }) => raw.at('Principal', 'AWS').targets.includes(role))
      .map(({ statement }) => ({ ...statement, saidBy: resource.at(owner).text }));
  });
}

function statementsOf(document: Value): { raw: Value; statement: Statement }[] {
  return document.at('Statement').items.map((raw) => ({
    raw,
    statement: {
      effect: raw.at('Effect').text,
      // What a statement leaves out is as wide as a wildcard, so it must not pass for a short list.
      actions: [...raw.at('Action').texts, ...raw.at('NotAction').texts.map((action) => `everything but ${action}`)],
      resources: [...raw.at('Resource').texts, ...raw.at('NotResource').texts.map((resource) => `everything but ${resource}`)],
      condition: conditionInWords(raw.at('Condition')),
    },
  }));
}

function conditionInWords(condition: Value): string {
  return condition.entries.flatMap(([operator, keys]) => keys.entries.map(([key, values]) =>
    `${key} ${operator === 'StringEquals' ? 'is' : operator} ${values.texts.join(' or ')}`)).join(' and ');
}

/** CDK writes a statement for each grant; those that differ in their resources alone are one sentence for a reader. */
function merged(statements: Statement[]): Statement[] {
  const groups = new Map<string, Statement>();
  for (const statement of statements) {
    const key = JSON.stringify([statement.effect, statement.actions, statement.condition, statement.saidBy]);
    const known = groups.get(key);
    groups.set(key, known === undefined ? statement : { ...known, resources: [...new Set([...known.resources, ...statement.resources])] });
  }
  return [...groups.values()];
}
