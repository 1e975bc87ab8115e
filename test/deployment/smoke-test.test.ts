import { App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_logs as logs, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
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

const number = Token.asNumber({ Ref: 'Number' });
const PATH = 'a path of at most 1024 printable ASCII characters that starts with "/"';
const TIMEOUT = "'timeout' must be whole seconds from 30 seconds to 14 minutes";
const HOST = "'host' must be a host name without scheme and port";

test.each<[unknown, string]>([
  [undefined, '\'path\' is required; for example "/healthz" [BGP001]'],
  ['x', '\'props\' must be an object, got "x"; for example { environmentSuffix: "dev" } [BGP002]'],
  [{ path: 3 }, '\'path\' must be a text, got 3; for example "/healthz" [BGP002]'],
  [{ path: 'products' }, `'path' must be ${PATH}, got "products"; for example "/healthz" [BGP018]`],
  [{ path: '/a b' }, `'path' must be ${PATH}, got "/a b"; for example "/healthz" [BGP018]`],
  [{ path: '/ö' }, `'path' must be ${PATH}, got "/ö"; for example "/healthz" [BGP018]`],
  [{ path: '/', status: 199 }, "'status' must be a whole number from 200 to 599, got 199; for example 200 [BGP110]"],
  [{ path: '/', status: 600 }, "'status' must be a whole number from 200 to 599, got 600; for example 200 [BGP110]"],
  [{ path: '/', status: '200' }, "'status' must be a number, got \"200\"; for example 200 [BGP002]"],
  [{ path: '/', status: number }, "'status' must be known at synthesis, got a token; write it out, for example 200 [BGP003]"],
  [{ path: '/', body: '' }, '\'body\' must be a non-empty text, got ""; for example "In stock" [BGP004]'],
  [{ path: '/', body: 7 }, '\'body\' must be a text, got 7; for example "In stock" [BGP002]'],
  [{ path: '/', body: 'x'.repeat(1001) }, `'body' must be a text of at most 1000 characters, got "${'x'.repeat(199)}… (1003 characters); for example "In stock" [BGP111]`],
  [{ path: '/', host: 'https://shop.example.com' }, `${HOST}, got "https://shop.example.com"; for example "shop.example.com" [BGP112]`],
  [{ path: '/', host: 'shop.example.com:443' }, `${HOST}, got "shop.example.com:443"; for example "shop.example.com" [BGP112]`],
  [{ path: '/', timeout: Duration.seconds(29) }, `${TIMEOUT}, got 29 seconds; for example Duration.seconds(30) [BGP113]`],
  [{ path: '/', timeout: Duration.seconds(841) }, `${TIMEOUT}, got 14 minutes 1 second; for example Duration.seconds(30) [BGP113]`],
  [{ path: '/', timeout: Duration.millis(30_500) }, `${TIMEOUT}, got 30 seconds 500 millis; for example Duration.seconds(30) [BGP113]`],
  [{ path: '/', timeout: 60 }, "'timeout' must be a Duration, got 60; for example Duration.seconds(30) [BGP002]"],
  [{ path: '/', timeout: Duration.seconds(number) }, "'timeout' must be known at synthesis, got a token; write it out, for example Duration.minutes(1) [BGP003]"],
])('%# fails: %p', (props, message) => {
  expect(() => SmokeTest.http(props as HttpSmokeTestProps)).toThrow(`SmokeTest.http: ${message}\n`);
});

test.each<Partial<HttpSmokeTestProps>>([
  { status: 200 }, { status: 599 }, { body: 'x' }, { body: `${'x'.repeat(999)}\n` }, { timeout: Duration.seconds(30) }, { timeout: Duration.minutes(14) },
  { path: `/${'x'.repeat(1023)}?a=b` .slice(0, 1024) }, { path: Token.asString({ Ref: 'Path' }) }, { host: Token.asString({ Ref: 'Host' }) }, { host: 'x' }, { host: 'A-1.example.COM' },
  { host: `${'a'.repeat(63)}.example` },
])('%# may be %p', (props) => {
  expect(() => SmokeTest.http({ path: '/', ...props })).not.toThrow();
});

test('a host is judged as by hand', () => {
  const characters = (part: string, fine: string) => [...part.toLowerCase()].every((character) => fine.includes(character));
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const fine = (part: string) => part.length >= 1 && part.length <= 63 && characters(part, `${letters}-`) && !part.startsWith('-') && !part.endsWith('-');
  const part = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9_-]{0,4}$/), fc.stringMatching(/^[a-z]{61,65}$/));

  fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
    let taken = true;
    try {
      SmokeTest.http({ path: '/', host: parts.join('.') });
    } catch {
      taken = false;
    }
    return taken === (parts.every(fine) && parts.join('.').length <= 253);
  }), { numRuns: 2000 });
});

test('two environments of one app have a smoke test each', () => {
  const app = new App();
  const stacks = ['us-east-1', 'eu-west-1'].map((region) => new Stack(app, region, { env: { region } }));
  stacks.forEach((stack) => deploymentIn(stack, { smokeTest: SmokeTest.http({ path: '/' }) }));

  expect(() => app.synth()).not.toThrow();
});
