import { App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_logs as logs, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpSmokeTestProps, SmokeTest } from '../../src';
import { deploymentIn } from '../helpers/deployments';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, identityStatements, idOf, rendered } from '../helpers/templates';

function settingsIn(stack: Stack): unknown {
  const [[, { Environment }]] = all(templateOf(stack), 'AWS::Lambda::Function');
  return JSON.parse(rendered(Environment.Variables.SMOKE_TEST));
}

test('with minimal properties, the release is asked for a minute, every five seconds, for status 200', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/products' }) });

  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'function-smoke-production-dev', Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 120, Layers: Match.absent(),
  });
  expect(settingsIn(stack)).toEqual({
    loadBalancer: expect.stringMatching(/^\$\{ProductionLoadBalancer\w+\.LoadBalancerFullName\}$/),
    protocol: 'http',
    port: 9000,
    host: expect.stringMatching(/^\$\{ProductionLoadBalancer\w+\.DNSName\}$/),
    path: '/products',
    status: 200,
    timeout: 60_000,
    interval: 5_000,
    answerTime: 10_000,
  });
  expect(stack.resolve(deployment.smokeTestFunction?.functionName)).toEqual({ Ref: expect.stringMatching(/^ProductionSmokeTest/) });
});

test('with everything set, behind a certificate, the release is asked what the user says', () => {
  const stack = newStack();

  deploymentIn(stack, {
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', stack.formatArn({ service: 'acm', resource: 'certificate/x' })),
    logRetention: logs.RetentionDays.ONE_WEEK,
    smokeTest: SmokeTest.http({ path: '/a?b=%20"', status: 301, body: 'say "hi"\n', host: 'Shop.example.com', timeout: Duration.minutes(14) }),
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: 'logs-smoke-production-dev', RetentionInDays: 7 });
  expect(settingsIn(stack)).toMatchObject({
    protocol: 'https', path: '/a?b=%20"', status: 301, body: 'say "hi"\n', host: 'Shop.example.com', timeout: 840_000,
  });
});

test('a host and a text that only CloudFormation knows are handed on', () => {
  const stack = newStack();
  const host = new CfnParameter(stack, 'Host').valueAsString;

  deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/', host, body: `at ${host}` }) });

  expect(settingsIn(stack)).toMatchObject({ host: '${Host}', body: 'at ${Host}' });
});

test('without one there is no function, no security group and no opening for it', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack);

  expect(deployment.smokeTestFunction).toBeUndefined();
  expect(JSON.stringify(templateOf(stack))).not.toMatch(/smoke/i);
});

test('its role may log, report to its own deployment group, and what Lambda wants for its network; no more', () => {
  const stack = newStack();

  deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/' }), vpc: imported(stack) });

  const template = templateOf(stack);
  const [[role, { ManagedPolicyArns, AssumeRolePolicyDocument }]] = all(template, 'AWS::IAM::Role')
    .filter(([, { RoleName }]) => RoleName === 'role-smoke-production-dev-us-east-1');
  const arn = (service: string, resource: string, account = '${AWS::AccountId}') => `arn:\${AWS::Partition}:${service}:us-east-1:${account}:${resource}`;
  const group = idOf(all(template, 'AWS::EC2::SecurityGroup').filter(([, { GroupName }]) => GroupName === 'security-group-smoke-production-dev')
    .map(([id]) => ({ Ref: id })));
  const ownCode = { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', 'function:function-smoke-production-dev') } };

  expect(ManagedPolicyArns).toBeUndefined();
  expect(AssumeRolePolicyDocument.Statement.map(({ Principal }: { Principal: unknown }) => Principal)).toEqual([{ Service: 'lambda.amazonaws.com' }]);
  expect(identityStatements(template).filter(([id]) => id === role).map(([, { Effect, Action, Resource, Condition }]) => [
    Effect, Action, (Array.isArray(Resource) ? Resource : [Resource]).map(rendered),
    Condition && { ArnEquals: { 'lambda:SourceFunctionArn': rendered(Condition.ArnEquals['lambda:SourceFunctionArn']) } },
  ])).toEqual([
    ['Deny', 'ec2:TerminateInstances', ['*'], undefined],
    ['Allow', ['logs:CreateLogStream', 'logs:PutLogEvents'], [expect.stringMatching(/^\$\{ProductionSmokeTestLogs\w+\.Arn\}$/)], undefined],
    ['Allow', 'codedeploy:PutLifecycleEventHookExecutionStatus',
      [arn('codedeploy', 'deploymentgroup:application-production-dev/deployment-group-production-dev')], undefined],
    ['Allow', ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], ['*'], undefined],
    ['Allow', 'ec2:CreateNetworkInterface', [
      arn('ec2', 'subnet/subnet-c', '*'), arn('ec2', 'subnet/subnet-d', '*'), arn('ec2', `security-group/\${${group}.GroupId}`), arn('ec2', 'network-interface/*'),
    ], undefined],
    ['Allow', ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'], [arn('ec2', 'network-interface/*')], undefined],
    ['Deny', [
      'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
    ], ['*'], ownCode],
  ]);
});

test('CodeDeploy may call it, and calls it after test traffic', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/' }) });

  const invocations = identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'lambda:InvokeFunction');
  expect(invocations.map(([, { Resource }]) => Resource)).toEqual([stack.resolve(deployment.smokeTestFunction?.functionArn)]);
  expect(rendered(stack.resolve(deployment.releaseFiles['appspec-production.yaml'])).split('\n').slice(9)).toEqual([
    'Hooks:', expect.stringMatching(/^ {2}- AfterAllowTestTraffic: "\$\{ProductionSmokeTest\w+\.Arn\}"$/), '',
  ]);
});

test('its code is in the template as it is in the package, and Lambda takes it', () => {
  const stack = newStack();
  deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/' }) });

  const [[, { Code }]] = all(templateOf(stack), 'AWS::Lambda::Function');

  expect(() => new Function('require', 'exports', 'process', Code.ZipFile)).not.toThrow();
  expect([...new Set([...(Code.ZipFile as string).matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name))].filter((name) => !name.startsWith('node:')))
    .toEqual(['@aws-sdk/client-codedeploy', '@aws-sdk/client-ec2']);
});

function imported(stack: Stack, subnets: Partial<ec2.VpcAttributes> = { privateSubnetIds: ['subnet-c', 'subnet-d'] }): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], publicSubnetIds: ['subnet-a', 'subnet-b'], ...subnets,
  });
}

test('fails in a network without a way out, from which it could not report', () => {
  const stack = newStack();
  const vpc = imported(stack, { isolatedSubnetIds: ['subnet-e', 'subnet-f'] });

  expect(() => deploymentIn(stack, { vpc, smokeTest: SmokeTest.http({ path: '/' }) })).toThrow(
    "'smokeTest' must not be given in a 'vpc' whose private subnets have no way out: its function reaches EC2 and CodeDeploy from there; "
    + "use a function of yours as 'hooks.afterAllowTestTraffic'");
});

test.each<[Partial<HttpSmokeTestProps> | undefined, string]>([
  [undefined, 'SmokeTest.http: \'path\' is required; for example "/products"'],
  [{ path: 'products' }, 'SmokeTest.http: \'path\' must be a path of at most 1024 printable ASCII characters that starts with "/", got "products"'],
  [{ path: '/a b' }, "'path' must be a path"],
  [{ path: '/ö' }, "'path' must be a path"],
  [{ path: `/${'x'.repeat(1024)}` }, "'path' must be a path"],
  [{ path: '/', status: 199 }, "SmokeTest.http: 'status' must be a whole number from 200 to 599, got 199"],
  [{ path: '/', status: 600 }, "'status' must be a whole number from 200 to 599, got 600"],
  [{ path: '/', status: Token.asNumber({ Ref: 'Status' }) }, "'status' must be known at synthesis"],
  [{ path: '/', body: '' }, 'SmokeTest.http: \'body\' must be a non-empty text, got ""; for example "In stock"'],
  [{ path: '/', body: 'x'.repeat(1001) }, "'body' must be a text of at most 1000 characters"],
  [{ path: '/', host: 'https://shop.example.com' }, '\'host\' must be a host name without scheme and port, got "https://shop.example.com"; for example "shop.example.com"'],
  [{ path: '/', host: 'shop.example.com:443' }, "'host' must be a host name"],
  [{ path: '/', timeout: Duration.seconds(29) }, "SmokeTest.http: 'timeout' must be from 30 seconds to 14 minutes, got 29 seconds"],
  [{ path: '/', timeout: Duration.minutes(15) }, "'timeout' must be from 30 seconds to 14 minutes, got 15 minutes"],
  [{ path: '/', timeout: Duration.millis(30_500) }, "'timeout' must be whole seconds, got 30 seconds 500 millis"],
  [{ path: '/', timeout: Duration.seconds(Token.asNumber({ Ref: 'Time' })) }, "'timeout' must be known at synthesis, got a token"],
])('fails for %j', (props, message) => {
  expect(() => SmokeTest.http(props as HttpSmokeTestProps)).toThrow(message);
});

test('two environments of one app have a smoke test each', () => {
  const app = new App();
  const stacks = ['us-east-1', 'eu-west-1'].map((region) => new Stack(app, region, { env: { region } }));
  stacks.forEach((stack) => deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/' }) }));

  expect(() => app.synth()).not.toThrow();
});
