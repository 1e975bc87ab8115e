import { aws_lambda as lambda, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RegistryCredentials, RegistryCredentialsProps } from '../../src';
import { shown } from '../../src/private/shown';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

test('the entry with minimal properties holds a placeholder and a generated password, and goes with its stack', () => {
  const stack = newStack();

  new RegistryCredentials(stack, 'Registry', { environmentSuffix: 'dev' });

  const template = Template.fromStack(stack);
  template.hasResource('AWS::SecretsManager::Secret', {
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      Name: 'registry-credentials-dev',
      GenerateSecretString: { SecretStringTemplate: '{"registry":"docker.io","username":"REPLACE_ME"}', GenerateStringKey: 'password' },
      SecretString: Match.absent(),
    },
  });
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
});

test('rotation by a function of the user waits for its first interval, so that a placeholder is never rotated', () => {
  const stack = newStack();
  const rotation = new lambda.Function(stack, 'Rotation', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });

  new RegistryCredentials(stack, 'Registry', {
    environmentSuffix: 'dev', registry: 'ghcr.io', rotationFunction: rotation, rotationInterval: Duration.days(60),
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { SecretStringTemplate: '{"registry":"ghcr.io","username":"REPLACE_ME"}' },
  });
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotateImmediatelyOnUpdate: false,
    RotationRules: { ScheduleExpression: 'rate(60 days)' },
    RotationLambdaARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('Rotation'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'secretsmanager.amazonaws.com', Action: 'lambda:InvokeFunction' });
});

/** What an entry with other properties is refused for. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const problems = problemsOf(() => new RegistryCredentials(stack, 'Registry', { environmentSuffix: 'dev', ...props as Partial<RegistryCredentialsProps> }));
  expect(stack.node.tryFindChild('Registry') === undefined).toBe(problems.length > 0);
  return problems;
}

/** A host name of a length that its labels allow. */
function hostOf(length: number): string {
  return 'a.'.repeat(length / 2) + 'a'.repeat(length % 2 === 0 ? 0 : 1);
}

test.each([
  'docker.io', 'ghcr.io', 'registry', 'localhost:5000', '10.0.0.5:5000', 'registry-1.acme.co.uk', 'a.b', '1.example', 'xn--bcher-kva.example', 'r.io:1', 'r.io:65535',
  `${'a'.repeat(63)}.io`, hostOf(253), `${hostOf(253)}:65535`, undefined, Lazy.string({ produce: () => 'later.io' }),
])('accepts the registry %s', (registry) => {
  expect(refusedFor({ registry })).toEqual([]);
});

test.each([
  'https://ghcr.io', 'ghcr.io/acme', 'GHCR.io', 'ghcr.io.', '.ghcr.io', 'ghcr..io', '-ghcr.io', 'ghcr-.io', 'ghcr.-io', 'ghcr.io-', 'gh_cr.io', 'ghcr.io:', 'ghcr.io:0', 'ghcr.io:080',
  'ghcr.io:65536', 'ghcr.io:x', 'ghcr.io:1:2', ':5000', 'ghcr.io ', ' ghcr.io', 'ghcr.io\n', 'user@ghcr.io', '[::1]:5000', `${'a'.repeat(64)}.io`, `${hostOf(253)}a`,
])('refuses the registry %j', (registry) => {
  expect(refusedFor({ registry })).toEqual(["'registry' must be the host of a registry in lower case, with a port from 1 to 65535 if need be, "
    + `without "https://" or a path, got ${shown(registry)}; for example "ghcr.io" [BGP084]`]);
});

test.each<[unknown, string]>([
  [{ registry: '' }, '\'registry\' must be a non-empty text, got ""; for example "ghcr.io" [BGP004]'],
  [{ registry: 7 }, '\'registry\' must be a text, got 7; for example "ghcr.io" [BGP002]'],
  [{ rotationInterval: Duration.days(30) },
    "'rotationInterval' must come with 'rotationFunction': without a function nothing is rotated; add the function or remove the interval [BGP083]"],
  [{ rotationFunction: 'rotate' },
    '\'rotationFunction\' must be a lambda.IFunction, got "rotate"; for example lambda.Function.fromFunctionName(this, \'Rotation\', \'rotate\') [BGP002]'],
  [{ environmentSuffix: 'a'.repeat(492) }, "'environmentSuffix' must be at most 491 characters, got "],
])('fails for %j', (props, message) => {
  expect(refusedFor(props)).toEqual([expect.stringContaining(message)]);
});

describe('rotation', () => {
  const rotationOf = (stack: Stack) => lambda.Function.fromFunctionAttributes(stack, 'Rotate', {
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:rotate', sameEnvironment: true,
  });
  const withInterval = (rotationInterval: unknown) => {
    const stack = newStack();
    return { problems: refusedFor({ rotationInterval, rotationFunction: rotationOf(stack) }, stack), stack };
  };

  test.each([
    [undefined, 'rate(30 days)'], [Duration.hours(4), 'rate(4 hours)'], [Duration.minutes(300), 'rate(5 hours)'], [Duration.hours(36), 'rate(36 hours)'],
    [Duration.days(1), 'rate(1 day)'], [Duration.days(1000), 'rate(1000 days)'],
  ])('takes place every %s', (interval, expected) => {
    const { problems, stack } = withInterval(interval);

    expect(problems).toEqual([]);
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationRules: { ScheduleExpression: expected } });
  });

  const RANGE = "'rotationInterval' must be whole hours from 4 hours to 1000 days, got";

  test.each<[unknown, string]>([
    [Duration.minutes(239), `${RANGE} 3 hours 59 minutes; for example Duration.hours(4) [BGP085]`],
    [Duration.hours(3), `${RANGE} 3 hours; for example Duration.hours(4) [BGP085]`],
    [Duration.minutes(330), `${RANGE} 5 hours 30 minutes; for example Duration.hours(4) [BGP085]`],
    [Duration.days(0), `${RANGE} 0 days; for example Duration.hours(4) [BGP085]`],
    [Duration.hours(24001), `${RANGE} 1000 days 1 hour; for example Duration.hours(4) [BGP085]`],
    [Duration.days(Lazy.number({ produce: () => 30 })),
      "'rotationInterval' must be known at synthesis, got a token; write it out, for example Duration.days(30) [BGP003]"],
    [30, "'rotationInterval' must be a Duration, got 30; for example Duration.hours(4) [BGP002]"],
  ])('does not take place every %s', (interval, message) => {
    expect(withInterval(interval).problems).toEqual([message]);
  });

  test('is done by a function of the region', () => {
    const stack = newStack({ env: { region: 'eu-west-1' } });

    expect(refusedFor({ rotationFunction: rotationOf(stack) }, stack))
      .toEqual(["'rotationFunction' must be in the region of the stack, eu-west-1, got one in us-east-1; use one from there [BGP087]"]);
  });
});

test('fails for a suffix that is taken', () => {
  const stack = newStack();
  new RegistryCredentials(stack, 'One', { environmentSuffix: 'dev' });

  expect(refusedFor({}, stack)).toEqual([expect.stringContaining('"registry-credentials-dev" already belongs to Storefront/One; give')]);
});
