import {
  aws_codebuild as codebuild, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager, CfnParameter,
  Duration, Lazy, SecretValue, Stack, Token,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { project as projectMessages } from './messages.json';
import {
  BuildCache, BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps, ImageStepsOptions, RegistryLogin,
} from '../../src';
import { brokenRules, problemsOf, refusal, STRANGE } from '../helpers/refusals';
import { repository, token as text } from '../helpers/steps';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { testUnknownKeys } from '../helpers/unknown-keys';
import { expectUntouched } from '../helpers/untouched';

const messages: { readonly [name: string]: string } = projectMessages;
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) };
const bucket = s3.Bucket.fromBucketName(newStack(), 'Cache', 'acme-cache');
const number = Token.asNumber({ Ref: 'Number' });
const { SECRETS_MANAGER, PARAMETER_STORE, PLAINTEXT } = codebuild.BuildEnvironmentVariableType;
const open = SecretValue.secretsManager('npm').unsafeUnwrap();

const project = (props: object = {}, stack: Stack = newStack()) => () =>
  new CachedBuildProject(stack, 'Build', { ...minimal, ...props });
const probed = { repository, port: 8080, path: '/' };
const probe = (startupTime: Duration) => BuildSteps.probe({ ...probed, startupTime });
const image = (options: ImageStepsOptions) => ({ steps: BuildSteps.image({ repository, ...options }) });
const variables = (environmentVariables: object) => ({ environmentVariables });
const plain = (value: unknown) => variables({ A: { value } });
const kept = (type: string, value: unknown) => variables({ A: { type, value } });
const cached = (cache: BuildCache) => ({ cacheExpiration: Duration.days(1), ...image({ cache }) });

/** Wrong props by their name and the code; messages.json has the message of each. */
const WRONG: { readonly [name: string]: object } = {
  'environmentSuffix BGP005': { environmentSuffix: 'Dev' },
  'environmentSuffix BGP001': { environmentSuffix: undefined },
  'environmentSuffix BGP007': { environmentSuffix: 'a'.repeat(12), purpose: 'a'.repeat(16) },
  'steps BGP001': { steps: undefined },
  'steps BGP002': { steps: BuildImage.AMAZON_LINUX_2023 },
  'purpose BGP040': { purpose: 'Unit Tests' },
  'buildImage BGP002': { buildImage: 'x' },
  'cacheBucket BGP002': { cacheBucket: 'x' },
  'cacheExpiration BGP041': { cacheExpiration: Duration.days(8) },
  'cacheExpiration beside a bucket BGP044': { cacheExpiration: Duration.days(1), cacheBucket: bucket },
  'cacheExpiration beside a repository BGP044': cached(BuildCache.registry({ repository })),
  'cacheExpiration BGP003': {
    ...cached(BuildCache.registry()),
    cacheExpiration: Duration.days(number),
  },
  'timeout BGP042': { timeout: Duration.minutes(4) },
  'timeout BGP003': { timeout: Duration.hours(number) },
  'timeout BGP062': { timeout: Duration.minutes(5), steps: probe(Duration.minutes(5)) },
  'queuedTimeout BGP043': { queuedTimeout: Duration.hours(9) },
  'logRetention BGP051': { logRetention: 13 },
  'logRetention BGP002': { logRetention: '7' },
  'environmentVariables BGP052': variables({ 'A-B': { value: '' } }),
  'environmentVariables BGP053': variables({ CODEBUILD_X: { value: '' } }),
  'environmentVariables BGP054': {
    ...variables({ CONTAINER_PORT: { value: '' } }),
    steps: probe(Duration.minutes(1)),
  },
  'environmentVariables.A BGP002': variables({ A: 'hunter2' }),
  'environmentVariables.A.type BGP002': kept('SECRET', 'x'),
  'environmentVariables.A.value BGP001': plain(null),
  'environmentVariables.A.value BGP002': plain(['hunter2']),
  'environmentVariables.A.value BGP049': plain(open),
  'environmentVariables.A.value of a secret BGP056': kept(SECRETS_MANAGER, 'hunter2 '),
  'environmentVariables.A.value of a parameter BGP056': kept(PARAMETER_STORE, 'na me'),
  'repository of an image BGP045': { steps: BuildSteps.image() },
  'repository of a probe BGP045': { steps: BuildSteps.probe({ port: 1, path: '/' }) },
  'port of a probe BGP045': { steps: BuildSteps.probe({ repository, path: '/' }) },
  'path of a probe BGP045': { steps: BuildSteps.probe({ repository, port: 1 }) },
  'buildArgs.TOKEN BGP049': image({ buildArgs: { VERSION: '1', TOKEN: `a ${open}` } }),
  'preBuildCommands[1] BGP049': image({ preBuildCommands: ['ls', `npm login ${open}`] }),
  'postBuildCommands[0] BGP049': image({ postBuildCommands: [open] }),
  'commands[0] BGP049': { steps: BuildSteps.commands(['echo {{resolve:ssm-secure:/acme/token:1}}']) },
  'environment.TOKEN BGP049': { steps: BuildSteps.probe({ ...probed, environment: { TOKEN: open } }) },
  'command[1] BGP049': { steps: BuildSteps.probe({ ...probed, command: ['x', open] }) },
};

test.each(Object.entries(WRONG))('%s has its message', (name, props) => {
  expect(refusal(project(props))).toBe(`Storefront/Build (CachedBuildProject): ${messages[name]}`);
});

test('a refused project leaves what the user owns, and the stack, as they were', () => {
  const stack = newStack();
  const images = new ecr.Repository(stack, 'Images');
  const login = RegistryLogin.fromSecret(new secretsmanager.Secret(stack, 'Login'));
  const owned = {
    cacheBucket: new s3.Bucket(stack, 'Theirs'),
    buildImage: BuildImage.fromEcrRepository(images, '1'),
    steps: BuildSteps.image({ repository: images, registryCredentials: login }),
  };

  expectUntouched(stack, Object.values(WRONG).map((props) => project({ ...owned, ...props }, stack)));
});

test.each<[string, object[]]>([
  ['durations that only CloudFormation knows', [
    { timeout: Duration.minutes(number) },
    { queuedTimeout: Duration.minutes(number) },
    { cacheExpiration: Duration.days(number) },
    { logRetention: number },
  ]],
  ['a long suffix', [{ environmentSuffix: 'a'.repeat(22) }, { environmentSuffix: 'a'.repeat(11), purpose: 'a'.repeat(16) }]],
  ['an expiration of its own cache', [cached(BuildCache.registry()), cached(BuildCache.none()), cached(BuildCache.s3())]],
  ['a timeout longer than the startup time', [
    { timeout: Duration.minutes(6), steps: probe(Duration.minutes(5)) },
    { timeout: Duration.minutes(20), steps: probe(Duration.seconds(1199)) },
    { timeout: Duration.minutes(number), steps: probe(Duration.minutes(20)) },
    { timeout: Duration.minutes(5), steps: probe(Duration.seconds(number)) },
    { steps: probe(Duration.minutes(20)) },
  ]],
  ['plain values', [
    '', 'x', 7, 0, 1.5, true, false, text, number, Token.asAny({ Ref: 'Any' }), '{{resolve:ssm:/acme/name:1}}',
  ].map(plain)],
  ['a type that is plain', [kept(PLAINTEXT, 'x')]],
  ['commands about secrets', [{
    steps: BuildSteps.commands(['echo {{resolve:ssm:/acme/name:1}}', 'aws secretsmanager get-secret-value', text]),
  }]],
])('a project takes %s', (_, valid) => {
  expect(valid.map((props) => refusal(project(props)))).toEqual(valid.map(() => undefined));
});

test.each<[string, object[]]>([
  ['BGP053', [variables({ CODEBUILD_: { value: '' } })]],
  ['BGP003', [variables({ [text]: { value: 'x' } }), { timeout: Duration.seconds(number) }]],
  ['BGP001', [plain(undefined)]],
  ['BGP002', [kept(null as unknown as string, 'x')]],
  ['BGP049', [
    `a ${SecretValue.ssmSecure('/acme/token', '1').unsafeUnwrap()}`, SecretValue.secretsManager('npm'),
    '{{resolve:secretsmanager:npm}}',
  ].map(plain)],
  ['BGP062', [{ timeout: Duration.minutes(5), steps: probe(Duration.minutes(20)) }]],
])('%s is the code of other wrong inputs, too', (code, invalid) => {
  expect(invalid.map((props) => brokenRules(project(props)))).toEqual(invalid.map(() => [code]));
});

describe('a value of another type', () => {
  const noObjects = STRANGE.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value));
  const noValues = STRANGE.filter((value) =>
    !['string', 'boolean'].includes(typeof value) && value !== null && !Number.isFinite(value));

  test.each<[string, (value: unknown) => object, unknown[]]>([
    ['steps', (steps) => ({ steps }), [...STRANGE.filter((value) => value !== null), BuildCache.s3(), { ...minimal.steps }]],
    ['buildImage', (buildImage) => ({ buildImage }), [...STRANGE, minimal.steps, codebuild.LinuxBuildImage.STANDARD_7_0]],
    ['cacheBucket', (cacheBucket) => ({ cacheBucket }), [...STRANGE, repository]],
    ['environmentVariables', (environmentVariables) => ({ environmentVariables }), noObjects],
    ['a variable', (variable) => variables({ A: variable }), [...noObjects, undefined, text]],
    ['the value of a variable', plain, noValues],
  ])('is refused as %s', (_, props, values) => {
    expect(values.map((value) => brokenRules(project(props(value))))).toEqual(values.map(() => ['BGP002']));
  });

  test.each(STRANGE.map((value) => [value]))('is refused as props, scope and id: %p', (value) => {
    const made = (...args: unknown[]) => brokenRules(() => new CachedBuildProject(...args as [Construct, string, typeof minimal]));

    expect(made(value, 'Build', minimal)).toEqual(['BGP013']);
    expect(made(newStack(), value, minimal)).toHaveLength(value === 'x' ? 0 : 1);
    // Props that are not there lack what is required.
    const codes = value === null || value === undefined ? ['BGP001', 'BGP001'] : ['BGP002'];
    expect(noObjects.includes(value) ? made(newStack(), 'Build', value) : codes).toEqual(codes);
  });

  test('never makes a check itself fail, nor leaves anything behind', () => {
    const anything = fc.oneof(fc.constant(undefined), fc.anything());
    const props = fc.record(Object.fromEntries([
      'environmentSuffix', 'steps', 'purpose', 'buildImage', 'cacheBucket', 'cacheExpiration', 'timeout', 'queuedTimeout',
      'logRetention', 'environmentVariables',
    ].map((prop) => [prop, anything])));
    const stack = newStack();
    fc.assert(fc.property(fc.oneof(props, fc.anything()), (given) => {
      expect(brokenRules(() => new CachedBuildProject(stack, 'Build', given as never))).not.toEqual([]);
      expect(stack.node.children).toEqual([]);
    }), { numRuns: 200 });
  });
});

testUnknownKeys({
  'CachedBuildProject.addToPipeline': {
    make: (options) => () => project()().addToPipeline(undefined as never, options as never),
    key: 'extraInputs',
  },
});

test('a project refuses a slip in its props, warns of other keys, and ignores those of a stack', () => {
  const stack = newStack();
  project({ flavour: 1, description: 'x', env: {} }, stack)();

  expect(refusal(project({ build_image: 1 }))).toContain(
    "'build_image' must not be set: there is no such key; use 'buildImage' [BGP151]");
  expect(warnings(stack)).toEqual([expect.stringMatching(
    /^'flavour' has no effect: .* \[BGP152\] .*CachedBuildProject\.unknownKey\]$/)]);
});

function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data).replace(/annotation::/i, ''));
}

test('all violations of a project come at once, its place and its name included', () => {
  const stack = newStack();
  project({}, stack)();

  const found = problemsOf(project({ timeout: 7, steps: BuildSteps.probe({ port: 1, path: '/' }) }, stack));

  expect(found.map((line) => line.slice(line.indexOf('[BGP')))).toEqual(['[BGP014]', '[BGP002]', '[BGP045]', '[BGP008]']);
  expect(found[3]).toBe("'environmentSuffix' must differ for each use in one account and region, got \"dev\"; "
    + '"project-build-dev" already belongs to Storefront/Build; give the second one a \'purpose\' of its own [BGP008]');
});

test('tokens that a project takes reach the template', () => {
  const stack = newStack();
  const string = (id: string) => new CfnParameter(stack, id).valueAsString;
  const amount = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;

  project({
    environmentSuffix: string('Suffix'),
    purpose: string('Purpose'),
    steps: BuildSteps.image({
      repository, cache: BuildCache.registry(), target: string('Target'), buildkitImage: string('Kit'),
    }),
    timeout: Duration.minutes(amount('Timeout')),
    queuedTimeout: Duration.minutes(amount('Queued')),
    logRetention: amount('Retention') as logs.RetentionDays,
    environmentVariables: { A: { type: SECRETS_MANAGER, value: string('Secret') } },
    buildImage: BuildImage.fromEcrRepository(repository, string('Tag')),
  }, stack)();
  new CachedBuildProject(stack, 'Other', { ...minimal, cacheExpiration: Duration.days(amount('Days')) });
  new CachedBuildProject(stack, 'Trial', {
    ...minimal,
    purpose: 'trial',
    steps: BuildSteps.probe({
      repository, port: amount('Port'), path: '/', startupTime: Duration.seconds(amount('Wait')),
    }),
  });

  const template = Template.fromJSON(templateOf(stack));
  template.hasResourceProperties('AWS::CodeBuild::Project', {
    TimeoutInMinutes: { Ref: 'Timeout' }, QueuedTimeoutInMinutes: { Ref: 'Queued' },
  });
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: { Ref: 'Days' } })] },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: { Ref: 'Retention' } });
});

describe('a variable that the steps set', () => {
  const secret = secretsmanager.Secret.fromSecretNameV2(newStack(), 'Npm', 'npm');
  const steps = {
    image: BuildSteps.image({
      repository,
      target: 'a',
      cache: BuildCache.registry(),
      buildArgs: { VERSION: '1' },
      buildSecrets: { npm: secret },
      registryCredentials: RegistryLogin.fromSecret(secret),
    }),
    probe: BuildSteps.probe({ repository, port: 1, path: '/', environment: { A: '' }, command: ['x'] }),
    commands: BuildSteps.commands(['true'], { repository }),
  };

  test.each(Object.entries(steps))('is refused for %s, whatever its name in the template', (_, own) => {
    const stack = newStack();
    project({ steps: own }, stack)();
    const [found] = Object.values(Template.fromStack(stack).findResources('AWS::CodeBuild::Project'));
    const { Source, Environment } = found.Properties;
    const inSpec = [...JSON.stringify(Source.BuildSpec).matchAll(/\\"([A-Z_]+)\\": \\"/g)].map(([, name]) => name);
    const inProject = (Environment.EnvironmentVariables ?? []).map(({ Name }: { Name: string }) => Name);
    const names: string[] = [...inSpec, ...inProject];

    expect(names.length).toBeGreaterThan(0);
    expect(names.map((name) => brokenRules(project({ steps: own, ...variables({ [name]: { value: 'x' } }) }))))
      .toEqual(names.map(() => ['BGP054']));
    expect(brokenRules(project({ steps: own, ...variables({ MINE: { value: 'x' } }) }))).toEqual([]);
  });

  test.each([
    minimal.steps, BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('a')), BuildSteps.release({ releaseFiles: {} }),
  ])('is none of a buildspec of the user, nor of commands without an image', (own) => {
    const environmentVariables = { IMAGE_REPOSITORY: { value: 'x' }, IMAGE_URI: { value: 'x' } };

    expect(brokenRules(project({ steps: own, environmentVariables }))).toEqual([]);
  });
});

describe('an image that another push may replace', () => {
  const warned = (props: object) => {
    const stack = newStack();
    project(props, stack)();
    return warnings(stack);
  };
  const buildkit = (buildkitImage?: string) => image({ buildkitImage });
  const tagged = (tag: string) => ({ buildImage: BuildImage.fromEcrRepository(repository, tag) });
  const digest = `sha256:${'0'.repeat(64)}`;

  test.each<[object, string, string]>([
    [tagged('latest'), 'buildImage', 'latest'],
    ...['buildkit', 'moby/buildkit', 'moby/buildkit:latest', 'localhost:5000/buildkit', 'localhost:5000/a/b:latest']
      .map((name): [object, string, string] => [buildkit(name), 'buildkitImage', name]),
  ])('is warned of', (props, prop, name) => {
    const [warning, ...others] = warned(props);
    expect(others).toEqual([]);
    expect(warning).toContain(`'${prop}' should not be "latest", which is another image from one day to the next, `
      + `got "${name}"; name a version or a digest [BGP075] `);
    expect(warning).toContain('[ack: @org/bluegreen-pipeline:CachedBuildProject.latest]');
  });

  test.each([
    ...[undefined, 'moby/buildkit:v0.20', 'localhost:5000/buildkit:1', `moby/buildkit:latest@${digest}`, `buildkit@${digest}`,
      'latest:1', 'a/latest:v1', text].map(buildkit),
    ...['latest-1', 'Latest', digest, text].map(tagged),
  ])('is none with a version or a digest', (props) => {
    expect(warned(props)).toEqual([]);
  });
});

describe('a buildspec whose text is only known at synthesis', () => {
  const release = (length: number) => {
    const content = Lazy.string({ produce: () => 'x'.repeat(length) });
    return BuildSteps.release({ releaseFiles: { 'a.txt': content } });
  };
  const synthesise = (make: (stack: Stack) => BuildSteps) => () => {
    const stack = newStack();
    project({ steps: make(stack) }, stack)();
    return templateOf(stack);
  };

  test('must not be too long', () => {
    expect(synthesise(() => release(26_000))).toThrow(new RegExp(
      "\\[Storefront/Build\\] 'steps' must make a buildspec of at most 25600 characters, got 26\\d{3}; "
      + 'move long commands into a script of the source \\[BGP061\\]'));
    expect(synthesise(() => release(24_500))).not.toThrow();
  });

  test('is measured without what only CloudFormation knows', () => {
    expect(synthesise((stack) => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      return BuildSteps.commands([`echo ${name}`, Lazy.string({ produce: () => 'x'.repeat(25_600) })]);
    })).toThrow(/got 26017; .*\[BGP061\]/);
  });
});

test('a pipeline refuses exposed secrets of its steps before it creates anything', () => {
  const stack = newStack();
  const buildSteps = BuildSteps.image({ buildArgs: { TOKEN: open } });

  const found = problemsOf(() => pipelineIn(stack, { buildSteps, testSteps: BuildSteps.commands([open]) }));

  expect(found.map((line) => line.split(' ')[0])).toEqual(["'buildArgs.TOKEN'", "'commands[0]'"]);
  expect(stack.node.children).toEqual([]);
});
