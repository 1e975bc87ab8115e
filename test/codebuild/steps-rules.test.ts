import { aws_codebuild as codebuild, aws_ecs as ecs, Duration, Lazy, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { steps } from './messages.json';
import { BuildCache, BuildReport, BuildSteps, RegistryLogin, ReleaseStepsOptions } from '../../src';
import { brokenRules, refusal, STRANGE } from '../helpers/refusals';
import {
  buildSpec, commands, ecrImage, image, login, probe, registry, release, releaseWith, repository, secret, stack, tested,
  token,
} from '../helpers/steps';
import { testUnknownKeys } from '../helpers/unknown-keys';

// Strings, and lists and maps of them, stand in test/consumers/values.json.

const messages: { readonly [name: string]: string } = steps;
const { fromObject, fromObjectToYaml, fromSourceFilename } = codebuild.BuildSpec;
const { clover, cobertura, cucumber, jacoco, junit } = BuildReport;
const digest = `sha256:${'0'.repeat(64)}`;

/** Wrong inputs by the factory, the option and the code; messages.json has the message of each. */
const WRONG: { readonly [name: string]: () => unknown } = {
  'BuildSteps.image dockerfile BGP030': image({ dockerfile: '/etc/Dockerfile' }),
  'BuildSteps.image context BGP030': image({ context: 'a/../../b' }),
  'BuildSteps.image target BGP039': image({ target: 'run time' }),
  'BuildSteps.image buildArgs BGP031': image({ buildArgs: { 'A-B': '' } }),
  'BuildSteps.image buildArgs BGP003': image({ buildArgs: { [token]: '' } }),
  'BuildSteps.image buildSecrets BGP032': image({ buildSecrets: { 'a b': secret } }),
  'BuildSteps.release releaseFiles BGP033': release({ '../x': '' }),
  'BuildSteps.image releaseFiles BGP034': image({ releaseFiles: { 'imageDetail.json': '{}' } }),
  'BuildSteps.image preBuildCommands BGP035': image({ preBuildCommands: [] }),
  'BuildSteps.image postBuildCommands BGP035': image({ postBuildCommands: [] }),
  'BuildSteps.commands commands BGP035': commands([]),
  'BuildSteps.commands reports BGP036': tested({ reports: [junit(['a']), clover(['c']), cucumber(['b'])] }),
  'BuildSteps.image reports BGP036': image({ reports: [cobertura(['a']), jacoco(['b'])] }),
  'BuildReport.cobertura files BGP037': () => cobertura([]),
  'BuildSteps.probe startupTime BGP038': probe({ startupTime: Duration.seconds(4) }),
  'BuildSteps.probe port BGP017': probe({ port: 0 }),
  'BuildSteps.probe path BGP018': probe({ path: 'healthz' }),
  'BuildSteps.probe environment BGP065': probe({ environment: { 'A=B': '' } }),
  'BuildSteps.commands docker BGP050': tested({ repository, docker: false }),
  'BuildSteps.image buildkitImage BGP060': image({ buildkitImage: 'docker://moby/buildkit' }),
  'BuildSteps.buildSpec spec BGP064': buildSpec(codebuild.BuildSpec.fromAsset(__filename)),
  'BuildCache.registry tag BGP046': registry({ tag: '-layers' }),
  'BuildImage.fromEcrRepository tagOrDigest BGP047': ecrImage('with space'),
  'BuildImage.fromEcrRepository cpuArchitecture BGP012': ecrImage('1', repository, {
    cpuArchitecture: ecs.CpuArchitecture.of('RISCV'),
  }),
  'RegistryLogin.fromSecret registry BGP084': login(secret, { registry: 'https://ghcr.io' }),
  'BuildSteps.commands commands BGP001': commands(undefined),
  'BuildSteps.buildSpec spec BGP001': buildSpec(undefined),
  'BuildSteps.release releaseFiles BGP001': releaseWith(undefined),
  'BuildReport.junit files BGP001': () => junit(undefined as unknown as string[]),
  'BuildSteps.commands reports[0] BGP001': tested({ reports: [undefined] }),
  'BuildImage.fromEcrRepository repository BGP001': ecrImage('1', null),
  'BuildImage.fromEcrRepository tagOrDigest BGP001': ecrImage(undefined),
  'RegistryLogin.fromSecret secret BGP001': login(undefined),
  'BuildSteps.image cache BGP002': image({ cache: BuildSteps.image() }),
  'BuildSteps.image repository BGP002': image({ repository: 'images' }),
  'BuildSteps.image buildSecrets.a BGP002': image({ buildSecrets: { a: 'hunter2' } }),
  'BuildSteps.image registryCredentials BGP002': image({ registryCredentials: 'hunter2' }),
  'BuildSteps.image buildArgs.A BGP002': image({ buildArgs: { A: 7 } }),
  'BuildSteps.probe command[1] BGP002': probe({ command: ['node', 7] }),
  'BuildSteps.probe environment.A BGP002': probe({ environment: { A: null } }),
  'BuildSteps.release releaseFiles.a BGP002': release({ a: true }),
  'BuildSteps.commands docker BGP002': tested({ docker: 'yes' }),
  'BuildSteps.commands cachePaths[1] BGP004': tested({ cachePaths: ['a', ''] }),
  'BuildSteps.commands commands[1] BGP004': commands(['ls', ' ']),
  'BuildReport.clover files[0] BGP004': () => clover(['']),
  'BuildSteps.buildSpec spec BGP002': buildSpec({ version: '0.2' }),
  'BuildSteps.buildSpec spec BGP004': buildSpec(fromSourceFilename('')),
  'BuildSteps.image options BGP002': image(null as unknown as object),
};

test.each(Object.entries(WRONG))('%s has its message', (name, make) => {
  expect(`${name}: ${refusal(make)}`).toBe(`${name}: ${messages[name]}`);
});

describe('the length of a buildspec', () => {
  const text = (length: number) => 'x'.repeat(length);
  const ofImage = (...lengths: number[]) => image({
    preBuildCommands: [text(lengths[0])], postBuildCommands: [text(lengths[1])], releaseFiles: { a: text(lengths[2]) },
  });

  test.each<[string, () => unknown, () => unknown, number]>([
    ['steps', commands([text(25_598)]), commands([text(25_599)]), 25_601],
    ['steps', ofImage(10_000, 10_000, 5_594), ofImage(10_000, 10_000, 5_595), 25_601],
    ['steps', ofImage(1, 1, 1), ofImage(25_600, 1, 1), 25_608],
    ['steps', ofImage(1, 1, 1), ofImage(1, 25_600, 1), 25_608],
    ['steps', release({ a: '"'.repeat(12_799), b: token }), release({ a: '"'.repeat(12_800), b: token }), 25_602],
    ['spec', buildSpec(fromObjectToYaml({ a: text(25_596) })), buildSpec(fromObjectToYaml({ a: text(25_597) })), 25_601],
  ])('is at most 25600 characters in %s', (prop, fits, exceeds, length) => {
    expect(refusal(fits)).toBeUndefined();
    expect(refusal(exceeds)).toMatch(new RegExp(`: '${prop}' must make a buildspec of at most 25600 characters, `
      + `got ${length}; move long commands into a script of the source \\[BGP061\\]$`));
  });
});

test.each<[string, (() => unknown)[]]>([
  ['reports', [
    [], [junit(['a'])], [junit(['a']), clover(['b'])], [jacoco(['a']), cucumber(['b'])], undefined,
  ].map((reports) => tested({ reports }))],
  ['startup times', [Duration.seconds(Token.asNumber({ Ref: 'Seconds' }))].map((startupTime) => probe({ startupTime }))],
  ['ports', [probe({ port: Token.asNumber({ Ref: 'Port' }) })]],
  ['Docker', [tested({ repository, docker: true }), tested({ repository }), tested({ docker: false })]],
  ['files of a report', [() => cobertura(['a', 'b']), () => cobertura([token])]],
  ['release files', [image({ releaseFiles: { 'imageDetail.txt': '', ['a'.repeat(255)]: token } })]],
  ['buildspecs', [
    fromObject({ version: '0.2' }), fromObjectToYaml({ version: 0.2 }), fromSourceFilename('ci/b.yml'), fromSourceFilename(token),
  ].map((spec) => buildSpec(spec))],
  ['processors', [ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.X86_64, ecs.CpuArchitecture.of('ARM64'), undefined]
    .map((cpuArchitecture) => ecrImage(digest, repository, { cpuArchitecture }))],
])('valid %s are accepted', (_, makes) => {
  expect(makes.map(refusal)).toEqual(makes.map(() => undefined));
});

test('a release file has a name of at most 255 characters', () => {
  expect(brokenRules(release({ ['a'.repeat(256)]: '' }))).toEqual(['BGP033']);
});

describe('a value of another type', () => {
  const noTexts = STRANGE.filter((value) => typeof value !== 'string');
  const noLists = STRANGE.filter((value) => !Array.isArray(value));
  const noObjects = STRANGE.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value));
  const noBooleans = STRANGE.filter((value) => typeof value !== 'boolean');
  const notNull = (values: unknown[]) => values.filter((value) => value !== null);
  const spec = fromSourceFilename('a');

  test.each<[string, (value: unknown) => () => unknown, unknown[]]>([
    ['a build argument', (value) => image({ buildArgs: { A: value } }), [...noTexts, undefined]],
    ['a build secret', (value) => image({ buildSecrets: { a: value } }), [...STRANGE, repository, undefined]],
    ['a release file', (value) => image({ releaseFiles: { a: value } }), [...noTexts, undefined]],
    ['release files', (value) => image({ releaseFiles: value }), noObjects],
    ['reports', (value) => image({ reports: value }), noLists],
    ['a report', (value) => tested({ reports: [value] }), [...notNull(STRANGE), BuildCache.s3()]],
    ['a login', (value) => image({ registryCredentials: value }), [...STRANGE, secret, repository, stack]],
    ['a repository', (value) => image({ repository: value }), [...STRANGE, secret, { repositoryUriForTag: () => 'x' }]],
    ['the repository of a probe', (value) => probe({ repository: value }), STRANGE],
    ['the repository of commands', (value) => tested({ repository: value }), STRANGE],
    ['a cache', (value) => image({ cache: value }), [...STRANGE, BuildSteps.image(), BuildCache]],
    ['a variable of the container', (value) => probe({ environment: { A: value } }), [...noTexts, undefined]],
    ['a word of the command', (value) => probe({ command: [value] }), [...noTexts, undefined]],
    ['a startup time', (value) => probe({ startupTime: value }), STRANGE],
    ['docker', (value) => tested({ docker: value }), noBooleans],
    ['cache paths', (value) => tested({ cachePaths: value }), noLists],
    ['a buildspec', (value) => buildSpec(value), notNull(STRANGE)],
    ['the name of a buildspec', (value) => buildSpec(fromSourceFilename(value as string)), notNull(noTexts)],
    ['docker of a buildspec', (value) => buildSpec(spec, { docker: value }), noBooleans],
    ['cached', (value) => buildSpec(spec, { cached: value }), noBooleans],
    ['the repository of a build image', (value) => ecrImage('1', value), notNull(STRANGE)],
    ['a processor', (value) => ecrImage('1', repository, { cpuArchitecture: value }), STRANGE],
    ['the secret of a login', (value) => login(value), notNull([...STRANGE, repository])],
    ['options of an image', (value) => image(value as object), noObjects],
    ['options of a probe', (value) => probe(value as object), noObjects],
    ['options of commands', (value) => tested(value as object), noObjects],
    ['options of a buildspec', (value) => buildSpec(spec, value as object), noObjects],
    ['options of a release', (value) => releaseWith(value as ReleaseStepsOptions), noObjects],
    ['options of a cache', (value) => registry(value as object), noObjects],
    ['options of a login', (value) => login(secret, value as object), noObjects],
    ['options of a build image', (value) => ecrImage('1', repository, value as object), noObjects],
  ])('is refused as %s', (_, make, values) => {
    expect(values.map((value) => brokenRules(make(value)))).toEqual(values.map(() => ['BGP002']));
  });

  test('is not shown where it may be secret', () => {
    for (const make of [
      image({ buildArgs: { A: ['hunter2'] } }),
      image({ releaseFiles: { a: { p: 'hunter2' } } }),
      probe({ environment: { A: ['hunter2'] } }),
      login('hunter2'),
    ]) {
      expect(refusal(make)).toMatch(/ got a(n object| list| text); /);
      expect(refusal(make)).not.toContain('hunter2');
    }
  });

  test('is refused when it is a list or a name that only CloudFormation knows', () => {
    const later = Lazy.list({ produce: () => ['later'] });
    for (const make of [
      tested({ cachePaths: later }),
      image({ buildSecrets: { [token]: secret } }),
      release({ [token]: '' }),
      probe({ environment: { [token]: '' } }),
    ]) {
      expect(brokenRules(make)).toEqual(['BGP003']);
    }
  });

  test('never makes a check itself fail', () => {
    const props = fc.record(Object.fromEntries([
      'repository', 'dockerfile', 'context', 'target', 'buildArgs', 'buildSecrets', 'preBuildCommands', 'reports', 'cache',
      'releaseFiles', 'registryCredentials', 'buildkitImage', 'port', 'path', 'environment', 'command', 'startupTime',
      'docker', 'cachePaths', 'tag', 'cached', 'registry',
    ].map((prop) => [prop, fc.oneof(fc.constant(undefined), fc.anything())])));
    fc.assert(fc.property(fc.oneof(props, fc.anything()), fc.anything(), (given, value) => {
      const options = given as never;
      return [
        image(options), probe(options), tested(options), release(value), releaseWith(options), buildSpec(value, options),
        registry(options), ecrImage(value, value, options), login(value, options), commands(value, options),
        () => junit(value as string[]),
      ].every((make) => brokenRules(make).length >= 0);
    }), { numRuns: 200 });
  });
});

testUnknownKeys({
  'BuildSteps.image': { make: image, key: 'dockerfile' },
  'BuildSteps.probe': { make: probe, key: 'startupTime' },
  'BuildSteps.commands': { make: tested, key: 'cachePaths' },
  'BuildSteps.buildSpec': { make: (options) => buildSpec(fromSourceFilename('a'), options), key: 'docker' },
  'BuildSteps.release': { make: (options) => releaseWith({ releaseFiles: {}, ...options }), key: 'releaseFiles' },
  'BuildCache.registry': { make: registry, key: 'repository' },
  'BuildImage.fromEcrRepository': { make: (options) => ecrImage('1', repository, options), key: 'cpuArchitecture' },
  'RegistryLogin.fromSecret': { make: (options) => login(secret, options), key: 'registry' },
});

test('a login is for Docker Hub unless it names another registry', () => {
  expect(RegistryLogin.fromSecret(secret)._bind()).toEqual({ secret, registry: 'docker.io' });
  expect(RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' })._bind().registry).toBe('ghcr.io');
});
