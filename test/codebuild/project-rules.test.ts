import {
  aws_codebuild as codebuild, aws_ecr as ecr, aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager, CfnParameter,
  Duration, Lazy, SecretValue, Stack, Token,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BuildCache, BuildImage, BuildSteps, CachedBuildProject, CachedBuildProjectProps } from '../../src';
import { refusal, Rule, testRules } from '../helpers/refusals';
import { newStack, templateOf } from '../helpers/synthesis';

const steps = BuildSteps.commands(['npm test']);
const minimal: CachedBuildProjectProps = { environmentSuffix: 'dev', steps };
const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'images');
const bucket = s3.Bucket.fromBucketName(newStack(), 'Cache', 'acme-cache');
const number = Token.asNumber({ Ref: 'Number' });
const text = Lazy.string({ produce: () => 'later' });
const project = (props: object, stack: Stack = newStack()) => () => new CachedBuildProject(stack, 'Build', { ...minimal, ...props });
const trial = (startupTime: Duration) => BuildSteps.probe({ repository, port: 8080, path: '/', startupTime });
const variables = (environmentVariables: object) => project({ environmentVariables });
const { SECRETS_MANAGER, PARAMETER_STORE } = codebuild.BuildEnvironmentVariableType;
const PLACE = 'Storefront/Build (CachedBuildProject): ';

const rules: Rule[] = [
  {
    what: 'environmentSuffix',
    make: (environmentSuffix) => project({ environmentSuffix }),
    good: ['dev', 'a', 'a'.repeat(22), text],
    bad: ['Dev'],
    message: PLACE + '\'environmentSuffix\' must be lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen, got "Dev"; for example "dev" [BGP005]',
  },
  {
    what: 'the length of names, with the longest purpose',
    make: (environmentSuffix) => project({ environmentSuffix, purpose: 'a'.repeat(16) }),
    good: ['a'.repeat(11)],
    bad: ['a'.repeat(12)],
    message: PLACE + '\'environmentSuffix\' must be at most 11 characters, got "aaaaaaaaaaaa" (12); '
      + '"cache-aaaaaaaaaaaaaaaa-aaaaaaaaaaaa" would not fit into the 63 characters of its AWS name; shorten it [BGP007]',
  },
  {
    what: 'purpose',
    make: (purpose) => project({ purpose }),
    good: ['lint', 'a', 'a1', 'a'.repeat(16), text, undefined],
    bad: ['Unit Tests', 'a'.repeat(17), '1a', 'a-b', 'a\n', ' a', 'é'],
    message: PLACE + '\'purpose\' must be one word of at most 16 lower-case letters and digits, got "Unit Tests"; for example "lint" [BGP040]',
  },
  {
    what: 'cacheExpiration',
    make: (cacheExpiration) => project({ cacheExpiration }),
    good: [Duration.days(1), Duration.days(7), Duration.hours(48), Duration.days(number), undefined],
    bad: [Duration.days(8), Duration.days(0), Duration.hours(23), Duration.hours(36), Duration.hours(169)],
    message: PLACE + "'cacheExpiration' must be whole days from 1 day to 7 days, got 8 days; for example Duration.days(1) [BGP041]",
  },
  {
    what: 'timeout',
    make: (timeout) => project({ timeout }),
    good: [Duration.minutes(5), Duration.hours(36), Duration.seconds(360), Duration.minutes(number), undefined],
    bad: [Duration.minutes(4), Duration.hours(37), Duration.minutes(2161), Duration.seconds(301), Duration.seconds(299)],
    message: PLACE + "'timeout' must be whole minutes from 5 minutes to 1 day 12 hours, got 4 minutes; for example Duration.minutes(5) [BGP042]",
  },
  {
    what: 'queuedTimeout',
    make: (queuedTimeout) => project({ queuedTimeout }),
    good: [Duration.minutes(5), Duration.hours(8), Duration.minutes(number), undefined],
    bad: [Duration.hours(9), Duration.minutes(481), Duration.minutes(4), Duration.seconds(330)],
    message: PLACE + "'queuedTimeout' must be whole minutes from 5 minutes to 8 hours, got 9 hours; for example Duration.minutes(5) [BGP043]",
  },
  {
    what: 'tokens of other units',
    make: (timeout) => project({ timeout }),
    good: [],
    bad: [Duration.hours(number), Duration.seconds(number)],
    message: PLACE + "'timeout' must be in minutes when it is known at deployment only, got a token in hours; use Duration.minutes [BGP003]",
  },
  {
    what: 'cacheExpiration beside a store of the user',
    make: (more) => project({ cacheExpiration: Duration.days(1), ...more as object }),
    good: [{}, ...[BuildCache.registry(), BuildCache.none()].map((cache) => ({ steps: BuildSteps.image({ repository, cache }) }))],
    bad: [{ cacheBucket: bucket }],
    message: PLACE + "'cacheExpiration' must not come with 'cacheBucket': a bucket of yours has life cycle rules of its own; remove one of the two [BGP044]",
  },
  {
    what: 'cacheExpiration beside a repository of the user',
    make: (cacheExpiration) => project({ cacheExpiration, steps: BuildSteps.image({ repository, cache: BuildCache.registry({ repository }) }) }),
    good: [undefined],
    bad: [Duration.days(1)],
    message: PLACE + "'cacheExpiration' must not come with the 'repository' of a cache: a repository of yours has life cycle rules of its own; remove one of the two [BGP044]",
  },
  {
    what: 'logRetention',
    make: (logRetention) => project({ logRetention }),
    good: [1, 3, 5, 7, 14, 30, 3653, logs.RetentionDays.INFINITE, number, undefined],
    bad: [13, 0, -1, 2, 31, 1.5, NaN, Infinity],
    message: PLACE + "'logRetention' must be a number of days that CloudWatch Logs offers, got 13; for example RetentionDays.ONE_MONTH [BGP051]",
  },
  {
    what: 'timeout beside the time of a trial',
    make: (times) => project({ timeout: (times as Duration[])[0], steps: trial((times as Duration[])[1]) }),
    good: [
      [Duration.minutes(6), Duration.minutes(5)], [Duration.minutes(20), Duration.seconds(1199)], [undefined, Duration.minutes(20)],
      [Duration.minutes(number), Duration.minutes(20)], [Duration.minutes(5), Duration.seconds(number)],
    ],
    bad: [[Duration.minutes(5), Duration.minutes(5)], [Duration.minutes(5), Duration.minutes(20)]],
    message: PLACE + "'timeout' must be longer than the 'startupTime' of the steps, 5 minutes, got 5 minutes; change one of the two [BGP062]",
  },
  {
    what: 'the names of environment variables',
    make: (name) => variables({ [name as string]: { value: '' } }),
    good: ['NODE_ENV', '_', 'a1', 'XCODEBUILD_', 'CODEBUILD', 'codebuild_x', 'IMAGE_REPOSITORY'],
    bad: ['A-B', '1A', '', 'A B', 'A.B', 'A=B', 'A\n', ' A', 'É'],
    message: PLACE + '\'environmentVariables\' must be by names of letters, digits and underscores that do not begin with a digit, got "A-B"; for example "NODE_ENV" [BGP052]',
  },
  {
    what: 'the names of CodeBuild',
    make: (name) => variables({ [name as string]: { value: '' } }),
    good: [],
    bad: ['CODEBUILD_SRC_DIR', 'CODEBUILD_'],
    message: PLACE + '\'environmentVariables\' must not be by names that begin with CODEBUILD_, which CodeBuild keeps for itself, got "CODEBUILD_SRC_DIR"; rename it [BGP053]',
  },
  {
    what: 'plain values',
    make: (value) => variables({ A: { value } }),
    good: ['', 'x', 7, 0, 1.5, true, false, text, number, Token.asAny({ Ref: 'Any' }), '{{resolve:ssm:/acme/name:1}}'],
    bad: [SecretValue.secretsManager('npm').unsafeUnwrap(), `a ${SecretValue.ssmSecure('/acme/token', '1').unsafeUnwrap()}`, SecretValue.secretsManager('npm'), '{{resolve:secretsmanager:npm}}'],
    message: PLACE + "'environmentVariables.A.value' must not hold a secret, which would stand in the project for everybody to read; "
      + 'use the type SECRETS_MANAGER, with the ARN or the name of the secret as the value [BGP049]',
  },
  {
    what: 'the names of secrets',
    make: (value) => variables({ A: { type: SECRETS_MANAGER, value } }),
    good: [
      'npm', 'acme/npm_+=.@-x', 'npm:key', 'npm:key:AWSCURRENT:1', 'npm:::v', 'a'.repeat(512), 'arn:aws:secretsmanager:us-east-1:111111111111:secret:npm-AbCdEf',
      'arn:aws-cn:secretsmanager:cn-north-1:111111111111:secret:a/b:key', text, `${text}:key`, secretsmanager.Secret.fromSecretNameV2(newStack(), 'S', 's').secretArn,
    ],
    bad: [
      'n pm', '', ' ', ':key', 'npm:a:b:c:d', 'arn:aws:secretsmanager:us-east-1:111111111111:secret', 'arn:aws:ssm:us-east-1:111111111111:parameter/x', 'a'.repeat(513), 'npm\n', 7, true,
      'arn:aws:secretsmanager:us-east-1:11111111111:secret:npm', 'ärn', ['x'], {},
    ],
    message: PLACE + "'environmentVariables.A.value' must be the name or the ARN of a secret, got a text; for example \"npm:token\" [BGP056]",
  },
  {
    what: 'the names of parameters',
    make: (value) => variables({ A: { type: PARAMETER_STORE, value } }),
    good: ['name', '/acme/na.me-1_x', '/acme/name:3', 'name:label.x', 'a'.repeat(2048), text],
    bad: ['na me', '', 'a:b:c', 'arn:aws:ssm:us-east-1:111111111111:parameter/x', 'a'.repeat(2049), 'a:', ':a', 'a\n', 7],
    message: PLACE + "'environmentVariables.A.value' must be the name of a parameter, got a text; for example \"/acme/token\" [BGP056]",
  },
];

testRules(rules);

test('whatever tokens are taken can be synthesised', () => {
  const stack = newStack();
  const parameter = (id: string, type = 'String') => new CfnParameter(stack, id, { type });

  const made = new CachedBuildProject(stack, 'Build', {
    environmentSuffix: parameter('Suffix').valueAsString,
    purpose: parameter('Purpose').valueAsString,
    steps: BuildSteps.image({ repository, cache: BuildCache.registry(), target: parameter('Target').valueAsString, buildkitImage: parameter('Kit').valueAsString }),
    timeout: Duration.minutes(parameter('Timeout', 'Number').valueAsNumber),
    queuedTimeout: Duration.minutes(parameter('Queued', 'Number').valueAsNumber),
    logRetention: parameter('Retention', 'Number').valueAsNumber,
    environmentVariables: { A: { type: SECRETS_MANAGER, value: parameter('Secret').valueAsString } },
    buildImage: BuildImage.fromEcrRepository(repository, parameter('Tag').valueAsString),
  });
  new CachedBuildProject(stack, 'Other', { ...minimal, cacheExpiration: Duration.days(parameter('Days', 'Number').valueAsNumber) });
  new CachedBuildProject(stack, 'Trial', {
    ...minimal, purpose: 'trial', steps: BuildSteps.probe({ repository, port: parameter('Port', 'Number').valueAsNumber, path: '/', startupTime: Duration.seconds(parameter('Wait', 'Number').valueAsNumber) }),
  });

  expect(made.project).toBeDefined();
  const template = Template.fromJSON(templateOf(stack));
  template.hasResourceProperties('AWS::CodeBuild::Project', { TimeoutInMinutes: { Ref: 'Timeout' }, QueuedTimeoutInMinutes: { Ref: 'Queued' } });
  template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: { Ref: 'Days' } })] } });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: { Ref: 'Retention' } });
});

test('a cache in a repository cannot be kept for days that only CloudFormation knows', () => {
  // The CDK writes the rule as text, in which a reference would be no number.
  expect(refusal(project({ cacheExpiration: Duration.days(number), steps: BuildSteps.image({ repository, cache: BuildCache.registry() }) }))).toBe(
    "Storefront/Build (CachedBuildProject): 'cacheExpiration' must be known at synthesis for a cache in a repository, got a token; write it out, for example Duration.days(7) [BGP003]");
});


test('all problems of a project come at once, its place and its name included', () => {
  const stack = newStack();
  new CachedBuildProject(stack, 'Build', minimal);

  expect(refusal(project({ purpose: undefined, timeout: 7, steps: BuildSteps.probe({ port: 1, path: '/' }) }, stack))).toBe([
    'Storefront/Build (CachedBuildProject) has 4 problems:',
    '  - \'id\' must differ from the ids beside it, got "Build" twice; give the second construct an id of its own [BGP014]',
    "  - 'repository' of BuildSteps.probe is required outside of a BlueGreenFargatePipeline; for example new ecr.Repository(this, 'Images') [BGP045]",
    "  - 'timeout' must be a Duration, got 7; for example Duration.minutes(5) [BGP002]",
  ].join('\n').replace('4 problems', '3 problems'));
  expect(refusal(() => new CachedBuildProject(stack, 'Two', minimal))).toBe(
    "Storefront/Two (CachedBuildProject): 'environmentSuffix' must differ for each use in one account and region, got \"dev\"; "
    + '"project-build-dev" already belongs to Storefront/Build; give the second one a \'purpose\' of its own [BGP008]');
});
