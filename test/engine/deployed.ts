import { Resource, SynthesisedTemplate } from '../helpers/synthesis';
import { all, BuildSpec, rendered } from '../helpers/templates';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';

/** A deployed build project. */
export interface Project {
  readonly spec: BuildSpec;
  /** The plain variables of the project. */
  readonly environment: { readonly [name: string]: string };
  /** The secret variables, with this value in Secrets Manager. */
  secrets(value: { readonly [key: string]: string }): { [name: string]: string };
}

/** The build project with a name, with every reference resolved. */
export function projectOf(template: SynthesisedTemplate, name: string): Project {
  const found = all(template, 'AWS::CodeBuild::Project').find(([, { Name }]) => Name === name);
  if (!found) {
    throw new Error(`the template has no build project ${name}`);
  }
  const [, { Source, Environment }] = found;
  const variables = (Environment.EnvironmentVariables ?? []) as { Name: string; Type: string; Value: unknown }[];
  const valuesOf = (type: string) => variables.filter(({ Type }) => Type === type)
    .map(({ Name, Value }): [string, string] => [Name, deployed(template, rendered(Value))]);
  return {
    spec: JSON.parse(deployed(template, rendered(Source.BuildSpec))) as BuildSpec,
    environment: Object.fromEntries(valuesOf('PLAINTEXT')),
    secrets: (value) => Object.fromEntries(valuesOf('SECRETS_MANAGER')
      .map(([variable, reference]) => [variable, value[reference.split(':').pop()!]])),
  };
}

const PSEUDO: { readonly [name: string]: string } = {
  'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com',
};

/** A rendered text with what CloudFormation puts into its placeholders: every name is in the template. */
export function deployed(template: SynthesisedTemplate, text: string): string {
  return text.replace(/\$\{((?:AWS::)?[A-Za-z0-9]+)(?:\.(\w+))?(?:\[(\d+)\])?\}/g, (placeholder, id: string, attribute?: string, part?: string) => {
    if (id in PSEUDO) {
      return PSEUDO[id];
    }
    const resource = template.Resources[id];
    if (!resource) {
      // A variable of the shell, not a placeholder.
      return placeholder;
    }
    const { service, kind, name } = identityOf(resource);
    const arn = `arn:aws:${service}:${service === 'iam' ? '' : REGION}:${ACCOUNT}:${kind}${name}`;
    const value = attribute === 'Arn' || ['ecs', 'secretsmanager'].includes(service) ? arn : name;
    return part === undefined ? value : value.split(':')[Number(part)];
  });
}

/**
 * The output of `DescribeTaskDefinition` for a family that CloudFormation registered: the names of the API, the fields that
 * ECS adds, and the tags that CloudFormation adds.
 */
export function describeTaskDefinition(template: SynthesisedTemplate, family: string): object {
  const found = all(template, 'AWS::ECS::TaskDefinition').find(([, { Family }]) => Family === family);
  const { Tags = [], ...properties } = JSON.parse(deployed(template, JSON.stringify(placeholders(found?.[1] ?? {})))) as Resource['Properties'];
  return {
    taskDefinition: {
      ...asApiInput(properties) as object,
      taskDefinitionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${family}:1`,
      revision: 1,
      status: 'ACTIVE',
      requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.logging-driver.awslogs' }],
      compatibilities: ['EC2', 'FARGATE'],
      registeredAt: '2026-11-30T08:00:00+00:00',
      registeredBy: `arn:aws:sts::${ACCOUNT}:assumed-role/cdk/AWSCloudFormation`,
      placementConstraints: [],
      volumes: [],
    },
    tags: [{ key: 'aws:cloudformation:stack-name', value: 'storefront' }, ...asApiInput(Tags) as object[]],
  };
}

/** Intrinsics as the placeholders that `deployed` fills in. */
function placeholders(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(placeholders);
  }
  const [[key] = [''], ...more] = Object.entries(value);
  return more.length === 0 && /^(Ref|Fn::\w+)$/.test(key)
    ? rendered(value)
    : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, placeholders(inner)]));
}

/** Keys of these are the user's own words. */
const MAPS = ['DockerLabels', 'Options'];

function asApiInput(value: unknown, of = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => asApiInput(element));
  }
  return typeof value !== 'object' || value === null ? value : Object.fromEntries(Object.entries(value)
    .map(([name, inner]) => [MAPS.includes(of) ? name : name[0].toLowerCase() + name.slice(1), asApiInput(inner, name)]));
}

function identityOf({ Type, Properties }: Resource): { readonly service: string; readonly kind: string; readonly name: string } {
  switch (Type) {
    case 'AWS::ECR::Repository': return { service: 'ecr', kind: 'repository/', name: Properties.RepositoryName };
    case 'AWS::ECS::TaskDefinition': return { service: 'ecs', kind: 'task-definition/', name: `${Properties.Family}:1` };
    case 'AWS::IAM::Role': return { service: 'iam', kind: 'role/', name: Properties.RoleName };
    case 'AWS::Lambda::Function': return { service: 'lambda', kind: 'function:', name: Properties.FunctionName };
    case 'AWS::Logs::LogGroup': return { service: 'logs', kind: 'log-group:', name: Properties.LogGroupName };
    case 'AWS::SecretsManager::Secret': return { service: 'secretsmanager', kind: 'secret:', name: `${Properties.Name}-AbCdEf` };
    default: throw new Error(`a build that names a ${Type} is not known here`);
  }
}
