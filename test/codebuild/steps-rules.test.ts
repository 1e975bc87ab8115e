import { aws_codebuild as codebuild, aws_ecs as ecs, Duration, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { BuildReport } from '../../src';
import { brokenRules, MANY_RUNS, Rule, testRules } from '../helpers/refusals';
import { buildSpec, commands, ecrImage, image, probe, registry, release, repository, secret, tested, token } from '../helpers/steps';

const rules: Rule[] = [
  {
    what: 'dockerfile',
    make: (dockerfile) => image({ dockerfile }),
    good: ['Dockerfile', 'web/Dockerfile', './x', '..x', 'a/..b/c', 'a/b..', '-f', 'ünï code', '~', token, undefined],
    bad: ['/etc/Dockerfile', '/', '..', '../x', 'a/..', 'a/../b', 'a\n/../b', './..'],
    message: 'BuildSteps.image: \'dockerfile\' must be a path within the source, relative to its root, got "/etc/Dockerfile"; for example "Dockerfile" [BGP030]',
  },
  {
    what: 'context',
    make: (context) => image({ context }),
    good: ['.', './', 'web', 'a.b/..c', token, undefined],
    bad: ['a/../../b', '/', '..', '/web'],
    message: 'BuildSteps.image: \'context\' must be a path within the source, relative to its root, got "a/../../b"; for example "." [BGP030]',
  },
  {
    what: 'target',
    make: (target) => image({ target }),
    good: ['runtime', 'Run-Time_2.x', 'a', '0', '12', token, undefined],
    bad: ['run time', '-x', '.x', '_x', '1a', 'a/b', 'a:b', 'é', 'a\n', ' a', '1 '],
    message: 'BuildSteps.image: \'target\' must be the name of a stage, of letters, digits, dots, hyphens and underscores after a letter, or its number, got "run time"; '
      + 'for example "runtime" [BGP039]',
  },
  {
    what: 'the names of buildArgs',
    make: (name) => image({ buildArgs: { [name as string]: '' } }),
    good: ['NODE_VERSION', 'a', '_', '_1', 'aB9'],
    bad: ['A-B', '1A', '', ' ', 'A B', 'É', 'A\n', 'A=B', ' A', '-A'],
    message: 'BuildSteps.image: \'buildArgs\' must be by names of letters, digits and underscores that do not begin with a digit, got "A-B"; for example "NODE_VERSION" [BGP031]',
  },
  {
    what: 'the ids of buildSecrets',
    make: (id) => image({ buildSecrets: { [id as string]: secret } }),
    good: ['npm-token', 'a', '_', '1', 'npm.token-1', 'A'],
    bad: ['a b', '', '.a', '-a', 'a/b', 'a,b', 'a=b', 'é', 'a\n', 'a '],
    message: 'BuildSteps.image: \'buildSecrets\' must be by ids of letters, digits, dots, hyphens and underscores, got "a b"; for example "npm-token" [BGP032]',
  },
  {
    what: 'the names of releaseFiles',
    make: (name) => release({ [name as string]: '{}' }),
    good: ['taskdef-production.json', 'a', '_', '1.2', 'imagedetail.json', 'a'.repeat(255)],
    bad: ['../x', '', '.x', '-x', 'a/b', 'a b', 'a\n', 'a'.repeat(256), ' a', 'é'],
    message: 'BuildSteps.release: \'releaseFiles\' must be by names of at most 255 letters, digits, dots, hyphens and underscores, got "../x"; '
      + 'for example "taskdef-production.json" [BGP033]',
  },
  {
    what: 'a release file beside the image',
    make: (name) => image({ releaseFiles: { [name as string]: '{}' } }),
    good: ['imageDetail.txt', 'x-imageDetail.json'],
    bad: ['imageDetail.json'],
    message: 'BuildSteps.image: \'releaseFiles\' must not hold "imageDetail.json", which the build writes; remove it [BGP034]',
  },
  {
    what: 'preBuildCommands',
    make: (preBuildCommands) => image({ preBuildCommands }),
    good: [['true'], ['a', 'b'], [token], undefined],
    bad: [[]],
    message: 'BuildSteps.image: \'preBuildCommands\' must be a list of at least one command, got []; for example ["npm ci", "npm test"] [BGP035]',
  },
  {
    what: 'postBuildCommands',
    make: (postBuildCommands) => image({ postBuildCommands }),
    good: [['true'], undefined],
    bad: [[]],
    message: 'BuildSteps.image: \'postBuildCommands\' must be a list of at least one command, got []; for example ["npm ci", "npm test"] [BGP035]',
  },
  {
    what: 'commands',
    make: (list) => commands(list),
    good: [['true'], ['a', token]],
    bad: [[]],
    message: 'BuildSteps.commands: \'commands\' must be a list of at least one command, got []; for example ["npm ci", "npm test"] [BGP035]',
  },
  {
    what: 'reports of test cases',
    make: (reports) => tested({ reports }),
    good: [[], [BuildReport.junit(['a'])], [BuildReport.junit(['a']), BuildReport.clover(['b'])], [BuildReport.jacoco(['a']), BuildReport.cucumber(['b'])], undefined],
    bad: [[BuildReport.junit(['a']), BuildReport.cucumber(['b'])], [BuildReport.junit(['a']), BuildReport.clover(['c']), BuildReport.junit(['b'])]],
    message: "BuildSteps.commands: 'reports' must hold at most one report of test cases, got two; give one report all the files [BGP036]",
  },
  {
    what: 'reports of coverage',
    make: (reports) => image({ reports }),
    good: [[BuildReport.cobertura(['a'])]],
    bad: [[BuildReport.cobertura(['a']), BuildReport.jacoco(['b'])], [BuildReport.clover(['a']), BuildReport.clover(['a'])]],
    message: "BuildSteps.image: 'reports' must hold at most one report of coverage, got two; give one report all the files [BGP036]",
  },
  {
    what: 'the files of a report',
    make: (files) => () => BuildReport.cobertura(files as string[]),
    good: [['reports/**/*.xml'], ['a', 'b'], [token]],
    bad: [[]],
    message: "BuildReport.cobertura: 'files' must be a list of at least one path or pattern, got []; for example [\"reports/**/*.xml\"] [BGP037]",
  },
  {
    what: 'startupTime',
    make: (startupTime) => probe({ startupTime }),
    good: [Duration.seconds(5), Duration.minutes(20), Duration.millis(6000), Duration.seconds(Token.asNumber({ Ref: 'Seconds' })), undefined],
    bad: [Duration.seconds(4), Duration.seconds(1201), Duration.millis(5500), Duration.seconds(0), Duration.minutes(NaN)],
    message: "BuildSteps.probe: 'startupTime' must be whole seconds from 5 seconds to 20 minutes, got 4 seconds; for example Duration.seconds(5) [BGP038]",
  },
  {
    what: 'port',
    make: (port) => probe({ port }),
    good: [1, 8080, 65535, Token.asNumber({ Ref: 'Port' }), undefined],
    bad: [0, 65536, -1, 80.5, NaN, Infinity],
    message: "BuildSteps.probe: 'port' must be a whole number from 1 to 65535, got 0; for example 8080 [BGP017]",
  },
  {
    what: 'path',
    make: (path) => probe({ path }),
    good: ['/', '/healthz?deep=1', `/${'a'.repeat(1023)}`, token, undefined],
    bad: ['healthz', `/${'a'.repeat(1024)}`, '/a b', '/é', '/a\n'],
    message: 'BuildSteps.probe: \'path\' must be a path of at most 1024 printable ASCII characters that starts with "/", got "healthz"; for example "/healthz" [BGP018]',
  },
  {
    what: 'the names of variables of the container',
    make: (name) => probe({ environment: { [name as string]: '' } }),
    good: ['LOG_LEVEL', 'spring.profiles.active', 'a-b', '1', 'é'],
    bad: ['A=B', '', 'A B', 'A\n', '\tA', '='],
    message: 'BuildSteps.probe: \'environment\' must be by names without spaces and "=", got "A=B"; for example "LOG_LEVEL" [BGP065]',
  },
  {
    what: 'docker beside a repository',
    make: (docker) => tested({ repository, docker }),
    good: [true, undefined],
    bad: [false],
    message: "BuildSteps.commands: 'docker' must not be false beside 'repository', whose image needs Docker; remove one of the two [BGP050]",
  },
  {
    what: 'docker without a repository',
    make: (docker) => tested({ docker }),
    good: [true, false, undefined],
    bad: ['yes', Token.asAny({ Ref: 'Docker' })],
    message: "BuildSteps.commands: 'docker' must be true or false, got \"yes\"; for example true [BGP002]",
  },
  {
    what: 'buildkitImage',
    make: (buildkitImage) => image({ buildkitImage }),
    good: [
      'moby/buildkit', 'buildkit', 'public.ecr.aws/vend/moby/buildkit:buildx-stable-1', 'localhost:5000/a/b', 'A.example:1/a', `a@sha256:${'0'.repeat(64)}`,
      `a.b/c:1@sha256:${'f'.repeat(64)}`, 'a/b_c/d__e/f-g/h--i/j.k', `a:${'T'.repeat(128)}`, 'a:_x.y-z', token, undefined,
    ],
    bad: [
      'docker://moby/buildkit', 'Moby/Buildkit/C', '/buildkit', 'buildkit/', 'a//b', 'a:', 'a:b:c', 'a:.b', 'a b', 'a,b', `a:${'T'.repeat(129)}`, 'a@sha256:0', `a@sha256:${'g'.repeat(64)}`,
      `a@sha256:${'0'.repeat(65)}`, 'a.', 'a/-b', '-a', ' a', 'a\n', 'a..b', 'a___b', 'host:/a', '.host/a',
    ],
    message: "BuildSteps.image: 'buildkitImage' must be the name of an image, with a tag or a digest, got \"docker://moby/buildkit\"; "
      + 'for example "public.ecr.aws/vend/moby/buildkit:buildx-stable-1" [BGP060]',
  },
  {
    what: 'the length of commands',
    make: (length) => commands(['x'.repeat(length as number)]),
    good: [25_598],
    bad: [25_599],
    message: "BuildSteps.commands: 'steps' must make a buildspec of at most 25600 characters, got 25601; move long commands into a script of the source [BGP061]",
  },
  {
    what: 'the length of an image build',
    make: (lengths) => image({ preBuildCommands: ['x'.repeat((lengths as number[])[0])], postBuildCommands: ['x'.repeat((lengths as number[])[1])], releaseFiles: { a: 'x'.repeat((lengths as number[])[2]) } }),
    good: [[10_000, 10_000, 5_594]],
    bad: [[10_000, 10_000, 5_595], [25_600, 1, 1], [1, 25_600, 1]],
    message: "BuildSteps.image: 'steps' must make a buildspec of at most 25600 characters, got 25601; move long commands into a script of the source [BGP061]",
  },
  {
    what: 'the length of release files',
    make: (length) => release({ a: '"'.repeat(length as number), b: token }),
    good: [12_799],
    bad: [12_800],
    message: "BuildSteps.release: 'steps' must make a buildspec of at most 25600 characters, got 25602; move long commands into a script of the source [BGP061]",
  },
  {
    what: 'the length of a buildspec in YAML',
    make: (length) => buildSpec(codebuild.BuildSpec.fromObjectToYaml({ a: 'x'.repeat(length as number) })),
    good: [25_596],
    bad: [25_597],
    message: "BuildSteps.buildSpec: 'spec' must make a buildspec of at most 25600 characters, got 25601; move long commands into a script of the source [BGP061]",
  },
  {
    what: 'a buildspec',
    make: (spec) => buildSpec(spec),
    good: [codebuild.BuildSpec.fromObject({ version: '0.2' }), codebuild.BuildSpec.fromSourceFilename('ci/b.yml'), codebuild.BuildSpec.fromObjectToYaml({ version: 0.2 })],
    bad: [codebuild.BuildSpec.fromAsset(__filename)],
    message: "BuildSteps.buildSpec: 'spec' must be an object or the name of a file in the source, got one that is neither; "
      + 'use BuildSpec.fromObject or BuildSpec.fromSourceFilename [BGP064]',
  },
  {
    what: 'a buildspec in a file',
    make: (name) => buildSpec(codebuild.BuildSpec.fromSourceFilename(name as string)),
    good: ['ci/b.yml', token],
    bad: ['', ' '],
    message: "BuildSteps.buildSpec: 'spec' must be a non-empty text, got \"\"; for example \"ci/buildspec.yml\" [BGP004]",
  },
  {
    what: 'the tag of a cache',
    make: (tag) => registry({ tag }),
    good: ['layers', '_', '9.a-b', 'a'.repeat(128), token, undefined],
    bad: ['-layers', '.a', 'with space', 'a'.repeat(129), 'a:b', 'a\n', 'é', ' a'],
    message: "BuildCache.registry: 'tag' must be at most 128 letters, digits, dots, hyphens and underscores, not beginning with a dot or a hyphen, got \"-layers\"; "
      + 'for example "layers" [BGP046]',
  },
  {
    what: 'tagOrDigest',
    make: (tag) => ecrImage(tag),
    good: ['2026-11', 'latest', `sha256:${'0'.repeat(64)}`, `sha256:${'abcdef01'.repeat(8)}`, '_', 'a'.repeat(128), token],
    bad: [
      'with space', '-first', '.a', 'sha256:abc', `sha256:${'g'.repeat(64)}`, `sha256:${'0'.repeat(63)}`, `sha256:${'0'.repeat(65)}`, `xsha256:${'0'.repeat(64)}`,
      'a'.repeat(129), 'a\n', ' a', 'a:b',
    ],
    message: "BuildImage.fromEcrRepository: 'tagOrDigest' must be an image tag of at most 128 letters, digits, dots, hyphens and underscores, "
      + 'or "sha256:" with 64 hexadecimal digits, got "with space"; for example "2026-11" [BGP047]',
  },
  {
    what: 'the processor of a build image',
    make: (cpuArchitecture) => ecrImage('1', repository, { cpuArchitecture }),
    good: [ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.X86_64, ecs.CpuArchitecture.of('ARM64'), undefined],
    bad: [ecs.CpuArchitecture.of('RISCV')],
    message: "BuildImage.fromEcrRepository: 'cpuArchitecture' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got \"RISCV\"; for example CpuArchitecture.ARM64 [BGP012]",
  },
];

testRules(rules);

describe('rules that are written a second time', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const only = (text: string, characters: string) => [...text].every((character) => characters.includes(character));
  const digits = '0123456789';
  const agree = (make: (text: string) => () => unknown, pattern: RegExp, byHand: (text: string) => boolean) =>
    fc.assert(fc.property(fc.stringMatching(pattern).filter((text) => text.trim() !== ''), (text) => (brokenRules(make(text)).length === 0) === byHand(text)), { numRuns: MANY_RUNS });

  test('the names of build arguments', () => {
    agree((name) => image({ buildArgs: { [name]: '' } }), /^[a-zA-Z0-9_. -]{1,4}$/, (name) => only(name, `${letters}${digits}_`) && !digits.includes(name[0]));
  });

  test('the stage of a Dockerfile', () => {
    agree((target) => image({ target }), /^[a-zA-Z0-9_.: -]{1,4}$/, (target) => only(target, digits) || (letters.includes(target[0]) && only(target, `${letters}${digits}_.-`)));
  });

  test('paths within the source', () => {
    agree((dockerfile) => image({ dockerfile }), /^[a./]{1,8}$/, (path) => !path.startsWith('/') && !path.split('/').includes('..'));
  });

  test('tags', () => {
    for (const make of [(tag: string) => ecrImage(tag), (tag: string) => registry({ tag })]) {
      agree(make, /^[a-zA-Z0-9_.: -]{1,4}$/, (tag) => only(tag, `${letters}${digits}_.-`) && !'.-'.includes(tag[0]));
    }
  });

  test('the names of images', () => {
    const component = (text: string) => text !== '' && only(text, 'abc01._-') && !'._-'.includes(text[0]) && !'._-'.includes(text[text.length - 1])
      && !['..', '._', '_.', '.-', '-.', '_-', '-_', '___'].some((pair) => text.includes(pair));
    agree((buildkitImage) => image({ buildkitImage: `host/${buildkitImage}` }), /^[abc01._/-]{1,6}$/, (name) => name.split('/').every(component));
  });
});
