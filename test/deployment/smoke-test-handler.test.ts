import { createServer, IncomingMessage, RequestListener, Server } from 'http';
import { createServer as createSecureServer, Server as SecureServer } from 'https';
import { AddressInfo } from 'net';
import { TLSSocket } from 'tls';
import { aws_certificatemanager as acm } from 'aws-cdk-lib';
import { generate } from 'selfsigned';
import { HttpSmokeTestProps, SmokeTest } from '../../src';
import { deploymentIn } from '../helpers/deployments';
import { Invocation, invoke } from '../helpers/lambda';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, rendered } from '../helpers/templates';

const LOAD_BALANCER = 'app/alb-production-dev/50dc6c495c0c9188';
const EVENT = { DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'eyJlbmNyeXB0ZWREYXRhIjoi' };

/** The code and the settings of the function, as they stand in the template. */
function deployed(props: HttpSmokeTestProps, secure: boolean): { code: string; settings: { [name: string]: unknown } } {
  const stack = newStack();
  deploymentIn(stack, {
    smokeTest: SmokeTest.http(props),
    certificate: secure ? acm.Certificate.fromCertificateArn(stack, 'Certificate', stack.formatArn({ service: 'acm', resource: 'certificate/x' })) : undefined,
  });
  const [[, { Code, Environment }]] = all(templateOf(stack), 'AWS::Lambda::Function');
  return { code: Code.ZipFile, settings: JSON.parse(rendered(Environment.Variables.SMOKE_TEST)) };
}

// Each test starts a process that loads the SDK, on a machine that may be busy.
jest.setTimeout(60_000);

const open: (Server | SecureServer)[] = [];

async function listen(server: Server | SecureServer): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  }));
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return text;
}

/** What a service of AWS says: a status and an error code, or nothing at all. */
type Trouble = { readonly status: number; readonly code: string } | 'silence';

/** EC2 and CodeDeploy, as far as the function speaks with them, over their own protocols. */
class Aws {
  public readonly reports: { deploymentId: string; lifecycleEventHookExecutionId: string; status: string }[] = [];
  public calls = 0;
  /** What goes wrong with the next calls, one after the other. */
  public readonly trouble: { ec2: Trouble[]; codeDeploy: Trouble[] } = { ec2: [], codeDeploy: [] };
  /** The addresses of the load balancer at each call. */
  public addresses: (call: number) => string[] = () => ['127.0.0.1'];

  public readonly answer: RequestListener = async (request, response) => {
    this.calls += 1;
    const body = await textOf(request);
    const codeDeploy = request.headers['x-amz-target'] === 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus';
    const wrong = (codeDeploy ? this.trouble.codeDeploy : this.trouble.ec2).shift();
    if (wrong === 'silence') {
      return;
    }
    if (codeDeploy) {
      response.writeHead(wrong?.status ?? 200, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(wrong ? { __type: wrong.code, message: 'no' } : { lifecycleEventHookExecutionId: 'x' }));
      if (wrong === undefined) {
        this.reports.push(JSON.parse(body));
      }
      return;
    }
    const query = new URLSearchParams(body);
    const filters = Object.fromEntries([1, 2, 3].map((index) => [query.get(`Filter.${index}.Name`), query.get(`Filter.${index}.Value.1`)]));
    const found = query.get('Action') === 'DescribeNetworkInterfaces' && filters.status === 'in-use' && filters.description === `ELB ${LOAD_BALANCER}`
      ? this.addresses(this.calls) : [];
    response.writeHead(wrong?.status ?? 200, { 'Content-Type': 'text/xml' });
    response.end(wrong
      ? `<Response><Errors><Error><Code>${wrong.code}</Code><Message>no</Message></Error></Errors></Response>`
      : `<DescribeNetworkInterfacesResponse><networkInterfaceSet>${found.map((address) =>
        `<item><privateIpAddress>${address}</privateIpAddress></item>`).join('')}</networkInterfaceSet></DescribeNetworkInterfacesResponse>`);
  };
}

interface Run extends Invocation {
  readonly statuses: string[];
  readonly seconds: number;
}

/** Deploys the function, and has CodeDeploy call it while `release` answers on the test listener, with less patience than on AWS. */
async function run(release: RequestListener, options: {
  readonly props?: Partial<HttpSmokeTestProps>;
  readonly timeout?: number;
  readonly aws?: Aws;
  readonly event?: unknown;
  readonly settings?: string;
  readonly server?: Server | SecureServer;
} = {}): Promise<Run> {
  const aws = options.aws ?? new Aws();
  const endpoint = `http://127.0.0.1:${await listen(createServer(aws.answer))}`;
  const server = options.server ?? createServer();
  const port = await listen(server.on('request', release));
  const { code, settings } = deployed({ path: '/products?page=1', ...options.props }, server instanceof SecureServer);
  const start = Date.now();
  const result = await invoke(code, {
    SMOKE_TEST: options.settings
      ?? JSON.stringify({ ...settings, loadBalancer: LOAD_BALANCER, port, timeout: options.timeout ?? 10_000, interval: 20, answerTime: 400 }),
    AWS_ENDPOINT_URL_EC2: endpoint,
    AWS_ENDPOINT_URL_CODEDEPLOY: endpoint,
  }, 'event' in options ? options.event : EVENT);
  for (const { deploymentId, lifecycleEventHookExecutionId } of aws.reports) {
    expect([deploymentId, lifecycleEventHookExecutionId]).toEqual([EVENT.DeploymentId, EVENT.LifecycleEventHookExecutionId]);
  }
  return { ...result, statuses: aws.reports.map(({ status }) => status), seconds: (Date.now() - start) / 1000 };
}

/** Answers of one release, one after the other; the last one again and again. */
function answers(...each: (number | RequestListener)[]): RequestListener {
  let count = 0;
  return (request, response) => {
    const next = each[Math.min(count, each.length - 1)];
    count += 1;
    if (typeof next === 'number') {
      response.writeHead(next).end('In stock: 5');
    } else {
      next(request, response);
    }
  };
}

const never: RequestListener = () => {};
const reset: RequestListener = (request) => request.socket.resetAndDestroy();

describe('a release that answers well', () => {
  test('is let through after three answers, each to the request that users would send', async () => {
    const requests: IncomingMessage[] = [];

    const { ended, statuses } = await run((request, response) => {
      requests.push(request);
      response.end('anything');
    });

    expect([ended, statuses]).toEqual([true, ['Succeeded']]);
    expect(requests.map(({ method, url, headers: { host } }) => [method, url, host]))
      .toEqual(Array(3).fill(['GET', '/products?page=1', '${ProductionLoadBalancer9B55FBDA.DNSName}']));
  });

  test('with the status, the text and the host that are expected, is let through', async () => {
    const hosts: (string | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(202).write('In st');
      setTimeout(() => response.end('ock: 5 of ö'), 20);
    }, { props: { status: 202, body: 'In stock: 5 of ö', host: 'shop.example.com' } });

    expect(statuses).toEqual(['Succeeded']);
    expect(hosts).toEqual(Array(3).fill('shop.example.com'));
  });

  test('over HTTPS is let through whoever signed the certificate, and is told the name of the host', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'elsewhere.example.com' }]);
    const names: (string | false | null | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      names.push((request.socket as TLSSocket).servername);
      response.end();
    }, { server: createSecureServer({ key, cert }), props: { host: 'shop.example.com' } });

    expect(statuses).toEqual(['Succeeded']);
    expect(names).toEqual(Array(3).fill('shop.example.com'));
  });

  test('late, but within the time, is let through', async () => {
    const late: RequestListener = (_, response) => void setTimeout(() => response.end(), 250);

    expect((await run(late)).statuses).toEqual(['Succeeded']);
  });

  test('after a bad start is let through', async () => {
    const { statuses, log } = await run(answers(503, reset, never, 200));

    expect(statuses).toEqual(['Succeeded']);
    expect(log).toMatch(/Attempt 1: 127.0.0.1 answered 503 instead of 200\n.*Attempt 2: .*\n.*Attempt 3: /);
  });

  test('with a redirect that is expected is let through, and the redirect is not followed', async () => {
    const paths: (string | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { Location: '/login' }).end();
    }, { props: { status: 302 } });

    expect(statuses).toEqual(['Succeeded']);
    expect(new Set(paths)).toEqual(new Set(['/products?page=1']));
  });

  test('through a load balancer whose addresses change meanwhile is let through', async () => {
    const aws = new Aws();
    aws.addresses = (call) => call > 3 ? ['127.0.0.1'] : [];

    const { statuses } = await run(answers(200), { aws });

    expect(statuses).toEqual(['Succeeded']);
  });
});

/** Time enough for several answers, and short for a test that waits for it to pass. */
const SHORT = 1000;

describe('a release is kept out', () => {
  test.each<[string, RequestListener, Partial<HttpSmokeTestProps>, RegExp]>([
    ['that answers with another status', answers(500), {}, /answered 500 instead of 200/],
    ['that redirects', (_, response) => void response.writeHead(301, { Location: '/products' }).end(), {}, /answered 301 instead of 200/],
    ['that answers without the text', answers(200), { body: 'In stock: 6' }, /answered without \\?"In stock: 6\\?" in the body, which begins with \\?"In stock: 5/],
    ['that never answers', never, {}, /the last problem: The operation was aborted/],
    ['that never ends its answer', (_, response) => void response.write('In'), { body: 'In stock' }, /the last problem: /],
    ['that resets the connection', reset, {}, /the last problem: (socket hang up|read ECONNRESET)/],
    ['that breaks off in the middle of its answer', (request, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('In');
      setTimeout(() => request.socket.resetAndDestroy(), 20);
    }, { body: 'In stock' }, /the last problem: (aborted|read ECONNRESET)/],
    ['that speaks another protocol', (request) => void request.socket.end('220 mail.example.com ESMTP\r\n'), {}, /Parse Error/],
    ['that answers well now and then, but never three times in a row', (() => {
      let count = 0;
      return (_, response) => void response.writeHead(++count % 3 === 0 ? 500 : 200).end();
    })(), {}, /no 3 good answers in a row within 1 seconds; the last problem: 127.0.0.1 answered 500/],
  ])('%s', async (_, release, props, reason) => {
    const { ended, statuses, log, seconds } = await run(release, { props, timeout: SHORT });

    expect([ended, statuses]).toEqual([true, ['Failed']]);
    expect(log).toMatch(reason);
    expect(seconds).toBeLessThan(15);
  });

  test('that pours out an answer without end or the text', async () => {
    const flood: RequestListener = (_, response) => {
      const pour = () => {
        while (response.write('x'.repeat(64 * 1024))) { /* until the other side is full */ }
      };
      response.on('drain', pour);
      pour();
    };

    const { statuses, log } = await run(flood, { props: { body: 'In stock' }, timeout: SHORT });

    expect(statuses).toEqual(['Failed']);
    expect(log).toContain('answered without "In stock" in the first 1000000 characters of the body');
  });

  test('behind a load balancer of which one node does not answer', async () => {
    const aws = new Aws();
    aws.addresses = () => ['127.0.0.1', '127.0.0.2'];

    expect((await run(answers(200), { aws, timeout: SHORT })).statuses).toEqual(['Failed']);
  });

  test('behind HTTPS that breaks off before it answers', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }]);
    const secure = createSecureServer({ key, cert });
    secure.on('secureConnection', (socket) => socket.destroy());

    expect((await run(answers(200), { server: secure, timeout: SHORT })).statuses).toEqual(['Failed']);
  });
});

describe('without a look at the release, it is kept out', () => {
  test('when the load balancer has no address', async () => {
    const aws = new Aws();
    aws.addresses = () => [];

    const { statuses, log } = await run(answers(200), { aws, timeout: SHORT });

    expect(statuses).toEqual(['Failed']);
    expect(log).toContain(`the last problem: the load balancer ${LOAD_BALANCER} has no network interface in use`);
  });

  test.each<[string, Trouble]>([
    ['refuses', { status: 403, code: 'UnauthorizedOperation' }], ['fails', { status: 500, code: 'InternalError' }], ['is silent', 'silence'],
  ])('when EC2 %s', async (_, trouble) => {
    const aws = new Aws();
    aws.trouble.ec2.push(...Array<Trouble>(100).fill(trouble));

    const { ended, statuses, seconds } = await run(answers(200), { aws, timeout: SHORT });

    expect([ended, statuses]).toEqual([true, ['Failed']]);
    expect(seconds).toBeLessThan(15);
  });

  test.each([
    ['', 'are missing'], ['{', 'are no JSON'], ['{}', 'are empty'],
    [JSON.stringify({ timeout: 300, interval: 20, answerTime: 100, loadBalancer: LOAD_BALANCER }), 'do not say what is expected'],
  ])('when the settings are %j, which %s', async (settings) => {
    const { ended, statuses } = await run(answers(200), { settings });

    expect([ended, statuses]).toEqual([true, ['Failed']]);
  });
});

describe('the report', () => {
  test.each([undefined, 'x', { DeploymentId: 'd-1' }, { DeploymentId: '', LifecycleEventHookExecutionId: 'x' }])(
    'is not made for %j, which is no event of CodeDeploy', async (event) => {
      const aws = new Aws();

      const { ended, log } = await run(answers(200), { aws, event });

      expect([ended, aws.calls]).toEqual([false, 0]);
      expect(log).toContain('This is no event of CodeDeploy');
    });

  test.each<[string, Trouble]>([
    ['fails', { status: 500, code: 'InternalFailure' }], ['is throttled', { status: 400, code: 'ThrottlingException' }], ['is silent', 'silence'],
  ])('is made again when CodeDeploy %s', async (_, trouble) => {
    const aws = new Aws();
    aws.trouble.codeDeploy.push(trouble);

    const { ended, statuses } = await run(answers(500), { aws, timeout: 200 });

    expect([ended, statuses]).toEqual([true, ['Failed']]);
  });

  test('ends the function with an error when CodeDeploy refuses it', async () => {
    const aws = new Aws();
    aws.trouble.codeDeploy.push(...Array<Trouble>(10).fill({ status: 400, code: 'AccessDeniedException' }));

    const { ended, statuses } = await run(answers(200), { aws });

    expect([ended, statuses]).toEqual([false, []]);
  });

  test('that was made before, and whose answer was lost, is enough', async () => {
    const aws = new Aws();
    aws.trouble.codeDeploy.push({ status: 400, code: 'LifecycleEventAlreadyCompletedException' });

    expect((await run(answers(200), { aws })).ended).toBe(true);
  });
});
