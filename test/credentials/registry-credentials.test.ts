import { aws_lambda as lambda, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RegistryCredentials, RegistryCredentialsProps } from '../../src';
import { ownedBy, refusedIn, testStruct } from '../helpers/inputs';
import { newStack } from '../helpers/synthesis';

test('the rotation by a function of the user waits for its first interval, so that it never rotates a placeholder', () => {
  const stack = newStack();
  const { handler } = ownedBy(stack);

  new RegistryCredentials(stack, 'Registry', {
    environmentSuffix: 'dev', registry: 'ghcr.io', rotationFunction: handler, rotationInterval: Duration.days(60),
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { SecretStringTemplate: '{"registry":"ghcr.io","username":"REPLACE_ME"}' },
  });
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotateImmediatelyOnUpdate: false,
    RotationRules: { ScheduleExpression: 'rate(60 days)' },
    RotationLambdaARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('Handler'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'secretsmanager.amazonaws.com', Action: 'lambda:InvokeFunction',
  });
});

function importedFunction(stack: Stack): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, 'Rotate', {
    functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:rotate', sameEnvironment: true,
  });
}

test.each([
  [undefined, 'rate(30 days)'],
  [Duration.hours(4), 'rate(4 hours)'],
  [Duration.hours(36), 'rate(36 hours)'],
  [Duration.days(1000), 'rate(1000 days)'],
])('the rotation takes place every %s', (rotationInterval, expected) => {
  const stack = newStack();

  new RegistryCredentials(stack, 'Registry', {
    environmentSuffix: 'dev', rotationFunction: importedFunction(stack), rotationInterval,
  });

  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: expected },
  });
});

/** The violations of credentials beside resources of the user, one of which rotates them. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const { handler } = ownedBy(stack);
  return refusedIn(stack, () => new RegistryCredentials(stack, 'Registry', {
    environmentSuffix: 'dev', rotationFunction: handler, ...props as Partial<RegistryCredentialsProps>,
  }));
}

const REGISTRY = "'registry' must be the host of a registry in lower case, with a port from 1 to 65535 if need be, "
  + 'without "https://" or a path, got';
const NOT_A_FUNCTION = '\'rotationFunction\' must be a lambda.IFunction, got "rotate"; '
  + "for example lambda.Function.fromFunctionName(this, 'Rotation', 'rotate') [BGP002]";

// Further values of each prop are in test/consumers/values.json.
test.each<[unknown, unknown]>([
  [{ registry: 'ghcr.io:080' }, `${REGISTRY} "ghcr.io:080"; for example "ghcr.io" [BGP084]`],
  [
    { rotationInterval: Duration.days(30), rotationFunction: undefined },
    "'rotationInterval' must come with 'rotationFunction': without a function nothing is rotated; "
    + 'add the function or remove the interval [BGP083]',
  ],
  [{ rotationFunction: 'rotate' }, NOT_A_FUNCTION],
  [{ rotationFunction: 'rotate', rotationInterval: Duration.days(30) }, NOT_A_FUNCTION],
  [{ environmentSuffix: 'a'.repeat(492) }, expect.stringContaining("'environmentSuffix' must be at most 491 characters, got ")],
  [
    { rotationInterval: Duration.minutes(239) },
    "'rotationInterval' must be whole hours from 4 hours to 1000 days, got 3 hours 59 minutes; for example Duration.hours(4) [BGP085]",
  ],
  [
    { rotationInterval: Duration.days(Lazy.number({ produce: () => 30 })) },
    "'rotationInterval' must be known at synthesis, got a token; write it out, for example Duration.days(30) [BGP003]",
  ],
])('credentials refuse %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('credentials refuse a rotation function of another region', () => {
  const stack = newStack({ env: { region: 'eu-west-1' } });

  expect(refusedFor({ rotationFunction: importedFunction(stack) }, stack)).toEqual([
    "'rotationFunction' must be in the region of the stack, eu-west-1, got one in us-east-1; use one from there [BGP087]",
  ]);
});

testStruct({
  what: 'RegistryCredentials',
  key: 'rotationInterva',
  closest: 'rotationInterval',
  claims: 'registry-credentials-dev',
  make: (stack, extra, id) => new RegistryCredentials(stack, id, { environmentSuffix: 'dev', ...extra }),
});
