import { IncomingMessage, RequestListener } from 'http';
import { createServer as createSecureServer } from 'https';
import { TLSSocket } from 'tls';
import { generate } from 'selfsigned';
import { answers, LOAD_BALANCER, never, reset, run, time, Trouble } from '../helpers/smoke-test';

// A guard against hanging: CodeDeploy's silence lasts the five seconds that the SDK waits.
jest.setTimeout(60_000);

describe('a healthy release', () => {
  test('a release passes after three responses five seconds apart, each to the request that users would send', async () => {
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

  test('a release with the expected status, text and host passes', async () => {
    const hosts: (string | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(202).write('In st');
      setTimeout(() => response.end('ock: 5 of ö'), 20);
    }, { props: { status: 202, body: 'In stock: 5 of ö', host: 'shop.example.com' } });

    expect(statuses).toEqual(['Succeeded']);
    expect(hosts).toEqual(Array(3).fill('shop.example.com'));
  });

  test('a release over HTTPS passes with any certificate, and receives the host name', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'elsewhere.example.com' }]);
    const names: (string | false | null | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      names.push((request.socket as TLSSocket).servername);
      response.end();
    }, { server: createSecureServer({ key, cert }), props: { host: 'shop.example.com' } });

    expect(statuses).toEqual(['Succeeded']);
    expect(names).toEqual(Array(3).fill('shop.example.com'));
  });

  test('a release with a bad start passes', async () => {
    const { statuses, log } = await run(answers(503, reset, never, 200));

    expect(statuses).toEqual(['Succeeded']);
    expect(log.split('\n')).toEqual([
      'Attempt 1: 127.0.0.1 responded with 503 instead of 200',
      expect.stringMatching(/^Attempt 2: (socket hang up|read ECONNRESET)$/),
      'Attempt 3: The operation was aborted after 10 seconds',
      'Reported Succeeded for d-ABCDEF123',
    ]);
  });

  test('a release with an expected redirect passes, and the redirect is not followed', async () => {
    const paths: (string | undefined)[] = [];

    const { statuses } = await run((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { Location: '/login' }).end();
    }, { props: { status: 302 } });

    expect(statuses).toEqual(['Succeeded']);
    expect(new Set(paths)).toEqual(new Set(['/products?page=1']));
  });

  test('a release passes through a load balancer whose addresses change during the test', async () => {
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
  ['responds with another status', answers(500), undefined, /responded with 500 instead of 200/],
  ['redirects', (_, response) => void response.writeHead(301, { Location: '/' }).end(), undefined, /responded with 301 instead of 200/],
  ['responds without the text', answers(200), 'In stock: 6',
    /responded without \\?"In stock: 6\\?" in the body, which starts with \\?"In stock: 5/],
  ['sends an endless response without the text', pour, 'In', /responded without "In" in the first 1000000 characters of the body/],
  ['never responds', never, undefined, /the last problem: The operation was aborted after 10 seconds/],
  ['never ends its response', (_, response) => void response.write('In', time.runOut), 'In stock', /the last problem: .*aborted after 10 seconds/],
  ['resets the connection', reset, undefined, /the last problem: (socket hang up|read ECONNRESET)/],
  ['closes the connection in the middle of its response', (request, response) => {
    response.writeHead(200, { 'Content-Length': 100 }).write('In');
    setTimeout(() => request.socket.resetAndDestroy(), 20);
  }, 'In stock', /the last problem: (aborted|read ECONNRESET)/],
  ['speaks another protocol', (request) => void request.socket.end('220 mail.example.com ESMTP\r\n'), undefined, /Parse Error/],
  ['responds well now and then, but never three times in a row', answers(200, 200, 500, 200, 200, 500, 200, 200, 500, 200, 200, 500),
    undefined, /no 3 good answers in a row within 60 seconds; the last problem: 127.0.0.1 responded with 500/],
  ['responds with an error when the time is over', late(answers(500)), undefined, /the last problem: 127.0.0.1 responded with 500 instead of 200/],
  ['has not responded when the time is over', late(never), undefined, /the last problem: The operation was aborted after 10 seconds/],
])('a release that %s is stopped, and the reason is reported', async (_, release, body, reason) => {
  const { ended, statuses, log } = await run(release, { props: { body } });

  expect([ended, statuses]).toEqual([true, ['Failed']]);
  expect(log.split('\n').at(-2)).toMatch(reason);
  expect([60_000, 65_000]).toContain(time.now);
});

test('a release behind HTTPS that closes the connection before it responds is stopped', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'x' }]);
  const secure = createSecureServer({ key, cert });
  secure.on('secureConnection', (socket) => socket.destroy());

  expect((await run(answers(200), { server: secure })).statuses).toEqual(['Failed']);
});

const HALF_SETTINGS = JSON.stringify({ timeout: 300, interval: 20, answerTime: 100, loadBalancer: LOAD_BALANCER });

test.each<[string, Parameters<typeof run>[1], RegExp]>([
  ['one node of the load balancer does not respond', { addresses: () => ['127.0.0.1', '127.0.0.2'] }, /ECONNREFUSED 127.0.0.2/],
  ['the load balancer has no address', { addresses: () => [] }, /: the load balancer app.alb-\S+ has no network interface in use/],
  ['EC2 denies the call', { ec2: { status: 403, code: 'UnauthorizedOperation' } }, /the last problem: no/],
  ['EC2 does not respond', { ec2: 'silence' }, /the last problem: Request aborted after 10 seconds/],
  ['the settings are missing', { settings: '' }, /Unexpected end of JSON/],
  ['the settings are not JSON', { settings: '{' }, /JSON/],
  ['the settings are empty', { settings: '{}' }, /no 3 good answers/],
  ['the settings do not contain the expected status', { settings: HALF_SETTINGS }, /the last problem: /],
])('a release is stopped when %s', async (_, options, reason) => {
  const { ended, statuses, log } = await run(answers(200), options);

  expect([ended, statuses]).toEqual([true, ['Failed']]);
  expect(log).toMatch(reason);
});

test('the daily event that keeps the function active causes no request, no call and no report', async () => {
  const requests: (string | undefined)[] = [];
  const { ended, log, statuses, calls } = await run((request) => void requests.push(request.url), { event: { keepActive: true }, settings: '' });

  expect({ ended, log, statuses, calls, requests }).toEqual({ ended: true, log: '', statuses: [], calls: 0, requests: [] });
});

describe('the report to CodeDeploy', () => {
  test.each([undefined, 'x', { DeploymentId: 'd-1' }, { DeploymentId: '', LifecycleEventHookExecutionId: 'x' }])(
    'the report is not sent for %j, which is not an event of CodeDeploy', async (event) => {
      const { ended, log, calls } = await run(answers(200), { event });

      expect([ended, calls]).toEqual([false, 0]);
      expect(log).toContain('Not a CodeDeploy event');
    });

  test.each<[string, Trouble]>([
    ['fails', { status: 500, code: 'InternalFailure' }],
    ['is throttled', { status: 400, code: 'ThrottlingException' }],
    ['does not respond', 'silence'],
  ])('the report is sent again when CodeDeploy %s', async (_, trouble) => {
    const { ended, statuses } = await run(answers(200), { codeDeploy: [trouble] });

    expect([ended, statuses]).toEqual([true, ['Succeeded']]);
  });

  test('the function fails when CodeDeploy rejects the report', async () => {
    const refusal = { status: 400, code: 'AccessDeniedException' };
    const { ended, statuses } = await run(answers(200), { codeDeploy: Array<Trouble>(10).fill(refusal) });

    expect([ended, statuses]).toEqual([false, []]);
  });

  test('an earlier report whose response was lost is enough', async () => {
    const { ended } = await run(answers(200), { codeDeploy: [{ status: 400, code: 'LifecycleEventAlreadyCompletedException' }] });

    expect(ended).toBe(true);
  });
});
