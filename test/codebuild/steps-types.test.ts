import { aws_codebuild as codebuild, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { BuildCache, BuildReport, BuildSteps, ReleaseStepsProps } from '../../src';
import { brokenRules, MANY_RUNS, refusal, STRANGE } from '../helpers/refusals';
import { buildSpec, commands, ecrImage, image, probe, registry, release, repository, secret, stack, tested, token } from '../helpers/steps';

describe('values of another type', () => {
  const texts = STRANGE.filter((value) => typeof value !== 'string');
  const noLists = STRANGE.filter((value) => !Array.isArray(value));
  const noObjects = STRANGE.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value));
  const noBooleans = STRANGE.filter((value) => typeof value !== 'boolean');
  const list = Lazy.list({ produce: () => ['later'] });

  type Strange = [string, (value: unknown) => () => unknown, unknown[]];
  const ofImage = (values: unknown[], ...props: string[]) => props.map((prop): Strange => [prop, (value) => image({ [prop]: value }), values]);

  test.each<Strange>([
    ...ofImage(texts, 'dockerfile', 'context', 'target', 'buildkitImage'),
    ...ofImage(noLists, 'preBuildCommands', 'postBuildCommands', 'reports'),
    ...ofImage(noObjects, 'buildArgs', 'buildSecrets', 'releaseFiles'),
    ...ofImage(STRANGE, 'repository', 'registryCredentials', 'cache'),
    ['a build argument', (value) => image({ buildArgs: { A: value } }), [...texts, undefined]],
    ['a build secret', (value) => image({ buildSecrets: { a: value } }), [...STRANGE, repository, undefined]],
    ['a release file', (value) => image({ releaseFiles: { a: value } }), [...texts, undefined]],
    ['registryCredentials of another kind', (value) => image({ registryCredentials: value }), [repository, stack]],
    ['a repository of another kind', (value) => image({ repository: value }), [secret, stack, { repositoryUri: 'x', repositoryUriForTag: () => 'x' }]],
    ['a cache of another kind', (value) => image({ cache: value }), [BuildSteps.image(), BuildCache]],
    ['the repository of a trial', (value) => probe({ repository: value }), STRANGE],
    ['port', (value) => probe({ port: value }), STRANGE.filter((value) => typeof value !== 'number')],
    ['path', (value) => probe({ path: value }), texts.filter((value) => value !== null)],
    ['environment', (value) => probe({ environment: value }), noObjects],
    ['a variable of the container', (value) => probe({ environment: { A: value } }), [...texts, undefined]],
    ['command', (value) => probe({ command: value }), noLists],
    ['a word of the command', (value) => probe({ command: [value] }), [...texts, undefined]],
    ['startupTime', (value) => probe({ startupTime: value }), STRANGE],
    ['commands', (value) => commands(value), noLists.filter((value) => value !== null)],
    ['the repository of commands', (value) => tested({ repository: value }), STRANGE],
    ['docker', (value) => tested({ docker: value }), noBooleans],
    ['cachePaths', (value) => tested({ cachePaths: value }), noLists],
    ['the reports of commands', (value) => tested({ reports: value }), noLists],
    ['a report', (value) => tested({ reports: [value] }), [...STRANGE.filter((one) => one !== null), BuildCache.s3()]],
    ['a buildspec', (value) => buildSpec(value), STRANGE.filter((value) => value !== null)],
    ['the name of a buildspec', (value) => buildSpec(codebuild.BuildSpec.fromSourceFilename(value as string)), texts.filter((value) => value !== null)],
    ['docker of a buildspec', (value) => buildSpec(codebuild.BuildSpec.fromSourceFilename('a'), { docker: value }), noBooleans],
    ['cached', (value) => buildSpec(codebuild.BuildSpec.fromSourceFilename('a'), { cached: value }), noBooleans],
    ['the files of a release', (value) => release(value), noObjects.filter((value) => value !== null)],
    ['the repository of a cache', (value) => registry({ repository: value }), STRANGE],
    ['the tag of a cache', (value) => registry({ tag: value }), texts.filter((value) => value !== null)],
    ['the files of a report', (value) => () => BuildReport.junit(value as string[]), noLists.filter((value) => value !== null)],
    ['the repository of a build image', (value) => ecrImage('1', value), STRANGE.filter((value) => value !== null)],
    ['tagOrDigest', (value) => ecrImage(value), texts.filter((value) => value !== null)],
    ['cpuArchitecture', (value) => ecrImage('1', repository, { cpuArchitecture: value }), STRANGE],
    ['the props of an image', (value) => image(value as object), noObjects],
    ['the props of a trial', (value) => probe(value as object), noObjects],
    ['the props of commands', (value) => tested(value as object), noObjects],
    ['the props of a buildspec', (value) => buildSpec(codebuild.BuildSpec.fromSourceFilename('a'), value as object), noObjects],
    ['the props of a release', (value) => () => BuildSteps.release(value as ReleaseStepsProps), noObjects],
    ['the props of a cache', (value) => registry(value as object), noObjects],
    ['the options of a build image', (value) => ecrImage('1', repository, value as object), noObjects],
  ])('are refused as %s', (_, make, values) => {
    for (const value of values) {
      expect([value, brokenRules(make(value))]).toEqual([value, [value === null && texts.includes(value) ? expect.stringMatching(/^BGP00[12]$/) : 'BGP002']]);
    }
  });

  test.each<[string, () => unknown, string]>([
    ['commands', commands(undefined), "BuildSteps.commands: 'commands' is required; for example [\"npm ci\", \"npm test\"] [BGP001]"],
    ['a buildspec', buildSpec(undefined), "BuildSteps.buildSpec: 'spec' is required; for example codebuild.BuildSpec.fromSourceFilename(\"ci/buildspec.yml\") [BGP001]"],
    ['release files', release(undefined), "BuildSteps.release: 'releaseFiles' is required; for example deployment.releaseFiles [BGP001]"],
    ['all of a release', () => BuildSteps.release(undefined as unknown as ReleaseStepsProps), "BuildSteps.release: 'releaseFiles' is required; for example deployment.releaseFiles [BGP001]"],
    ['the files of a report', () => BuildReport.junit(undefined as unknown as string[]), "BuildReport.junit: 'files' is required; for example [\"reports/**/*.xml\"] [BGP001]"],
    ['a report in the list', tested({ reports: [undefined] }), "BuildSteps.commands: 'reports[0]' is required; for example BuildReport.junit([\"reports/junit.xml\"]) [BGP001]"],
    ['the repository of a build image', ecrImage('1', null),
      "BuildImage.fromEcrRepository: 'repository' is required; for example ecr.Repository.fromRepositoryName(this, 'Tools', 'tools') [BGP001]"],
    ['the tag of a build image', ecrImage(undefined), "BuildImage.fromEcrRepository: 'tagOrDigest' is required; for example \"2026-11\" [BGP001]"],
  ])('are asked for when they are missing: %s', (_, make, message) => {
    expect(refusal(make)).toBe(message);
  });

  test.each<[string, () => unknown, string]>([
    ['a cache', image({ cache: BuildSteps.image() }), "BuildSteps.image: 'cache' must be a BuildCache, got a BuildSteps; for example BuildCache.registry() [BGP002]"],
    ['a repository', image({ repository: 'images' }), "BuildSteps.image: 'repository' must be an ecr.IRepository, got \"images\"; for example new ecr.Repository(this, 'Images') [BGP002]"],
    ['a word', probe({ command: ['node', 7] }), "BuildSteps.probe: 'command[1]' must be a text, got 7; for example \"node\" [BGP002]"],
    ['a path of the cache', tested({ cachePaths: ['a', ''] }), "BuildSteps.commands: 'cachePaths[1]' must be a non-empty text, got \"\"; for example \"/root/.npm/**/*\" [BGP004]"],
    ['a command', commands(['ls', ' ']), "BuildSteps.commands: 'commands[1]' must be a non-empty text, got \" \"; for example \"npm test\" [BGP004]"],
    ['a file', () => BuildReport.clover(['']), "BuildReport.clover: 'files[0]' must be a non-empty text, got \"\"; for example \"reports/**/*.xml\" [BGP004]"],
    ['a buildspec', buildSpec({ version: '0.2' }),
      "BuildSteps.buildSpec: 'spec' must be a codebuild.BuildSpec, got {\"version\":\"0.2\"}; for example codebuild.BuildSpec.fromSourceFilename(\"ci/buildspec.yml\") [BGP002]"],
  ])('are named in words: %s', (_, make, message) => {
    expect(refusal(make)).toBe(message);
  });

  test('are not shown where they may be secrets', () => {
    for (const make of [
      image({ buildArgs: { A: ['hunter2'] } }), image({ buildSecrets: { a: 'hunter2' } }), image({ registryCredentials: 'hunter2' }), image({ releaseFiles: { a: { p: 'hunter2' } } }),
      probe({ environment: { A: ['hunter2'] } }),
    ]) {
      expect(refusal(make)).toMatch(/ got a(n object| list| text); /);
      expect(refusal(make)).not.toContain('hunter2');
    }
    expect(refusal(image({ buildSecrets: { a: 'hunter2' } }))).toBe(
      "BuildSteps.image: 'buildSecrets.a' must be a secretsmanager.ISecret, got a text; for example secretsmanager.Secret.fromSecretNameV2(this, 'Npm', 'npm') [BGP002]");
    expect(refusal(image({ buildArgs: { A: 7 } }))).toBe("BuildSteps.image: 'buildArgs.A' must be a text, got a number; for example \"22\" [BGP002]");
    expect(refusal(probe({ environment: { A: null } }))).toBe("BuildSteps.probe: 'environment.A' must be a text, got null; for example \"debug\" [BGP002]");
    expect(refusal(release({ a: true }))).toBe("BuildSteps.release: 'releaseFiles.a' must be a text, got true; for example \"{}\" [BGP002]");
  });

  test('are refused when they are lists that only CloudFormation knows', () => {
    const report = () => BuildReport.junit(list);

    for (const make of [commands(list), tested({ cachePaths: list }), probe({ command: list }), image({ preBuildCommands: list }), report]) {
      expect(brokenRules(make)).toEqual(['BGP003']);
    }
  });

  test('are refused as names that only CloudFormation knows', () => {
    expect(refusal(image({ buildArgs: { [token]: '' } }))).toBe(
      "BuildSteps.image: 'buildArgs' must be by names of letters, digits and underscores that do not begin with a digit, got a token; write the name out, for example \"NODE_VERSION\" [BGP003]");
    for (const make of [image({ buildSecrets: { [token]: secret } }), release({ [token]: '' }), probe({ environment: { [token]: '' } })]) {
      expect(brokenRules(make)).toEqual(['BGP003']);
    }
  });

  test('never make the check itself fail', () => {
    const anything = fc.oneof(fc.constant(undefined), fc.anything());
    const struct = (...props: string[]) => fc.record(Object.fromEntries(props.map((prop) => [prop, anything])));
    fc.assert(fc.property(struct('repository', 'dockerfile', 'context', 'target', 'buildArgs', 'buildSecrets', 'preBuildCommands', 'postBuildCommands', 'reports', 'cache',
      'releaseFiles', 'registryCredentials', 'buildkitImage'), (props) => brokenRules(image(props)).length >= 0), { numRuns: MANY_RUNS });
    fc.assert(fc.property(struct('repository', 'port', 'path', 'environment', 'command', 'startupTime'), (props) => brokenRules(probe(props)).length >= 0), { numRuns: MANY_RUNS });
    fc.assert(fc.property(anything, struct('repository', 'docker', 'cachePaths', 'reports'), (list_, props) => brokenRules(commands(list_, props)).length >= 0), { numRuns: MANY_RUNS });
    fc.assert(fc.property(fc.anything(), (value) =>
      [
        image(value as object), probe(value as object), tested(value as object), release(value), buildSpec(value, value as object),
        registry(value as object), ecrImage(value, value, value as object), () => BuildReport.junit(value as string[]),
      ].every((make) => brokenRules(make).length >= 0)), { numRuns: MANY_RUNS });
  });
});
