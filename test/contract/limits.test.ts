import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_certificatemanager as acm, aws_iam as iam, Duration, Stack } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { SECTIONS } from '../../scripts/errors/catalogue';
import { Approval, BuildReport, BuildSteps, PipelineEnvironment, PipelineEnvironmentOptions, SmokeTest, TrafficShift } from '../../src';
import { Properties } from '../helpers/environments';
import { NAMED } from '../helpers/names';
import { allPrograms } from '../helpers/programs';
import { newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { buildSpecOf, listOf, releasedTaskDefinitions, rendered } from '../helpers/templates';

interface Limit {
  readonly what: string;
  readonly limit: number;
  readonly counted: string;
  readonly page: string;
  /** The error that rejects a larger value. */
  readonly code?: string;
  /** The measured value in the largest programs. */
  readonly maximum?: string;
}

const LIMITS = parse(readFileSync(join(__dirname, 'limits.yaml'), 'utf8')) as readonly Limit[];

/** The longest value that CloudFormation substitutes for a placeholder. */
const LONGEST: { readonly [placeholder: string]: string } = {
  '${AWS::AccountId}': '111111111111',
  '${AWS::Partition}': 'aws-us-gov',
  '${AWS::Region}': 'ap-southeast-1',
  '${AWS::URLSuffix}': 'amazonaws.com.cn',
};

/** A value as a text, with the name of a resource in the place of a reference to it, and the longest ARN of a program in that of any other. */
function deployed(value: unknown, { Resources }: SynthesisedTemplate): string {
  return rendered(value).replace(/\$\{([^}.]*)([^}]*)\}/g, (placeholder, id: string, attribute: string) => {
    const { Type = '', Properties: properties = {} } = Resources[id] ?? {};
    const name: unknown = properties[NAMED[Type]?.[0] ?? ''];
    return LONGEST[placeholder] ?? (attribute === '' && typeof name === 'string' ? name : 'x'.repeat(110));
  });
}

/** A value as JSON without white space, with each reference in it as such a string. */
function json(value: unknown, template: SynthesisedTemplate): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    const [key, ...more] = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.keys(inner) : [];
    return more.length === 0 && (key === 'Ref' || key?.startsWith('Fn::')) ? deployed(inner, template) : inner;
  });
}

/** A pipeline with a number of environments that have the longest valid names. */
function largest(count: number, reports: BuildReport[], options: (stack: Stack) => PipelineEnvironmentOptions): SynthesisedTemplate {
  const stack = newStack();
  const shared = options(stack);
  pipelineIn(stack, {
    environmentSuffix: 'storefront1',
    buildSteps: BuildSteps.image({ reports }),
    environments: [...'abcdefghijklmn'].slice(0, count).map((letter) => new PipelineEnvironment(`production${letter}`, shared)),
  });
  return templateOf(stack);
}

/** As many environments as there can be, and as many as there can be when each has everything. */
const LARGEST = [
  () => largest(10, [], () => ({})),
  () => largest(7, [BuildReport.junit(['junit.xml']), BuildReport.clover(['clover.xml'])], (stack) => ({
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/x'),
    maxTaskCount: 9,
    approval: Approval.byEmail({ emails: ['leads@example.com'], roles: [iam.Role.fromRoleName(stack, 'Leads', 'leads')] }),
    hooks: { smokeTest: SmokeTest.http({ path: '/' }) },
    trafficShift: TrafficShift.canary({ percentage: 25, interval: Duration.minutes(7) }),
    tasks: { guardDutyAgent: true },
  })),
];

type Measure = (template: SynthesisedTemplate) => number[];

const each = (type: string, measure: (properties: Properties, template: SynthesisedTemplate) => number | number[]): Measure => (template) =>
  Object.values(template.Resources).filter(({ Type }) => Type === type).flatMap(({ Properties: found = {} }) => measure(found, template));
const text = (type: string, property: string): Measure => each(type, (properties, template) => deployed(properties[property] ?? '', template).length);
const document = (type: string, property: string): Measure => each(type, (properties, template) => json(properties[property] ?? '', template).length);

interface Widget {
  readonly properties: { readonly metrics?: unknown[]; readonly alarms?: unknown[] };
}

const widgetsOf = ({ DashboardBody }: Properties) => (JSON.parse(rendered(DashboardBody)) as { widgets: Widget[] }).widgets;
const stagesOf = ({ Stages }: Properties) => Stages as { Actions: { Configuration?: { [key: string]: unknown } }[] }[];
const rulesOf = ({ LifecyclePolicy }: Properties) => JSON.parse(LifecyclePolicy.LifecyclePolicyText as string) as { rules: unknown[] };
const transformers = ({ Targets }: Properties) =>
  listOf(Targets as Properties[] | undefined).flatMap(({ InputTransformer }) => (InputTransformer ?? []) as Properties[]);

const MEASURES: { readonly [name: string]: Measure } = {
  actions: each('AWS::CodePipeline::Pipeline', (pipeline) => stagesOf(pipeline).map(({ Actions }) => Actions.length)),
  alarmActions: each('AWS::CloudWatch::Alarm', ({ AlarmActions }) => listOf(AlarmActions as unknown[] | undefined).length),
  alarmDescription: text('AWS::CloudWatch::Alarm', 'AlarmDescription'),
  alarmMetrics: each('AWS::CloudWatch::Alarm', ({ Metrics }) =>
    listOf(Metrics as Properties[] | undefined).filter(({ Expression }) => Expression === undefined).length),
  bucketPolicy: document('AWS::S3::BucketPolicy', 'PolicyDocument'),
  buildSpec: each('AWS::CodeBuild::Project', ({ Source }, template) => deployed(Source.BuildSpec, template).length),
  configurationValue: each('AWS::CodePipeline::Pipeline', (pipeline, template) => stagesOf(pipeline).flatMap(({ Actions }) =>
    Actions.flatMap(({ Configuration }) => Object.values(Configuration ?? {}).map((value) => deployed(value, template).length)))),
  dashboardMetrics: each('AWS::CloudWatch::Dashboard', (dashboard) =>
    widgetsOf(dashboard).reduce((sum, { properties }) => sum + (properties.metrics?.length ?? 0), 0)),
  displayName: text('AWS::SNS::Topic', 'DisplayName'),
  eventPattern: document('AWS::Events::Rule', 'EventPattern'),
  functionDescription: text('AWS::Lambda::Function', 'Description'),
  groupAlarms: each('AWS::CodeDeploy::DeploymentGroup', ({ AlarmConfiguration }) => listOf(AlarmConfiguration.Alarms as unknown[]).length),
  groupDescription: text('AWS::EC2::SecurityGroup', 'GroupDescription'),
  inlineCode: each('AWS::Lambda::Function', ({ Code }) => Buffer.byteLength(String(Code.ZipFile ?? ''))),
  inlinePolicies: (template) => Object.entries(resources(template, 'AWS::IAM::Role')).map(([id, { Properties: role }]) => {
    const beside = Object.values(resources(template, 'AWS::IAM::Policy')).map(({ Properties: policy }) => policy)
      .filter(({ Roles }) => JSON.stringify(Roles).includes(`"${id}"`));
    return [...listOf(role.Policies as Properties[] | undefined), ...beside]
      .reduce((sum, { PolicyDocument }) => sum + json(PolicyDocument, template).length, 0);
  }),
  inputTemplate: each('AWS::Events::Rule', (rule, template) =>
    transformers(rule).map(({ InputTemplate }) => deployed(InputTemplate, template).length)),
  lifecyclePolicy: each('AWS::ECR::Repository', ({ LifecyclePolicy }, template) => deployed(LifecyclePolicy.LifecyclePolicyText, template).length),
  lifecycleRules: each('AWS::ECR::Repository', (repository) => rulesOf(repository).rules.length),
  projectDescription: text('AWS::CodeBuild::Project', 'Description'),
  releaseFiles: (template) => [Object.values(releasedTaskDefinitions(template))
    .reduce((sum, definition) => sum + Buffer.byteLength(json(definition, template)), 0)],
  reportGroups: each('AWS::CodeBuild::Project', (project) => Object.keys((buildSpecOf(project) as { reports?: object }).reports ?? {}).length),
  resources: (template) => [Object.keys(template.Resources).length],
  roleDescription: text('AWS::IAM::Role', 'Description'),
  ruleDescription: text('AWS::Events::Rule', 'Description'),
  ruleTargets: each('AWS::Events::Rule', ({ Targets }) => listOf(Targets as unknown[] | undefined).length),
  secretDescription: text('AWS::SecretsManager::Secret', 'Description'),
  stages: each('AWS::CodePipeline::Pipeline', (pipeline) => stagesOf(pipeline).length),
  stateMachine: text('AWS::StepFunctions::StateMachine', 'DefinitionString'),
  taskDefinition: each('AWS::ECS::TaskDefinition', (definition, template) => Buffer.byteLength(json(definition, template))),
  template: (template) => [Buffer.byteLength(JSON.stringify(template, undefined, 1))],
  topicPolicy: document('AWS::SNS::TopicPolicy', 'PolicyDocument'),
  topicStatements: each('AWS::SNS::TopicPolicy', ({ PolicyDocument }) => listOf(PolicyDocument.Statement as unknown[]).length),
  trustPolicy: document('AWS::IAM::Role', 'AssumeRolePolicyDocument'),
  widgetAlarms: each('AWS::CloudWatch::Dashboard', (dashboard) => widgetsOf(dashboard).map(({ properties }) => properties.alarms?.length ?? 0)),
  widgetMetrics: each('AWS::CloudWatch::Dashboard', (dashboard) => widgetsOf(dashboard).map(({ properties }) => properties.metrics?.length ?? 0)),
  widgets: each('AWS::CloudWatch::Dashboard', (dashboard) => widgetsOf(dashboard).length),
};

const measured = LIMITS.filter(({ maximum }) => maximum !== undefined);
let templates: SynthesisedTemplate[];

beforeAll(() => {
  templates = [...allPrograms().map(({ template }) => template), ...LARGEST.map((make) => make())];
});

test.each(measured)('the largest programs stay within the $limit of $what: $counted', ({ maximum = '', limit }) => {
  const found = templates.flatMap((template) => MEASURES[maximum](template));

  expect(Math.max(...found)).toBeGreaterThan(0);
  expect(Math.max(...found)).toBeLessThanOrEqual(limit);
});

test('every limit has a page, and a check or a measured maximum', () => {
  const codes = SECTIONS.flatMap((section) => Object.keys(section.codes));

  for (const { what, page, code, maximum, counted } of LIMITS) {
    expect({ what, page }).toEqual({ what, page: expect.stringMatching(/^https:\/\/(docs\.aws\.amazon\.com|github\.com)\/\S+$/) });
    expect({ what, checked: codes.includes(code ?? '') || MEASURES[maximum ?? ''] !== undefined }).toEqual({ what, checked: true });
    expect({ what, counted }).toEqual({ what, counted: expect.stringMatching(/^(bytes|characters|\w+s)\b/) });
    expect({ what, code: code ?? codes[0] }).toEqual({ what, code: expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)) });
  }
});

test('every measure is used, and every limit is in the table once', () => {
  expect(measured.map(({ maximum }) => maximum).sort()).toEqual(Object.keys(MEASURES).sort());
  expect(new Set(LIMITS.map(({ what }) => what)).size).toBe(LIMITS.length);
});
