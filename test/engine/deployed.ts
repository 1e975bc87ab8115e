import { Resource, SynthesisedTemplate } from '../helpers/synthesis';
import { all, BuildSpec, rendered } from '../helpers/templates';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';

/** A build project as it stands in an account. */
export interface Project {
  readonly spec: BuildSpec;
  /** The plain variables of the project. */
  readonly environment: { readonly [name: string]: string };
  /** The secret ones, when Secrets Manager holds this value. */
  secrets(value: { readonly [key: string]: string }): { [name: string]: string };
}

/** The build project with a name, with everything in it that CloudFormation knows. */
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
      // Not ours but of the shell.
      return placeholder;
    }
    const { service, kind, name } = identityOf(resource);
    const arn = `arn:aws:${service}:${service === 'iam' ? '' : REGION}:${ACCOUNT}:${kind}${name}`;
    const value = attribute === 'Arn' || service === 'secretsmanager' ? arn : name;
    return part === undefined ? value : value.split(':')[Number(part)];
  });
}

function identityOf({ Type, Properties }: Resource): { readonly service: string; readonly kind: string; readonly name: string } {
  switch (Type) {
    case 'AWS::ECR::Repository': return { service: 'ecr', kind: 'repository/', name: Properties.RepositoryName };
    case 'AWS::IAM::Role': return { service: 'iam', kind: 'role/', name: Properties.RoleName };
    case 'AWS::Lambda::Function': return { service: 'lambda', kind: 'function:', name: Properties.FunctionName };
    case 'AWS::Logs::LogGroup': return { service: 'logs', kind: 'log-group:', name: Properties.LogGroupName };
    case 'AWS::SecretsManager::Secret': return { service: 'secretsmanager', kind: 'secret:', name: `${Properties.Name}-AbCdEf` };
    default: throw new Error(`a build that names a ${Type} is not known here`);
  }
}
