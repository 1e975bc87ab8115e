import { aws_ecr as ecr, CfnParameter, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { refusal } from '../helpers/refusals';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

const steps = BuildSteps.commands(['npm test']);
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps };
const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
const text = Lazy.string({ produce: () => 'later' });
const project = (props: object, stack: Stack = newStack()) => () => new CachedBuildProject(stack, 'Build', { ...minimal, ...props });

describe('an image that is another one tomorrow', () => {
  const warned = (props: object) => {
    const stack = newStack();
    project(props, stack)();
    return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data).replace(/annotation::/i, ''));
  };
  const buildkit = (buildkitImage?: string) => ({ steps: BuildSteps.image({ repository, buildkitImage }) });

  test('is warned of, in words and by an id', () => {
    expect(warned({ buildImage: BuildImage.fromEcrRepository(repository, 'latest') })).toEqual([
      "'buildImage' should not be \"latest\", which is another image from one day to the next, got \"latest\"; name a version or a digest [BGP075] "
      + '[ack: @org/bluegreen-pipeline:CachedBuildProject.latest]',
    ]);
    expect(warned(buildkit('moby/buildkit'))).toEqual([expect.stringMatching(/^'buildkitImage' should not be "latest", .* got "moby\/buildkit"; name a version or a digest \[BGP075\]/)]);
  });

  test.each(['buildkit', 'moby/buildkit:latest', 'localhost:5000/buildkit', 'localhost:5000/a/b:latest'])('is the BuildKit of %s', (name) => {
    expect(warned(buildkit(name))).toHaveLength(1);
  });

  test.each([undefined, 'moby/buildkit:v0.20', 'localhost:5000/buildkit:1', `moby/buildkit:latest@sha256:${'0'.repeat(64)}`, `buildkit@sha256:${'0'.repeat(64)}`, 'latest:1', 'a/latest:v1', text])(
    'is not the BuildKit of %s', (name) => {
      expect(warned(buildkit(name))).toEqual([]);
    });

  test.each(['latest-1', 'Latest', `sha256:${'0'.repeat(64)}`, text])('is not the build image %s', (tag) => {
    expect(warned({ buildImage: BuildImage.fromEcrRepository(repository, tag) })).toEqual([]);
  });
});

describe('a buildspec that is too long', () => {
  const releaseFiles = (length: number) => ({ 'a.txt': Lazy.string({ produce: () => 'x'.repeat(length) }) });

  test('is found at synthesis when its text is only known then', () => {
    const stack = newStack();
    project({ steps: BuildSteps.release({ releaseFiles: releaseFiles(26_000) }) }, stack)();

    expect(() => templateOf(stack)).toThrow(/\[Storefront\/Build\] 'steps' must make a buildspec of at most 25600 characters, got 26\d{3}; move long commands into a script of the source \[BGP061\]/);
  });

  test('is found beside what only CloudFormation knows, whose length counts nothing', () => {
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'Name').valueAsString;
    project({ steps: BuildSteps.commands([`echo ${parameter}`, Lazy.string({ produce: () => 'x'.repeat(25_600) })]) }, stack)();

    expect(() => templateOf(stack)).toThrow(/got 26017; .*\[BGP061\]/);
  });

  test('is not one of a little less', () => {
    const stack = newStack();
    project({ steps: BuildSteps.release({ releaseFiles: releaseFiles(24_500) }) }, stack)();

    expect(() => templateOf(stack)).not.toThrow();
  });
});

test('a pipeline refuses open secrets of its steps before it makes anything', () => {
  const stack = newStack();
  const open = SecretValue.secretsManager('npm').unsafeUnwrap();

  const buildSteps = BuildSteps.image({ buildArgs: { TOKEN: open } });

  expect(refusal(() => pipelineIn(stack, { buildSteps, testSteps: BuildSteps.commands([open]) }))).toBe([
    'Storefront/P (BlueGreenFargatePipeline) has 2 problems:',
    "  - 'buildArgs.TOKEN' must not hold a secret, which would stand in the project for everybody to read; use buildSecrets, or let the commands read it [BGP049]",
    "  - 'commands[0]' must not hold a secret, which would stand in the project for everybody to read; use buildSecrets, or let the commands read it [BGP049]",
  ].join('\n'));
  expect(stack.node.children).toEqual([]);
});
