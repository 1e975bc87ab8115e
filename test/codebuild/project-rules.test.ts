import {
  aws_codebuild as codebuild, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager, CfnParameter,
  Duration, Lazy, SecretValue, Stack, Token,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import messages from './messages.json';
import {
  BuildCache, BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps, ImageStepsOptions, RegistryLogin,
} from '../../src';
import { testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { violationCodes, problemsOf, refusal } from '../helpers/refusals';
import { repository, token as text } from '../helpers/steps';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) };
const number = Token.asNumber({ Ref: 'Number' });
const { SECRETS_MANAGER, PLAINTEXT } = codebuild.BuildEnvironmentVariableType;
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

const owned = newStack();
const images = new ecr.Repository(owned, 'Images');
const registryCredentials = RegistryLogin.fromSecret(new secretsmanager.Secret(owned, 'Login'));
const brought = {
  cacheBucket: new s3.Bucket(owned, 'Theirs'),
  buildImage: BuildImage.fromEcrRepository(images, '1'),
  steps: BuildSteps.image({ repository: images, registryCredentials }),
};

testMessages(messages, {
  CachedBuildProject: {
    stack: owned,
    make: (props, stack) => new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', ...brought, ...props }),
    named: () => ({
      'an image as steps': { steps: BuildImage.AMAZON_LINUX_2023 },
      'an image of the CDK': { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 },
      'an expiration of a bucket without layers': { ...minimal, cacheExpiration: Duration.days(1) },
      'an expiration of a repository, as a token': {
        ...cached(BuildCache.registry()), cacheExpiration: Duration.days(number), cacheBucket: undefined,
      },
      'a timeout in hours': { timeout: Duration.hours(number) },
      'a timeout in seconds': { timeout: Duration.seconds(number) },
      'a timeout as long as the startup time': { timeout: Duration.minutes(5), steps: probe(Duration.minutes(5)) },
      'a timeout shorter than the startup time': { timeout: Duration.minutes(5), steps: probe(Duration.minutes(20)) },
      'a variable that the steps set': {
        ...variables({ CONTAINER_PORT: { value: '' } }), steps: probe(Duration.minutes(1)),
      },
      'a variable whose name is a token': variables({ [text]: { value: 'x' } }),
      'a variable with a secret': plain(open),
      'a variable with a part of a parameter': plain(`a ${SecretValue.ssmSecure('/acme/token', '1').unsafeUnwrap()}`),
      'a variable with a secret that is still wrapped': plain(SecretValue.secretsManager('npm')),
      'an image without a repository': { steps: BuildSteps.image() },
      'a probe without a repository': { steps: BuildSteps.probe({ port: 1, path: '/' }) },
      'a probe without a port': { steps: BuildSteps.probe({ repository, path: '/' }) },
      'a probe without a path': { steps: BuildSteps.probe({ repository, port: 1 }) },
      'a secret as build argument': image({ buildArgs: { VERSION: '1', TOKEN: `a ${open}` } }),
      'a secret in a pre-build command': image({ preBuildCommands: ['ls', `npm login ${open}`] }),
      'a secret in a post-build command': image({ postBuildCommands: [open] }),
      'a secret in a command': { steps: BuildSteps.commands(['echo {{resolve:ssm-secure:/acme/token:1}}']) },
      'a secret in a variable of the container': {
        steps: BuildSteps.probe({ ...probed, environment: { TOKEN: open } }),
      },
      'a secret in the command of the container': { steps: BuildSteps.probe({ ...probed, command: ['x', open] }) },
    }),
  },
});

test.each<[string, object[]]>([
  ['durations that are known only at deployment', [
    { timeout: Duration.minutes(number) },
    { queuedTimeout: Duration.minutes(number) },
    { cacheExpiration: Duration.days(number) },
    { logRetention: number },
  ]],
  ['a long suffix', [{ environmentSuffix: 'a'.repeat(22) }, { environmentSuffix: 'a'.repeat(11), purpose: 'a'.repeat(16) }]],
  ['an expiration of its own cache', [cached(BuildCache.registry()), cached(BuildCache.none()), cached(BuildCache.s3())]],
  ['an expiration of layers in a store of the user', [
    cached(BuildCache.registry({ repository })),
    { ...brought, cacheExpiration: Duration.days(1) },
    { ...brought, cacheExpiration: Duration.days(number) },
  ]],
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
  ['a plaintext type', [kept(PLAINTEXT, 'x')]],
  ['commands about secrets', [{
    steps: BuildSteps.commands(['echo {{resolve:ssm:/acme/name:1}}', 'aws secretsmanager get-secret-value', text]),
  }]],
])('a project accepts %s', (_, valid) => {
  expect(valid.map((props) => refusal(project(props)))).toEqual(valid.map(() => undefined));
});

test('no value makes a project check throw an unexpected error, and a rejected project leaves nothing behind', () => {
  const anything = fc.oneof(fc.constant(undefined), fc.anything());
  const props = fc.record(Object.fromEntries([
    'environmentSuffix', 'steps', 'purpose', 'buildImage', 'cacheBucket', 'cacheExpiration', 'timeout', 'queuedTimeout',
    'logRetention', 'environmentVariables',
  ].map((prop) => [prop, anything])));
  const stack = newStack();
  fc.assert(fc.property(fc.oneof(props, fc.anything()), (given) => {
    expect(violationCodes(() => new CachedBuildProject(stack, 'Build', given as never))).not.toEqual([]);
    expect(stack.node.children).toEqual([]);
  }), { numRuns: 200 });
});

testStruct({
  what: 'CachedBuildProject',
  key: 'build_image',
  closest: 'buildImage',
  claims: 'project-build-dev',
  make: (stack, extra, id) => new CachedBuildProject(stack, id, { ...minimal, ...extra }),
});

function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data).replace(/annotation::/i, ''));
}

test('all violations of a project are reported together, with those of its scope and id', () => {
  const stack = newStack();
  project({}, stack)();

  const found = problemsOf(project({ timeout: 7, steps: BuildSteps.probe({ port: 1, path: '/' }) }, stack));

  expect(found.map((line) => line.slice(line.indexOf('[BGP')))).toEqual(['[BGP014]', '[BGP002]', '[BGP045]', '[BGP008]']);
  expect(found[3]).toBe("'environmentSuffix' must produce unique names within an account and region, got \"dev\"; "
    + '"project-build-dev" already belongs to Storefront/Build; use a different \'purpose\' for the second construct [BGP008]');
});

test('tokens that a project accepts reach the template', () => {
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

  test.each(Object.entries(steps))('a variable that the steps set is rejected for %s, whatever its name in the template', (_, own) => {
    const stack = newStack();
    project({ steps: own }, stack)();
    const [found] = Object.values(Template.fromStack(stack).findResources('AWS::CodeBuild::Project'));
    const { Source, Environment } = found.Properties;
    const inSpec = [...JSON.stringify(Source.BuildSpec).matchAll(/\\"([A-Z_]+)\\": \\"/g)].map(([, name]) => name);
    const inProject = (Environment.EnvironmentVariables ?? []).map(({ Name }: { Name: string }) => Name);
    const names: string[] = [...inSpec, ...inProject];

    expect(names.length).toBeGreaterThan(0);
    expect(names.map((name) => violationCodes(project({ steps: own, ...variables({ [name]: { value: 'x' } }) }))))
      .toEqual(names.map(() => ['BGP054']));
    expect(violationCodes(project({ steps: own, ...variables({ MINE: { value: 'x' } }) }))).toEqual([]);
  });

  test.each([
    minimal.steps, BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('a')),
  ])("variables that only image builds set are accepted with the user's buildspec and with commands without an image", (own) => {
    const environmentVariables = { IMAGE_REPOSITORY: { value: 'x' }, IMAGE_URI: { value: 'x' } };

    expect(violationCodes(project({ steps: own, environmentVariables }))).toEqual([]);
  });
});

describe('an image with a mutable tag', () => {
  const warned = (props: object) => {
    const stack = newStack();
    project(props, stack)();
    return warnings(stack);
  };
  const buildkit = (buildkitImage: string) => image({ buildkitImage });
  const tagged = (tag: string) => ({ buildImage: BuildImage.fromEcrRepository(repository, tag) });
  const digest = `sha256:${'0'.repeat(64)}`;

  test.each<[object, string, string]>([
    [tagged('latest'), 'buildImage', 'latest'],
    ...['buildkit', 'moby/buildkit', 'moby/buildkit:latest', 'localhost:5000/buildkit', 'localhost:5000/a/b:latest']
      .map((name): [object, string, string] => [buildkit(name), 'buildkitImage', name]),
  ])('synthesis warns about an image with a mutable tag', (props, prop, name) => {
    const [warning, ...others] = warned(props);
    expect(others).toEqual([]);
    expect(warning).toContain(`'${prop}' should not use the mutable tag "latest": builds can use a different image from one day to the next, `
      + `got "${name}"; pin a version or a digest [BGP075] `);
    expect(warning).toContain('[ack: @org/bluegreen-pipeline:CachedBuildProject.latest]');
  });

  test('synthesis warns about a mutable tag on the default BuildKit image, which a third party hosts', () => {
    expect(warned(image({}))).toEqual([
      "'buildkitImage' should be an image in your own repository: the default is a copy that a third party hosts and that runs "
      + 'privileged in every build, and every build fails once the copy is deleted; copy the image and pass its digest, use BuildCache.none(), or acknowledge the warning [BGP176] '
      + 'https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#bgp176 [ack: @org/bluegreen-pipeline:CachedBuildProject.defaultBuildkitImage]',
    ]);
    expect(warned(image({ cache: BuildCache.none() }))).toEqual([]);
    expect(warned({})).toEqual([]);
  });

  test.each([
    ...['moby/buildkit:v0.20', 'localhost:5000/buildkit:1', `moby/buildkit:latest@${digest}`, `buildkit@${digest}`,
      'latest:1', 'a/latest:v1', text].map(buildkit),
    ...['latest-1', 'Latest', digest, text].map(tagged),
  ])('synthesis does not warn about an image with a version or a digest', (props) => {
    expect(warned(props)).toEqual([]);
  });
});

describe('a buildspec whose length is known only at synthesis', () => {
  const commands = (length: number) => {
    const command = Lazy.string({ produce: () => 'x'.repeat(length) });
    return BuildSteps.commands([command]);
  };
  const synthesise = (make: (stack: Stack) => BuildSteps) => () => {
    const stack = newStack();
    project({ steps: make(stack) }, stack)();
    return templateOf(stack);
  };

  test('a rendered buildspec must not be too long', () => {
    expect(synthesise(() => commands(26_000))).toThrow(new RegExp(
      "\\[Storefront/Build\\] 'steps' must render to a buildspec of at most 25,600 characters, got 26\\d{3}; "
      + 'move long commands to a script in the source \\[BGP061\\]'));
    expect(synthesise(() => commands(24_500))).not.toThrow();
  });

  test('a rendered buildspec is measured with the shortest values for what is known only at deployment', () => {
    expect(synthesise((stack) => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      return BuildSteps.commands([`echo ${name}`, Lazy.string({ produce: () => 'x'.repeat(25_600) })]);
    })).toThrow(/got 26028; .*\[BGP061\]/);
  });
});

test('a pipeline rejects exposed secrets of its steps before it creates anything', () => {
  const stack = newStack();
  const buildSteps = BuildSteps.image({ buildArgs: { TOKEN: open } });

  const found = problemsOf(() => pipelineIn(stack, { buildSteps, testSteps: BuildSteps.commands([open]) }));

  expect(found.map((line) => line.split(' ')[0])).toEqual(["'buildArgs.TOKEN'", "'commands[0]'"]);
  expect(stack.node.children).toEqual([]);
});
