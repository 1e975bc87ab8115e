import { aws_codebuild as codebuild, aws_ecs as ecs, Duration, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import messages from './messages.json';
import { BuildReport, BuildSteps, RegistryLogin } from '../../src';
import { testMessages } from '../helpers/messages';
import { violationCodes, refusal } from '../helpers/refusals';
import {
  buildSpec, commands, ecrImage, image, login, probe, registry, release, releaseWith, repository, secret, tested, token,
} from '../helpers/steps';

const { fromAsset, fromObject, fromObjectToYaml, fromSourceFilename } = codebuild.BuildSpec;
const { clover, cobertura, cucumber, jacoco, junit } = BuildReport;
const digest = `sha256:${'0'.repeat(64)}`;

/** The value of a key, even if it is set to `undefined`, or otherwise a valid one. */
const either = (props: object, key: string, good: unknown) => (key in props ? props[key as keyof object] : good);

// Strings, and lists and maps of them, are in test/consumers/values.json.
testMessages(messages, {
  'BuildSteps.image': {
    make: (options) => image(options)(),
    named: () => ({
      'an argument whose name is a token': { buildArgs: { [token]: '' } },
      'a secret whose id is a token': { buildSecrets: { [token]: secret } },
      'two reports of coverage': { reports: [cobertura(['a']), jacoco(['b'])] },
      'steps as a cache': { cache: BuildSteps.image() },
    }),
  },
  'BuildSteps.release': {
    make: (options) => releaseWith(options)(),
    named: () => ({
      'an environment whose name is a token': { releaseSettings: { [token]: '{}' } },
    }),
  },
  'BuildSteps.commands': {
    make: (props) => commands(either(props, 'commands', ['npm test']), props.options)(),
    named: () => ({ 'two reports of tests': { options: { reports: [junit(['a']), clover(['c']), cucumber(['b'])] } } }),
  },
  'BuildSteps.buildSpec': {
    make: (props) => buildSpec(either(props, 'spec', fromSourceFilename('a')), props.options)(),
    named: () => ({
      'an asset': { spec: fromAsset(__filename) },
      'a file without a name': { spec: fromSourceFilename('') },
      'a number as the name of a file': { spec: fromSourceFilename(7 as unknown as string) },
    }),
  },
  'BuildSteps.probe': {
    make: (options) => probe(options)(),
    named: () => ({ 'a variable whose name is a token': { environment: { [token]: '' } } }),
  },
  'BuildReport.junit': { make: junit },
  'BuildReport.cobertura': { make: cobertura },
  'BuildReport.clover': { make: clover },
  'BuildCache.registry': { make: (options) => registry(options)() },
  'BuildImage.fromEcrRepository': {
    make: (props) => ecrImage(
      either(props, 'tagOrDigest', '1'), either(props, 'repository', repository), props.options)(),
    named: () => ({ 'another processor': { options: { cpuArchitecture: ecs.CpuArchitecture.of('RISCV') } } }),
  },
  'RegistryLogin.fromSecret': { make: (props) => login(either(props, 'secret', secret), props.options)() },
});

describe('the length of a buildspec', () => {
  const text = (length: number) => 'x'.repeat(length);
  const ofImage = (...lengths: number[]) => image({
    preBuildCommands: [text(lengths[0])], postBuildCommands: [text(lengths[1])],
  });

  test.each<[string, () => unknown, () => unknown, number]>([
    ['steps', commands([text(25_598)]), commands([text(25_599)]), 25_601],
    ['steps', ofImage(10_000, 15_596), ofImage(10_000, 15_597), 25_601],
    ['steps', ofImage(1, 1), ofImage(25_600, 1), 25_605],
    ['steps', ofImage(1, 1), ofImage(1, 25_600), 25_605],
    ['spec', buildSpec(fromObjectToYaml({ a: text(25_596) })), buildSpec(fromObjectToYaml({ a: text(25_597) })), 25_601],
  ])('a buildspec has at most 25,600 characters in %s', (prop, fits, exceeds, length) => {
    expect(refusal(fits)).toBeUndefined();
    expect(refusal(exceeds)).toMatch(new RegExp(`: '${prop}' must render to a buildspec of at most 25,600 characters, `
      + `got ${length}; move long commands to a script in the source \\[BGP061\\]$`));
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
  ['release settings', [release({ live: token })]],
  ['buildspecs', [
    fromObject({ version: '0.2' }), fromObjectToYaml({ version: 0.2 }), fromSourceFilename('ci/b.yml'), fromSourceFilename(token),
  ].map((spec) => buildSpec(spec))],
  ['processors', [ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.X86_64, ecs.CpuArchitecture.of('ARM64'), undefined]
    .map((cpuArchitecture) => ecrImage(digest, repository, { cpuArchitecture }))],
])('valid %s are accepted', (_, makes) => {
  expect(makes.map(refusal)).toEqual(makes.map(() => undefined));
});

test('no value makes a check of the steps throw an unexpected error', () => {
  const props = fc.record(Object.fromEntries([
    'repository', 'dockerfile', 'context', 'target', 'buildArgs', 'buildSecrets', 'preBuildCommands', 'reports', 'cache',
    'releaseSettings', 'registryCredentials', 'buildkitImage', 'port', 'path', 'environment', 'command', 'startupTime',
    'docker', 'cachePaths', 'tag', 'cached', 'registry',
  ].map((prop) => [prop, fc.oneof(fc.constant(undefined), fc.anything())])));
  fc.assert(fc.property(fc.oneof(props, fc.anything()), fc.anything(), (given, value) => {
    const options = given as never;
    return [
      image(options), probe(options), tested(options), release(value), releaseWith(options), buildSpec(value, options),
      registry(options), ecrImage(value, value, options), login(value, options), commands(value, options),
      () => junit(value as string[]),
    ].every((make) => violationCodes(make).length >= 0);
  }), { numRuns: 200 });
});

test('a login is for Docker Hub unless it names another registry', () => {
  expect(RegistryLogin.fromSecret(secret)._bind()).toEqual({ secret, registry: 'docker.io' });
  expect(RegistryLogin.fromSecret(secret, { registry: 'ghcr.io' })._bind().registry).toBe('ghcr.io');
});
