import { App, aws_certificatemanager as acm, aws_logs as logs, CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import messages from './messages.json';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { SmokeTest } from '../../src';
import { testMessages } from '../helpers/messages';
import { refusal } from '../helpers/refusals';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, functionFor, identityStatements, rendered, settingsOf } from '../helpers/templates';

function settingsIn(stack: Stack): unknown {
  const [, { Environment }] = functionFor('smoke', templateOf(stack));
  return JSON.parse(rendered(Environment.Variables.SMOKE_TEST));
}

test('a smoke test with minimal props sends a request every five seconds for a minute, and expects status 200', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/products' }) } });

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

test('a smoke test with all props, behind a certificate, sends the configured request', () => {
  const stack = newStack();

  deploymentIn(stack, {
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', stack.formatArn({ service: 'acm', resource: 'certificate/x' })),
    logRetention: logs.RetentionDays.ONE_WEEK,
    hooks: {
      smokeTest: SmokeTest.http({
        path: '/a?b=%20"', status: 301, body: 'say "hi"\n', host: 'Shop.example.com', timeout: Duration.minutes(14),
      }),
    },
  });

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 900 });
  template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: 'logs-smoke-production-dev', RetentionInDays: 7 });
  expect(settingsIn(stack)).toMatchObject({
    protocol: 'https', path: '/a?b=%20"', status: 301, body: 'say "hi"\n', host: 'Shop.example.com', timeout: 840_000,
  });
});

test('a host and a text that are known only at deployment reach the function', () => {
  const stack = newStack();
  const host = new CfnParameter(stack, 'Host').valueAsString;

  deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/', host, body: `at ${host}` }) } });

  expect(settingsIn(stack)).toMatchObject({ host: '${Host}', body: 'at ${Host}' });
});

describe('the variables of its function, which Lambda measures as JSON in UTF-8,', () => {
  const ROOM = 3840 - 96;
  /** The longest names that a load balancer of the library can have. */
  const known = (text: string) => text
    .replace(/\$\{\w+\.LoadBalancerFullName\}/, `app/${'x'.repeat(32)}/0123456789abcdef`)
    .replace(/\$\{\w+\.DNSName\}/, `internal-${'x'.repeat(32)}-0123456789.ap-southeast-1.elb.amazonaws.com.cn`);

  test.each<[string, { path: string; body: string; host?: string }]>([
    ['plain text', { path: `/${'x'.repeat(1023)}`, body: 'b'.repeat(1000) }],
    ['characters of three bytes', { path: `/${'x'.repeat(ROOM - 3001)}`, body: '漢'.repeat(1000) }],
    ['characters of two code units', { path: `/${'x'.repeat(1023)}`, body: '😀'.repeat(500) }],
    ['quotes, which are escaped twice', { path: `/${'x'.repeat(1023)}`, body: '"'.repeat((ROOM - 1024) / 4) }],
    ['backslashes, which are escaped twice', { path: `/${'x'.repeat(1023)}`, body: '\\'.repeat((ROOM - 1024) / 4) }],
    ['line breaks, which are escaped', { path: `/${'x'.repeat(1023)}`, body: `x${'\n'.repeat(900)}` }],
    ['a long host', { path: '/', body: '漢'.repeat(1000), host: `${'a23456789.'.repeat(25)}example`.slice(-253) }],
  ])('the variables of the function, as JSON in UTF-8, fit the limit of Lambda with the longest %s', (_, options) => {
    const stack = newStack();
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', stack.formatArn({ service: 'acm', resource: 'certificate/x' }));
    deploymentIn(stack, { certificate, hooks: { smokeTest: SmokeTest.http({ ...options, timeout: Duration.minutes(14) }) } });

    const [, { Environment }] = functionFor('smoke', templateOf(stack));
    const SMOKE_TEST = known(rendered(Environment.Variables.SMOKE_TEST));

    expect(SMOKE_TEST).not.toContain('${');
    expect(Object.keys(Environment.Variables)).toEqual(['SMOKE_TEST']);
    expect(Buffer.byteLength(JSON.stringify({ SMOKE_TEST }))).toBeLessThanOrEqual(4096);
  });

  test.each<[string, { path: string; body: string }, number]>([
    ['characters of three bytes', { path: `/${'x'.repeat(ROOM - 3000)}`, body: '漢'.repeat(1000) }, 3841],
    ['quotes', { path: `/${'x'.repeat(1023)}`, body: '"'.repeat((ROOM - 1024) / 4 + 1) }, 3844],
  ])('the variables of the function exceed the limit of Lambda with one more of %s', (_, options, bytes) => {
    expect(() => SmokeTest.http(options)).toThrow(`got ${bytes} bytes; use a shorter part of the response [BGP163]`);
  });
});

test('a deployment without a smoke test has no function, and no security group or ingress for it', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack);

  expect(deployment.smokeTestFunction).toBeUndefined();
  expect(JSON.stringify(templateOf(stack))).not.toMatch(/smoke/i);
});

test('CodeDeploy may invoke the smoke test, and invokes it after test traffic', () => {
  const stack = newStack();

  const deployment = deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } });

  const invocations = identityStatements(templateOf(stack)).filter(([, { Action }]) => Action === 'lambda:InvokeFunction');
  expect(invocations.map(([, { Resource }]) => Resource)).toEqual([stack.resolve(deployment.smokeTestFunction?.functionArn)]);
  expect(settingsOf(deployment).hooks).toEqual({ AfterAllowTestTraffic: expect.stringMatching(/^\$\{ProductionSmokeTest\w+\.Arn\}$/) });
});

test('a rule invokes the smoke test once a day, so that Lambda keeps it active', () => {
  const stack = newStack();
  deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } });

  const template = templateOf(stack);
  const [functionId] = functionFor('smoke', template);
  const daily = all(template, 'AWS::Events::Rule').filter(([, { ScheduleExpression }]) => ScheduleExpression !== undefined);

  expect(daily.map(([, { Name, ScheduleExpression, State, Targets }]) => [Name, ScheduleExpression, State, Targets])).toEqual([
    ['rule-keep-active-production-dev', 'rate(1 day)', 'ENABLED', [{
      Id: 'Target0', Arn: { 'Fn::GetAtt': [functionId, 'Arn'] }, Input: '{"keepActive":true}', RetryPolicy: { MaximumRetryAttempts: 2 },
    }]],
  ]);
  expect(all(template, 'AWS::Lambda::Permission').map(([, properties]) => properties)).toEqual([{
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [daily[0][0], 'Arn'] },
  }]);
});

test('the code of the function is in the template unchanged, and Lambda accepts its size', () => {
  const stack = newStack();
  deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } });

  const [, { Code }] = functionFor('smoke', templateOf(stack));

  expect(() => new Function('require', 'exports', 'process', Code.ZipFile)).not.toThrow();
  expect([...new Set([...(Code.ZipFile as string).matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name))].filter((name) => !name.startsWith('node:')))
    .toEqual(['@aws-sdk/client-codedeploy', '@aws-sdk/client-ec2']);
});

testMessages(messages, {
  'SmokeTest.http': {
    make: (options) => SmokeTest.http(options),
    named: () => ({
      'a time that is a token': { path: '/', timeout: Duration.seconds(Token.asNumber({ Ref: 'Number' })) },
    }),
  },
});

test('the check of a host agrees with a check by hand', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-';
  const valid = (label: string) => label.length >= 1
    && label.length <= 63
    && [...label.toLowerCase()].every((character) => letters.includes(character))
    && !label.startsWith('-')
    && !label.endsWith('-');
  const labels = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9_-]{0,4}$/), fc.stringMatching(/^[a-z]{61,65}$/));

  fc.assert(fc.property(fc.array(labels, { minLength: 1, maxLength: 6 }), (parts) => {
    const host = parts.join('.');
    const taken = refusal(() => SmokeTest.http({ path: '/', host })) === undefined;
    return taken === (parts.every(valid) && host.length <= 253);
  }), { numRuns: 1000 });
});

test('two environments of one app have a smoke test each', () => {
  const app = new App();
  for (const region of ['us-east-1', 'eu-west-1']) {
    const stack = new Stack(app, region, { env: { region } });
    deploymentIn(stack, { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } });
  }

  expect(() => app.synth()).not.toThrow();
});
