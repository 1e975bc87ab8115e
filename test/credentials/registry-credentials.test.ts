import { aws_lambda as lambda, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { RegistryCredentials } from '../../src';
import { ownedBy, testStruct } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { newStack } from '../helpers/synthesis';

test("rotation by the user's function waits for its first interval, so that it never rotates a placeholder", () => {
  const stack = newStack();
  const { handler } = ownedBy(stack);

  new RegistryCredentials(stack, 'Registry', {
    environmentSuffix: 'dev', registry: 'ghcr.io', rotationFunction: handler, rotationInterval: Duration.days(60),
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotateImmediatelyOnUpdate: false,
    RotationRules: { ScheduleExpression: 'rate(60 days)' },
    RotationLambdaARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('Handler'), 'Arn'] },
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'secretsmanager.amazonaws.com', Action: 'lambda:InvokeFunction',
  });
});

function secretFor(registry?: string): { readonly [property: string]: unknown } {
  const stack = newStack();
  new RegistryCredentials(stack, 'Registry', { environmentSuffix: 'dev', registry });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::Secret'));
  return Properties;
}

test.each([undefined, 'docker.io', 'ghcr.io', 'registry.example.com:5000'])(
  'the placeholder is the same for registry %s, so that another registry does not overwrite a stored login', (registry) => {
    // CloudFormation writes a new value when any of these changes, and never otherwise:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
    const { Name, GenerateSecretString, SecretString, KmsKeyId } = secretFor(registry);

    expect({ Name, GenerateSecretString, SecretString, KmsKeyId }).toEqual({
      Name: 'registry-credentials-dev',
      GenerateSecretString: { SecretStringTemplate: '{"username":"REPLACE_ME"}', GenerateStringKey: 'password' },
    });
  });

test('the description of the secret names the registry', () => {
  expect(secretFor('ghcr.io').Description).toBe('Login of the build to ghcr.io: replace username and password, keep the keys');
  expect(secretFor().Description).toContain('Login of the build to docker.io: ');
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

const place = newStack();
const { handler } = ownedBy(place);

testMessages(messages, {
  RegistryCredentials: {
    stack: place,
    make: (props) => new RegistryCredentials(place, 'Registry', {
      environmentSuffix: 'dev', rotationFunction: handler, ...props,
    }),
    named: () => ({
      'a function of another region': {
        rotationFunction: lambda.Function.fromFunctionArn(
          place, 'Far', 'arn:aws:lambda:eu-west-1:111111111111:function:rotate'),
      },
      'days that are a token': { rotationInterval: Duration.days(Lazy.number({ produce: () => 30 })) },
    }),
  },
});

testStruct({
  what: 'RegistryCredentials',
  key: 'rotationInterva',
  closest: 'rotationInterval',
  claims: 'registry-credentials-dev',
  make: (stack, extra, id) => new RegistryCredentials(stack, id, { environmentSuffix: 'dev', ...extra }),
});
