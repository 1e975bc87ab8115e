import { aws_lambda as lambda, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RegistryCredentials } from '../../src';
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

test.each([
  [{ rotationInterval: Duration.days(30) },
    "'rotationInterval' must come with 'rotationFunction': without a function nothing is rotated; add the function or remove the interval"],
  [{ registry: 'https://ghcr.io' }, '\'registry\' must be the host of a registry without "https://" or a path, got "https://ghcr.io"; for example "ghcr.io"'],
])('fails for %j', (props, message) => {
  const stack = newStack();

  expect(() => new RegistryCredentials(stack, 'Registry', { environmentSuffix: 'dev', ...props })).toThrow(message);

  expect(stack.node.children).toHaveLength(0);
});
