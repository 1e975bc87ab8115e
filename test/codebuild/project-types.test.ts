import {
  aws_codebuild as codebuild, aws_ecr as ecr, aws_secretsmanager as secretsmanager,
  Lazy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { BuildCache, BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { brokenRules, refusal, STRANGE } from '../helpers/refusals';
import { newStack, resources, templateOf } from '../helpers/synthesis';

const steps = BuildSteps.commands(['npm test']);
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps };
const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
const text = Lazy.string({ produce: () => 'later' });
const project = (props: object, stack: Stack = newStack()) => () => new CachedBuildProject(stack, 'Build', { ...minimal, ...props });
const variables = (environmentVariables: object) => project({ environmentVariables });
const { SECRETS_MANAGER, PLAINTEXT } = codebuild.BuildEnvironmentVariableType;

describe('values of another type', () => {
  const noObjects = STRANGE.filter((value) => typeof value !== 'object' || value === null || Array.isArray(value));

  test.each<[string, unknown[]]>([
    ['environmentSuffix', STRANGE.filter((value) => typeof value !== 'string' && value !== null)],
    ['steps', [...STRANGE.filter((value) => value !== null), BuildImage.AMAZON_LINUX_2023, BuildCache.s3(), { ...steps }]],
    ['purpose', STRANGE.filter((value) => typeof value !== 'string' && value !== null)],
    ['buildImage', [...STRANGE, steps, codebuild.LinuxBuildImage.STANDARD_7_0]],
    ['cacheBucket', [...STRANGE, repository, 'acme-cache']],
    ['cacheExpiration', STRANGE],
    ['timeout', STRANGE],
    ['queuedTimeout', STRANGE],
    ['logRetention', STRANGE.filter((value) => typeof value !== 'number')],
    ['environmentVariables', noObjects],
  ])('are refused as %s, and leave nothing behind', (prop, values) => {
    const stack = newStack();
    for (const value of values) {
      expect([value, brokenRules(project({ [prop]: value }, stack))]).toEqual([value, ['BGP002']]);
    }
    expect(stack.node.children).toEqual([]);
  });

  test('are refused as props, as scope and as id', () => {
    for (const value of noObjects) {
      expect(brokenRules(() => new CachedBuildProject(newStack(), 'Build', value as CachedBuildProjectProps))).toEqual(['BGP002']);
    }
    for (const value of STRANGE) {
      expect(brokenRules(() => new CachedBuildProject(value as Construct, 'Build', minimal))).toEqual(['BGP013']);
      expect(brokenRules(() => new CachedBuildProject(newStack(), value as string, minimal)).length).toBe(value === 'x' ? 0 : 1);
    }
    expect(refusal(() => new CachedBuildProject(newStack(), 'Build', undefined as unknown as CachedBuildProjectProps))).toBe([
      'Storefront/Build (CachedBuildProject) has 2 problems:',
      '  - \'environmentSuffix\' is required; for example "dev" [BGP001]',
      "  - 'steps' is required; for example BuildSteps.commands(['npm ci', 'npm test']) [BGP001]",
    ].join('\n'));
  });

  test('are named in words', () => {
    expect(refusal(project({ steps: BuildImage.AMAZON_LINUX_2023 }))).toBe(
      "Storefront/Build (CachedBuildProject): 'steps' must be a BuildSteps, got a BuildImage; for example BuildSteps.commands(['npm ci', 'npm test']) [BGP002]");
    expect(refusal(project({ buildImage: 'x' }))).toBe(
      "Storefront/Build (CachedBuildProject): 'buildImage' must be a BuildImage, got \"x\"; for example BuildImage.AMAZON_LINUX_2023 [BGP002]");
    expect(refusal(project({ cacheBucket: 'x' }))).toBe(
      "Storefront/Build (CachedBuildProject): 'cacheBucket' must be an s3.IBucket, got \"x\"; for example s3.Bucket.fromBucketName(this, 'Cache', 'acme-cache') [BGP002]");
    expect(refusal(project({ logRetention: '7' }))).toBe(
      "Storefront/Build (CachedBuildProject): 'logRetention' must be a logs.RetentionDays, got \"7\"; for example RetentionDays.ONE_MONTH [BGP002]");
  });

  test('are refused as variables, and are not shown', () => {
    for (const value of [...noObjects, undefined, text]) {
      expect([value, brokenRules(variables({ A: value }))]).toEqual([value, ['BGP002']]);
    }
    for (const value of STRANGE.filter((one) => !['string', 'boolean'].includes(typeof one) && one !== null && !Number.isFinite(one))) {
      expect([value, brokenRules(variables({ A: { value } }))]).toEqual([value, ['BGP002']]);
    }
    expect(refusal(variables({ A: 'hunter2', B: ['hunter2'], C: { value: ['hunter2'] }, D: { type: SECRETS_MANAGER, value: 'hunter2 ' } }))).toBe([
      'Storefront/Build (CachedBuildProject) has 4 problems:',
      "  - 'environmentVariables.A' must be a codebuild.BuildEnvironmentVariable, got a text; for example { value: \"test\" } [BGP002]",
      "  - 'environmentVariables.B' must be a codebuild.BuildEnvironmentVariable, got a list; for example { value: \"test\" } [BGP002]",
      "  - 'environmentVariables.C.value' must be a text, a number or a boolean, got a list; for example \"test\" [BGP002]",
      "  - 'environmentVariables.D.value' must be the name or the ARN of a secret, got a text; for example \"npm:token\" [BGP056]",
    ].join('\n'));
    for (const value of [null, undefined]) {
      expect(refusal(variables({ A: { value } }))).toBe("Storefront/Build (CachedBuildProject): 'environmentVariables.A.value' is required; for example \"test\" [BGP001]");
    }
    expect(refusal(variables({ A: { value: 'x', type: 'SECRET' } }))).toBe(
      "Storefront/Build (CachedBuildProject): 'environmentVariables.A.type' must be a codebuild.BuildEnvironmentVariableType, got \"SECRET\"; "
      + 'for example BuildEnvironmentVariableType.SECRETS_MANAGER [BGP002]');
    expect(brokenRules(variables({ A: { value: 'x', type: null } }))).toEqual(['BGP002']);
    expect(brokenRules(variables({ A: { value: 'x', type: PLAINTEXT } }))).toEqual([]);
    expect(brokenRules(variables({ [text]: { value: 'x' } }))).toEqual(['BGP003']);
  });

  test('never make the check itself fail, nor leave anything behind', () => {
    const anything = fc.oneof(fc.constant(undefined), fc.anything());
    const props = fc.record({
      environmentSuffix: anything,
      steps: anything,
      purpose: anything,
      buildImage: anything,
      cacheBucket: anything,
      cacheExpiration: anything,
      timeout: anything,
      queuedTimeout: anything,
      logRetention: anything,
      environmentVariables: anything,
    });
    const stack = newStack();
    fc.assert(fc.property(fc.oneof(props, fc.anything()), (given) =>
      brokenRules(() => new CachedBuildProject(stack, 'Build', given as unknown as CachedBuildProjectProps)).length > 0 && stack.node.children.length === 0), { numRuns: 500 });
  });
});

describe('variables that the steps set themselves', () => {
  const all: [string, BuildSteps][] = [
    ['image', BuildSteps.image({
      repository,
      target: 'a',
      cache: BuildCache.registry(),
      buildArgs: { VERSION: '1' },
      buildSecrets: { npm: secretsmanager.Secret.fromSecretNameV2(newStack(), 'Npm', 'npm') },
      registryCredentials: secretsmanager.Secret.fromSecretNameV2(newStack(), 'Login', 'login'),
    })],
    ['probe', BuildSteps.probe({ repository, port: 1, path: '/', environment: { A: '' }, command: ['x'] })],
    ['commands', BuildSteps.commands(['true'], { repository })],
  ];

  test.each(all)('are those of the template, for %s', (_, own) => {
    const stack = newStack();
    new CachedBuildProject(stack, 'Build', { ...minimal, steps: own });
    const [{ Properties: { Source, Environment } }] = Object.values(resources(templateOf(stack), 'AWS::CodeBuild::Project'));
    const spec = JSON.stringify(Source.BuildSpec);
    const names = [...spec.matchAll(/\\"([A-Z_]+)\\": \\"/g)].map(([, name]) => name).concat(((Environment.EnvironmentVariables ?? []) as { Name: string }[]).map(({ Name }) => Name));

    expect(names.length).toBeGreaterThan(0);
    expect(names.map((name) => brokenRules(project({ steps: own, environmentVariables: { [name]: { value: 'x' } } })))).toEqual(names.map(() => ['BGP054']));
    expect(brokenRules(project({ steps: own, environmentVariables: { MINE: { value: 'x' } } }))).toEqual([]);
  });

  test('are named in words', () => {
    expect(refusal(project({ steps: all[0][1], environmentVariables: { DOCKERFILE: { value: 'x' } } }))).toBe(
      "Storefront/Build (CachedBuildProject): 'environmentVariables' must not set what the steps set themselves, got \"DOCKERFILE\"; rename it, or give the value to the steps [BGP054]");
  });

  test('are none for a buildspec of the user outside of a pipeline, and for commands without an image', () => {
    const environmentVariables = { IMAGE_REPOSITORY: { value: 'x' }, IMAGE_URI: { value: 'x' } };

    expect(brokenRules(project({ environmentVariables }))).toEqual([]);
    expect(brokenRules(project({ environmentVariables, steps: BuildSteps.buildSpec(codebuild.BuildSpec.fromSourceFilename('a')) }))).toEqual([]);
    expect(brokenRules(project({ environmentVariables, steps: BuildSteps.release({ releaseFiles: {} }) }))).toEqual([]);
  });
});
