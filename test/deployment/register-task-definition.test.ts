import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { Property, PropertyType } from '@aws-cdk/service-spec-types';
import { RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import {
  Aws, aws_ecs as ecs, aws_secretsmanager as secretsmanager, aws_ssm as ssm, App, CfnCondition, CfnParameter, Fn, Stack, Tags, Token,
} from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { PipelineEnvironment } from '../../src';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all, releasedTaskDefinitions, rendered } from '../helpers/templates';

/**
 * Both sides as AWS describes them: CloudFormation's resource, from the specification that CDK itself is generated from, and the
 * input of the API, from the schema that the SDK serialises with. Nothing here is taken from the conversion between them.
 */
const spec = loadAwsServiceSpecSync();
const resource = spec.lookup('resource', 'cloudFormationType', 'equals', 'AWS::ECS::TaskDefinition').only();
const input = NormalizedSchema.of(RegisterTaskDefinitionRequest$);

/** Where the API calls something else than CloudFormation, beyond small and capital letters. */
const OTHER_NAMES: { readonly [property: string]: string } = { ProxyConfigurationProperties: 'properties' };

/** What CloudFormation has and the API has not, each with the reason; today there is nothing. */
const NOT_IN_THE_API: readonly string[] = [];

type Properties = { readonly [name: string]: Property };

function typeOf(type: PropertyType): Properties | undefined {
  return type.type === 'ref' ? spec.get('typeDefinition', type.reference.$ref).properties
    : type.type === 'tag' ? { Key: { type: { type: 'string' } }, Value: { type: { type: 'string' } } }
      : undefined;
}

/** Every value of a kind, for the place where it stands. */
interface Sample {
  readonly text: (path: string) => unknown;
  readonly number: (path: string) => unknown;
  readonly boolean: (path: string) => unknown;
  /** A list of texts as one value; without it each text is a value of its own. */
  readonly list?: (texts: string[]) => unknown;
}

/** Everything that CloudFormation knows, filled in. */
function filled(type: PropertyType, sample: Sample, path: string): unknown {
  const properties = typeOf(type);
  if (properties) {
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, filled(property.type, sample, `${path}.${name}`)]));
  }
  switch (type.type) {
    case 'array': return sample.list && type.element.type === 'string' ? sample.list([0, 1].map((index) => String(SOME.text(`${path}[${index}]`))))
      : [0, 1].map((index) => filled(type.element, sample, `${path}[${index}]`));
    // The keys of a map belong to the user, whatever they look like.
    case 'map': return { 'Some.Key': sample.text(`${path}.a`), 'Timeout': sample.text(`${path}.b`), 'Value': sample.text(`${path}.c`) };
    case 'string': return sample.text(path);
    case 'integer': return sample.number(path);
    case 'boolean': return sample.boolean(path);
    default: throw new Error(`${path} is of a kind that this test does not know: ${type.type}`);
  }
}

/** The same in the form of the API: its names, and the values in the types of its schema. */
function inTheApi(type: PropertyType, schema: NormalizedSchema, value: any, path: string): unknown {
  const properties = typeOf(type);
  if (properties) {
    const members = [...schema.structIterator()];
    return Object.fromEntries(Object.entries(properties).filter(([name]) => !NOT_IN_THE_API.includes(`${path}.${name}`)).map(([name, property]) => {
      const [member, memberSchema] = members.find(([each]) => each.toLowerCase() === (OTHER_NAMES[name] ?? name).toLowerCase())
        ?? [`${path}.${name} is not in the API`, schema];
      return [member, inTheApi(property.type, memberSchema, value[name], `${path}.${name}`)];
    }));
  }
  if (type.type === 'array' && schema.isListSchema()) {
    return value.map((element: unknown, index: number) => inTheApi(type.element, schema.getValueSchema(), element, `${path}[${index}]`));
  }
  if (type.type === 'map' && schema.isMapSchema()) {
    return value;
  }
  return schema.isStringSchema() ? String(value) : schema.isNumericSchema() ? Number(value) : schema.isBooleanSchema() ? String(value) === 'true'
    : `${path} is of another kind in the API`;
}

const SOME: Sample = { text: (path) => `<${path}>`, number: (path) => path.length, boolean: (path) => path.length % 2 === 0 };

function everything(sample: Sample): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(resource.properties).map(([name, { type }]) => [name, filled(type, sample, name)]));
}

/** What the API must get for `everything(SOME)`: the family is that which the service runs. */
function expected(): object {
  const values = everything(SOME);
  const members = Object.entries(resource.properties).map(([name, { type }]): [string, unknown] => {
    const [member, schema] = [...input.structIterator()].find(([each]) => each.toLowerCase() === name.toLowerCase()) ?? [`${name} is not in the API`, input];
    return [member, inTheApi(type, schema, values[name], name)];
  });
  return { ...Object.fromEntries(members), family: 'task-production-dev' };
}

/** A release whose task definition is just this, as it stands in the buildspec before CloudFormation fills it in. */
function release(properties: { [name: string]: unknown }, stack: Stack = newStack()): unknown {
  const deployment = deploymentIn(stack);
  const definition = deployment.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
  Object.entries(properties).forEach(([name, value]) => definition.addPropertyOverride(name, value));
  return stack.resolve(deployment.releaseFiles['taskdef-production.json']);
}

/** What CloudFormation makes of a text: parameters and conditions have values, and what has none is left out of a join. */
function evaluated(value: unknown, known: { readonly [name: string]: unknown }): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[key, argument]] = Object.entries(value);
  switch (key) {
    case 'Ref': return argument === 'AWS::NoValue' ? undefined : known[argument] ?? `\${${argument}}`;
    case 'Fn::If': return evaluated(argument[known[argument[0]] === true ? 1 : 2], known);
    case 'Fn::Split': return String(evaluated(argument[1], known)).split(argument[0]);
    case 'Fn::Join': {
      const [separator, list] = argument as [string, unknown];
      const parts = Array.isArray(list) ? list.map((part) => evaluated(part, known)) : evaluated(list, known) as unknown[];
      const texts = parts.filter((part) => part !== undefined);
      if (texts.some((part) => typeof part === 'object')) {
        throw new Error(`Fn::Join takes texts only: ${JSON.stringify(texts)}`);
      }
      return texts.join(separator);
    }
    default: return rendered(value);
  }
}

function parsed(text: unknown, known: { readonly [name: string]: unknown } = {}) {
  return JSON.parse(String(evaluated(text, known)));
}

test('both models are read: they have as many members as AWS documents, and more than one level', () => {
  expect(Object.keys(resource.properties).length).toBeGreaterThanOrEqual(17);
  expect([...input.structIterator()].length).toBeGreaterThanOrEqual(17);
  expect(JSON.stringify(everything(SOME))).toContain('"IgnoredExitCodes":[');
});

test('everything that CloudFormation knows of a task definition reaches the API, under its names and in its types', () => {
  expect(parsed(release(everything(SOME)))).toEqual(expected());
});

test('what nobody has set is not in a release', () => {
  expect(parsed(release({}))).toEqual({
    family: 'task-production-dev',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    executionRoleArn: expect.stringMatching(/^\$\{ProductionExecutionRole\w+\.Arn\}$/),
    taskRoleArn: expect.stringMatching(/^\$\{ProductionTaskRole\w+\.Arn\}$/),
    containerDefinitions: [{
      name: 'app',
      image: '<IMAGE1_NAME>',
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      linuxParameters: { capabilities: {}, initProcessEnabled: true },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': expect.stringMatching(/^\$\{ProductionLogs\w+\}$/), 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'app',
        },
      },
    }],
  });
});

test('numbers and booleans that were written as texts, and texts that were written as numbers, become what the API takes', () => {
  const written = everything({ text: SOME.text, number: (path) => String(SOME.number(path)), boolean: (path) => String(SOME.boolean(path)) });

  expect(parsed(release(written))).toEqual(expected());
  expect(parsed(release({ Cpu: 512, Memory: 1024 }))).toMatchObject({ cpu: '512', memory: '1024' });
});

test('every value that only CloudFormation knows arrives in the type of the API', () => {
  const known: { [name: string]: unknown } = {};
  const parameter = (value: (path: string) => unknown) => (path: string) => {
    const name = `P${Object.keys(known).length}`;
    known[name] = value(path);
    return { Ref: name };
  };
  const unknown = everything({ text: parameter(SOME.text), number: parameter(SOME.number), boolean: parameter(SOME.boolean) });

  // The containers and their names are known at synthesis, as CDK's are.
  expect(parsed(release(unknown), known)).toEqual(expected());
  expect(Object.keys(known).length).toBeGreaterThan(200);
});

test('every list of texts may be one value that only CloudFormation knows', () => {
  const known: { [name: string]: unknown } = {};
  const list = (texts: string[]) => {
    const name = `P${Object.keys(known).length}`;
    known[name] = texts;
    return { Ref: name };
  };

  expect(parsed(release(everything({ ...SOME, list })), known)).toEqual(expected());
  expect(Object.keys(known).length).toBeGreaterThan(10);
});

test.each([[true, true], [true, false], [false, true], [false, false]])('conditions that are %s and %s decide what is there', (first, second) => {
  const either = (yes: unknown, no: unknown, condition = 'First') => ({ 'Fn::If': [condition, yes, no] });
  const nothing = { Ref: 'AWS::NoValue' };
  const text = release({
    EphemeralStorage: either({ SizeInGiB: 30 }, nothing),
    RuntimePlatform: { CpuArchitecture: either('ARM64', nothing), OperatingSystemFamily: either(either('LINUX', nothing, 'Second'), nothing) },
    Volumes: [either({ Name: 'a "b"', ConfiguredAtLaunch: 'true' }, nothing), either({ Name: 'c' }, { Name: { Ref: 'Other' } }, 'Second')],
    PidMode: nothing,
    Cpu: either('256', '512'),
    Tags: [nothing, either({ Key: 'one', Value: 'é' }, nothing, 'Second')],
  });

  const { ephemeralStorage, runtimePlatform, volumes, cpu, tags, ...others } = parsed(text, { First: first, Second: second, Other: 'd' });

  expect(ephemeralStorage).toEqual(first ? { sizeInGiB: 30 } : undefined);
  expect(runtimePlatform).toEqual({ ...(first && { cpuArchitecture: 'ARM64' }), ...(first && second && { operatingSystemFamily: 'LINUX' }) });
  expect(volumes).toEqual([...(first ? [{ name: 'a "b"', configuredAtLaunch: true }] : []), { name: second ? 'c' : 'd' }]);
  expect(cpu).toBe(first ? '256' : '512');
  expect(tags).toEqual(second ? [{ key: 'one', value: 'é' }] : []);
  expect(others).not.toHaveProperty('pidMode');
});

test('tokens of CDK survive: parameters, lists of them, conditions, and references to other stacks', () => {
  const stack = newStack();
  const deployment = deploymentIn(stack);
  const size = new CfnParameter(stack, 'Size', { type: 'Number' });
  const words = new CfnParameter(stack, 'Words', { type: 'CommaDelimitedList' });
  const prod = new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
  deployment.taskDefinition.addContainer('Sidecar', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/sidecar:1'),
    memoryLimitMiB: size.valueAsNumber,
    command: words.valueAsList,
    environment: { MODE: Token.asString(Fn.conditionIf(prod.logicalId, 'say "yes"', 'no')), VALUE: `<${size.valueAsString}>` },
    secrets: { PEPPER: ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Pepper', { parameterName: '/pepper' })) },
  });

  const { containerDefinitions: [, sidecar] } = parsed(stack.resolve(deployment.releaseFiles['taskdef-production.json']), {
    Size: 128, Words: ['serve', '--fast'], Prod: true,
  });

  expect(sidecar).toMatchObject({
    memory: 128,
    command: ['serve', '--fast'],
    environment: [{ name: 'MODE', value: 'say "yes"' }, { name: 'VALUE', value: '<128>' }],
    secrets: [{ name: 'PEPPER', valueFrom: 'arn:${AWS::Partition}:ssm:us-east-1:${AWS::AccountId}:parameter/pepper' }],
  });
});

test('in a whole pipeline, conditions of the user survive both the file and the buildspec around it', () => {
  const stack = newStack();
  const { deployments } = pipelineIn(stack);
  const prod = new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
  const definition = deployments.production.taskDefinition.node.defaultChild as ecs.CfnTaskDefinition;
  definition.addPropertyOverride('ContainerDefinitions.0.Environment',
    [Fn.conditionIf(prod.logicalId, { Name: 'GREETING', Value: 'a "quoted"\nline with $HOME and {braces}' }, Aws.NO_VALUE)]);

  const [[, project]] = all(templateOf(stack), 'AWS::CodeBuild::Project').filter(([, { Name }]) => Name === 'project-build-dev');
  for (const known of [{ Prod: true }, { Prod: false }]) {
    const buildSpec = JSON.parse(String(evaluated(project.Source.BuildSpec, known)));
    const file = buildSpec.phases.build.commands.find((command: string) => command.includes('taskdef-production.json')).split('\n').slice(1, -1).join('\n');

    expect(JSON.parse(file).containerDefinitions[0].environment)
      .toEqual(known.Prod ? [{ name: 'GREETING', value: 'a "quoted"\nline with $HOME and {braces}' }] : []);
  }
});

test('secrets of another stack of the app reach the release as imports', () => {
  const app = new App();
  const other = new Stack(app, 'Data', { env: { region: 'us-east-1' } });
  const secret = new secretsmanager.Secret(other, 'Password');
  const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });
  pipelineIn(stack, { environments: [new PipelineEnvironment('production', { containerSecrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret) } })] });

  const [[, { Source: { BuildSpec } }]] = all(templateOf(stack), 'AWS::CodeBuild::Project').filter(([, { Name }]) => Name === 'project-build-dev');
  const parts = BuildSpec['Fn::Join'][1] as unknown[];
  const imported = parts.findIndex((part) => /"Data:ExportsOutputRefPassword\w+"/.test(JSON.stringify(part)));
  expect(parts[imported]).toEqual({ 'Fn::ImportValue': expect.any(String) });
  expect(String(parts[imported - 1]).endsWith(String.raw`\"name\":\"PASSWORD\",\"valueFrom\":\"`)).toBe(true);
});

test('tags of the stack are tags of every release', () => {
  const stack = newStack();
  pipelineIn(stack);
  Tags.of(stack).add('team', 'shop "one"');

  for (const file of Object.values(releasedTaskDefinitions(templateOf(stack)))) {
    expect(file).toMatchObject({ tags: [{ key: 'team', value: 'shop "one"' }] });
  }
});
