import { createServer, RequestListener, Server } from 'http';
import { Server as SecureServer } from 'https';
import { AddressInfo } from 'net';
import { text } from 'stream/consumers';
import { aws_certificatemanager as acm } from 'aws-cdk-lib';
import { loadInline } from './inline-function';
import { newStack, templateOf } from './synthesis';
import { functionFor, rendered } from './templates';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { HttpSmokeTestOptions, SmokeTest } from '../../src';

export const LOAD_BALANCER = 'app/alb-production-dev/50dc6c495c0c9188';
const EVENT = { DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'eyJlbmNyeXB0ZWREYXRhIjoi' };

interface Deployed {
  readonly code: string;
  readonly settings: { readonly [name: string]: unknown };
}

/** Each function is synthesised once, because that takes longer than running it. */
const functions: { [key: string]: Deployed } = {};

/** The code and the settings of the function, from the template. */
function deployed(props: HttpSmokeTestOptions, secure: boolean): Deployed {
  const stack = newStack();
  const certificateArn = stack.formatArn({ service: 'acm', resource: 'certificate/x' });
  deploymentIn(stack, {
    hooks: { smokeTest: SmokeTest.http(props) },
    certificate: secure ? acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) : undefined,
  });
  const [, { Code, Environment }] = functionFor('smoke', templateOf(stack));
  return { code: Code.ZipFile, settings: JSON.parse(rendered(Environment.Variables.SMOKE_TEST)) };
}

/** The clock of the function: sleeping takes no time, and an attempt times out when a test requests it. */
export const time = { now: 0, answerTimes: [] as number[], runOut: () => {} };

/** Loads the function with the time and the log of a test. */
function load(code: string, log: string[]): ReturnType<typeof loadInline> {
  return loadInline(code, {
    sleep: async (milliseconds) => { time.now += milliseconds; },
    log: (line) => log.push(line),
    timeout: (milliseconds) => {
      const controller = new AbortController();
      time.answerTimes.push(milliseconds);
      time.runOut = () => controller.abort();
      return controller.signal;
    },
    globals: { Date: { now: () => time.now } },
  });
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

/** The response of an AWS service: a status and an error code, or none. */
export type Trouble = { readonly status: number; readonly code: string } | 'silence';

export interface Account {
  /** The failures of every call of EC2, and of the first calls of CodeDeploy. */
  readonly ec2?: Trouble;
  readonly codeDeploy?: Trouble[];
  /** The addresses of the load balancer at each call. */
  readonly addresses?: (call: number) => string[];
}

/** EC2 and CodeDeploy, with the operations that the function uses, over their own protocols. */
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
  /** True if the function succeeded. Lambda would retry after an error. */
  readonly ended: boolean;
  readonly log: string;
  readonly statuses: string[];
  readonly calls: number;
}

/** Deploys the function, and invokes it as CodeDeploy while `release` responds on the test listener. */
export async function run(release: RequestListener, options: Account & {
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
  const props = { path: '/products?page=1', ...options.props };
  const secure = server instanceof SecureServer;
  const { code, settings } = functions[`${JSON.stringify(props)} ${secure}`] ??= deployed(props, secure);
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

/** Responses of one release, in order; the last one repeats. */
export function answers(...each: (number | RequestListener)[]): RequestListener {
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

export const never: RequestListener = () => time.runOut();
export const reset: RequestListener = (request) => request.socket.resetAndDestroy();
