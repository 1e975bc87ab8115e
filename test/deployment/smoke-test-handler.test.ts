import { createServer, IncomingMessage, RequestListener, Server } from 'http';
import { createServer as createSecureServer, Server as SecureServer } from 'https';
import { AddressInfo } from 'net';
import { text } from 'stream/consumers';
import { TLSSocket } from 'tls';
import { aws_certificatemanager as acm } from 'aws-cdk-lib';
import { generate } from 'selfsigned';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { HttpSmokeTestOptions, SmokeTest } from '../../src';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, rendered } from '../helpers/templates';

const LOAD_BALANCER = 'app/alb-production-dev/50dc6c495c0c9188';
const EVENT = { DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'eyJlbmNyeXB0ZWREYXRhIjoi' };

// A guard against hanging: CodeDeploy's silence lasts the five seconds that the SDK waits.
jest.setTimeout(60_000);

/** The code and the settings of the function, as they stand in the template. */
function deployed(props: HttpSmokeTestOptions, secure: boolean): { code: string; settings: { [name: string]: unknown } } {
  const stack = newStack();
  const certificateArn = stack.formatArn({ service: 'acm', resource: 'certificate/x' });
  deploymentIn(stack, {
    hooks: { smokeTest: SmokeTest.http(props) },
    certificate: secure ? acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) : undefined,
  });
  const [[, { Code, Environment }]] = all(templateOf(stack), 'AWS::Lambda::Function');
  return { code: Code.ZipFile, settings: JSON.parse(rendered(Environment.Variables.SMOKE_TEST)) };
}

/** The function's time: sleeping takes none, and an attempt runs out of its time when a test says so. */
const time = { now: 0, answerTimes: [] as number[], runOut: () => {} };

type Handler = (event: unknown) => Promise<void>;

/** Loads inline code as Lambda does, with the time and the log of a test. */
function load(code: string, log: string[]): Handler {
  const exports: { handler?: Handler } = {};
  const globals = {
    exports,
    require: (name: string): unknown => name === 'node:timers/promises'
      ? { setTimeout: async (milliseconds: number) => { time.now += milliseconds; } }
      : jest.requireActual(name),
    console: { log: (line: string) => log.push(line), error: (line: string) => log.push(line) },
    Date: { now: () => time.now },
    AbortSignal: {
      timeout: (milliseconds: number) => {
        const controller = new AbortController();
        time.answerTimes.push(milliseconds);
        time.runOut = () => controller.abort();
        return controller.signal;
      },
    },
  };
  new Function(...Object.keys(globals), code)(...Object.values(globals));
  return exports.handler!;
}

const open: (Server | SecureServer)[] = [];

async function listen(server: Server | SecureServer): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const environment = process.env;

afterEach(() => {
  process.env = environment;
  open.splice(0).forEach((server) => {
    server.close();
    server.closeAllConnections();
  });
});

/** What a service of AWS says: a status and an error code, or nothing at all. */
type Trouble = { readonly status: number; readonly code: string } | 'silence';

interface Account {
  /** What goes wrong with every call of EC2, and with the first calls of CodeDeploy. */
  readonly ec2?: Trouble;
  readonly codeDeploy?: Trouble[];
  /** The addresses of the load balancer at each call. */
  readonly addresses?: (call: number) => string[];
}

/** EC2 and CodeDeploy, as far as the function speaks with them, over their own protocols. */
class Aws {
  public readonly reports: { deploymentId: string; lifecycleEventHookExecutionId: string; status: string }[] = [];
  public calls = 0;

  constructor(private readonly account: Account) {}

  public readonly answer: RequestListener = async (request, response) => {
    this.calls += 1;
    const body = await text(request);
    const isReport = request.headers['x-amz-target'] === 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus';
    const wrong = isReport ? this.account.codeDeploy?.shift() : this.account.ec2;
    if (wrong === 'silence') {
      time.runOut();
      return;
    }
    if (isReport && wrong === undefined) {
      this.reports.push(JSON.parse(body));
    }
    response.writeHead(wrong?.status ?? 200).end(isReport
      ? JSON.stringify(wrong ? { __type: wrong.code, message: 'no' } : {})
      : this.interfaces(new URLSearchParams(body), wrong?.code));
  };

  private interfaces(query: URLSearchParams, code: string | undefined): string {
    if (code !== undefined) {
      return `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`;
    }
    const filters = [1, 2, 3].map((index) => `${query.get(`Filter.${index}.Name`)}=${query.get(`Filter.${index}.Value.1`)}`);
    expect([query.get('Action'), ...filters])
      .toEqual(['DescribeNetworkInterfaces', `description=ELB ${LOAD_BALANCER}`, 'status=in-use', 'null=null']);
    const { addresses = () => ['127.0.0.1'] } = this.account;
    const items = addresses(this.calls).map((address) => `<item><privateIpAddress>${address}</privateIpAddress></item>`);
    return '<DescribeNetworkInterfacesResponse><networkInterfaceSet>'
      + `${items.join('')}</networkInterfaceSet></DescribeNetworkInterfacesResponse>`;
  }
}

interface Run {
  /** Whether the function ended well, and not with an error, after which Lambda would try once more. */
  readonly ended: boolean;
  readonly log: string;
  readonly statuses: string[];
  readonly calls: number;
}

/** Deploys the function, and has CodeDeploy call it while `release` answers on the test listener. */
async function run(release: RequestListener, options: Account & {
  readonly props?: Partial<HttpSmokeTestOptions>;
  readonly event?: unknown;
  readonly settings?: string;
  readonly server?: Server | SecureServer;
} = {}): Promise<Run> {
  Object.assign(time, { now: 0, answerTimes: [] });
  const aws = new Aws(options);
  const endpoint = `http://127.0.0.1:${await listen(createServer(aws.answer))}`;
  const server = options.server ?? createServer();
  const port = await listen(server.on('request', release));
  const { code, settings } = deployed({ path: '/products?page=1', ...options.props }, server instanceof SecureServer);
  process.env = {
    SMOKE_TEST: options.settings ?? JSON.stringify({ ...settings, loadBalancer: LOAD_BALANCER, port }),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
  };
  const log: string[] = [];
  const ended = await load(code, log)('event' in options ? options.event : EVENT)
    .then(() => true, (error) => log.push(String(error)) === 0);
  const statuses = aws.reports.map(({ status, ...report }) => {
    expect(Object.values(report)).toEqual(Object.values(EVENT));
    return status;
  });
  return { ended, log: log.join('\n'), statuses, calls: aws.calls };
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

const never: RequestListener = () => time.runOut();
const reset: RequestListener = (request) => request.socket.resetAndDestroy();

describe('a release that answers well', () => {
  test('is let through after three answers five seconds apart, each to the request that users would send', async () => {
    const requests: IncomingMessage[] = [];

    const { ended, statuses } = await run((request, response) => {
      requests.push(request);
      response.end('anything');
    });

    expect([ended, statuses]).toEqual([true, ['Succeeded']]);
    expect(requests.map(({ method, url, headers: { host } }) => [method, url, host]))
      .toEqual(Array(3).fill(['GET', '/products?page=1', '${ProductionLoadBalancer9B55FBDA.DNSName}']));
    expect(time).toMatchObject({ now: 10_000, answerTimes: [10_000, 10_000, 10_000] });
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

  test('after a bad start is let through', async () => {
    const { statuses, log } = await run(answers(503, reset, never, 200));

    expect(statuses).toEqual(['Succeeded']);
    expect(log.split('\n')).toEqual([
      'Attempt 1: 127.0.0.1 answered 503 instead of 200',
      expect.stringMatching(/^Attempt 2: (socket hang up|read ECONNRESET)$/),
      'Attempt 3: The operation was aborted after 10 seconds',
      'Reported Succeeded for d-ABCDEF123',
    ]);
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
    const { statuses } = await run(answers(200), { addresses: (call) => call > 3 ? ['127.0.0.1'] : [] });

    expect(statuses).toEqual(['Succeeded']);
  });
});

const pour: RequestListener = (_, response) => {
  const more = () => {
    while (response.write('x'.repeat(64 * 1024))) { /* until the other side is full */ }
  };
  response.on('drain', more);
  more();
};

/** Answers when the time of the whole test is over. */
const late = (answer: RequestListener): RequestListener => (request, response) => {
  time.now += 60_000;
  answer(request, response);
};

test.each<[string, RequestListener, string | undefined, RegExp]>([
  ['answers with another status', answers(500), undefined, /answered 500 instead of 200/],
  ['redirects', (_, response) => void response.writeHead(301, { Location: '/' }).end(), undefined, /answered 301 instead of 200/],
  ['answers without the text', answers(200), 'In stock: 6',
    /answered without \\?"In stock: 6\\?" in the body, which begins with \\?"In stock: 5/],
  ['pours out an answer without end or the text', pour, 'In', /answered without "In" in the first 1000000 characters of the body/],
  ['never answers', never, undefined, /the last problem: The operation was aborted after 10 seconds/],
  ['never ends its answer', (_, response) => void response.write('In', time.runOut), 'In stock', /the last problem: .*aborted after 10 seconds/],
  ['resets the connection', reset, undefined, /the last problem: (socket hang up|read ECONNRESET)/],
  ['breaks off in the middle of its answer', (request, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('In');
    setTimeout(() => request.socket.resetAndDestroy(), 20);
  }, 'In stock', /the last problem: (aborted|read ECONNRESET)/],
  ['speaks another protocol', (request) => void request.socket.end('220 mail.example.com ESMTP\r\n'), undefined, /Parse Error/],
  ['answers well now and then, but never three times in a row', answers(200, 200, 500, 200, 200, 500, 200, 200, 500, 200, 200, 500),
    undefined, /no 3 good answers in a row within 60 seconds; the last problem: 127.0.0.1 answered 500/],
  ['answers badly when the time is over', late(answers(500)), undefined, /the last problem: 127.0.0.1 answered 500 instead of 200/],
  ['has not answered when the time is over', late(never), undefined, /the last problem: The operation was aborted after 10 seconds/],
])('a release that %s is kept out, and the reason is reported', async (_, release, body, reason) => {
  const { ended, statuses, log } = await run(release, { props: { body } });

  expect([ended, statuses]).toEqual([true, ['Failed']]);
  expect(log.split('\n').at(-2)).toMatch(reason);
  expect([60_000, 65_000]).toContain(time.now);
});

test('a release behind HTTPS that breaks off before it answers is kept out', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }]);
  const secure = createSecureServer({ key, cert });
  secure.on('secureConnection', (socket) => socket.destroy());

  expect((await run(answers(200), { server: secure })).statuses).toEqual(['Failed']);
});

const HALF_SETTINGS = JSON.stringify({ timeout: 300, interval: 20, answerTime: 100, loadBalancer: LOAD_BALANCER });

test.each<[string, Parameters<typeof run>[1], RegExp]>([
  ['one node of the load balancer does not answer', { addresses: () => ['127.0.0.1', '127.0.0.2'] }, /ECONNREFUSED 127.0.0.2/],
  ['the load balancer has no address', { addresses: () => [] }, /: the load balancer app.alb-\S+ has no network interface in use/],
  ['EC2 refuses', { ec2: { status: 403, code: 'UnauthorizedOperation' } }, /the last problem: no/],
  ['EC2 is silent', { ec2: 'silence' }, /the last problem: Request aborted after 10 seconds/],
  ['the settings are missing', { settings: '' }, /Unexpected end of JSON/],
  ['the settings are no JSON', { settings: '{' }, /JSON/],
  ['the settings are empty', { settings: '{}' }, /no 3 good answers/],
  ['the settings do not say what is expected', { settings: HALF_SETTINGS }, /the last problem: /],
])('a release is kept out when %s', async (_, options, reason) => {
  const { ended, statuses, log } = await run(answers(200), options);

  expect([ended, statuses]).toEqual([true, ['Failed']]);
  expect(log).toMatch(reason);
});

describe('the report', () => {
  test.each([undefined, 'x', { DeploymentId: 'd-1' }, { DeploymentId: '', LifecycleEventHookExecutionId: 'x' }])(
    'is not made for %j, which is no event of CodeDeploy', async (event) => {
      const { ended, log, calls } = await run(answers(200), { event });

      expect([ended, calls]).toEqual([false, 0]);
      expect(log).toContain('This is no event of CodeDeploy');
    });

  test.each<[string, Trouble]>([
    ['fails', { status: 500, code: 'InternalFailure' }],
    ['is throttled', { status: 400, code: 'ThrottlingException' }],
    ['is silent', 'silence'],
  ])('is made again when CodeDeploy %s', async (_, trouble) => {
    const { ended, statuses } = await run(answers(200), { codeDeploy: [trouble] });

    expect([ended, statuses]).toEqual([true, ['Succeeded']]);
  });

  test('ends the function with an error when CodeDeploy refuses it', async () => {
    const refusal = { status: 400, code: 'AccessDeniedException' };
    const { ended, statuses } = await run(answers(200), { codeDeploy: Array<Trouble>(10).fill(refusal) });

    expect([ended, statuses]).toEqual([false, []]);
  });

  test('that was made before, and whose answer was lost, is enough', async () => {
    const { ended } = await run(answers(200), { codeDeploy: [{ status: 400, code: 'LifecycleEventAlreadyCompletedException' }] });

    expect(ended).toBe(true);
  });
});
