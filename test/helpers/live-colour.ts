import { createServer, IncomingMessage, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { text } from 'stream/consumers';
import { loadInline } from './inline-function';
import { newStack, templateOf } from './synthesis';
import { functionFor } from './templates';
import { deploymentIn } from '../../scripts/errors/cases/subjects';

export type Colour = 'blue' | 'green';

export const GROUPS: { readonly [colour in Colour]: string } = {
  blue: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/tg-blue-production-dev/1',
  green: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/tg-green-production-dev/2',
};

export const STACK_ID = 'arn:aws:cloudformation:us-east-1:111111111111:stack/Storefront/0a1b2c3d';

/** A task set as ECS describes it. */
export interface TaskSet {
  readonly status: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** The deployment that created it; none for the task set of CloudFormation. */
  readonly externalId?: string;
  readonly loadBalancers: { readonly targetGroupArn: string }[];
}

export function taskSet(colour: Colour, status: 'PRIMARY' | 'ACTIVE' | 'DRAINING', createdAt: number, of: 'bootstrap' | 'release' = 'release'): TaskSet {
  return {
    status, createdAt, ...(of === 'release' && { externalId: `d-${createdAt}` }), loadBalancers: [{ targetGroupArn: GROUPS[colour] }],
  };
}

/** A failure of a service call: an error, or no answer. */
export type Trouble = { readonly code: string; readonly status?: number } | 'silence';

/** State of ECS and CloudFormation. */
export interface Account {
  /** The service; `no cluster` if there is no cluster either. */
  service?: { readonly status: string; readonly taskSets: TaskSet[] } | 'no cluster';
  stackStatus: string;
  /** The failures of the next calls, in order; the last one repeats. */
  ecs: (Trouble | undefined)[];
  cloudFormation: (Trouble | undefined)[];
  /** The statuses of the next responses of CloudFormation. */
  received: (number | 'silence')[];
}

export interface Event {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: object;
  readonly OldResourceProperties?: object;
}

export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly Production: string; readonly Test: string };
}

export interface Outcome {
  readonly answer?: Answer;
  /** The error of the function, after which Lambda retries it. */
  readonly error?: string;
  /** The calls, as `ecs` and `cloudformation`. */
  readonly calls: string[];
}

export function account(change: Partial<Account> = {}): Account {
  return { stackStatus: 'UPDATE_IN_PROGRESS', ecs: [], cloudFormation: [], received: [], ...change };
}

let code: string | undefined;

/** The code of the function in the template. */
function deployedCode(): string {
  if (code === undefined) {
    const stack = newStack();
    deploymentIn(stack, {});
    const [, { Code }] = functionFor('colour', templateOf(stack));
    code = Code.ZipFile as string;
  }
  return code;
}

/** The timeout of a request of the function, in milliseconds. */
const ANSWER_TIME = 5000;

/** The clock of the function: waiting takes no time, and a request times out when the test requests it. */
class Time {
  private readonly late = new Set<() => void>();

  public constructor() {
    const { setTimeout: inNoTime } = globalThis;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, milliseconds: number) => (
      milliseconds === ANSWER_TIME ? this.add(callback) : inNoTime(callback, milliseconds < 1000 ? 0 : milliseconds)
    )) as typeof setTimeout);
  }

  public signal(milliseconds: number): AbortSignal {
    expect(milliseconds).toBe(ANSWER_TIME);
    const controller = new AbortController();
    this.add(() => controller.abort(new Error('no answer')));
    return controller.signal;
  }

  /** Times out every pending request. */
  public runOut(): void {
    this.late.forEach((callback) => callback());
    this.late.clear();
  }

  private add(callback: () => void): void {
    this.late.add(callback);
  }
}

/** Sends an event as CloudFormation, over HTTP with all services. */
export async function send(event: Event, known: Account): Promise<Outcome> {
  const calls: string[] = [];
  const time = new Time();
  let answer: Answer | undefined;
  const server = createServer((request, response) => void respond(request, response));
  const next = (list: (Trouble | undefined)[]) => (list.length > 1 ? list.shift() : list[0]);
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === '/answer') {
      const status = known.received.shift() ?? 200;
      if (status === 'silence') {
        return time.runOut();
      }
      // S3 signs the address without a content type.
      expect([request.method, request.headers['content-type']]).toEqual(['PUT', undefined]);
      if (status === 200) {
        answer = JSON.parse(body) as Answer;
      }
      response.writeHead(status).end();
      return;
    }
    const isEcs = request.headers['x-amz-target'] === 'AmazonEC2ContainerServiceV20141113.DescribeServices';
    calls.push(isEcs ? 'ecs' : 'cloudformation');
    const trouble = next(isEcs ? known.ecs : known.cloudFormation);
    if (trouble === 'silence') {
      return time.runOut();
    }
    const [status, content] = isEcs ? ecs(known, body, trouble) : cloudFormation(known, body, trouble);
    response.writeHead(status).end(content);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: address,
  });
  try {
    const handler = loadInline(deployedCode(), { sleep: async () => {}, log: () => {}, timeout: (milliseconds) => time.signal(milliseconds) });
    await handler({
      LogicalResourceId: 'LiveColour', RequestId: 'r-1', StackId: STACK_ID, ResponseURL: `${address}/answer`, ResourceProperties: PROPERTIES, ...event,
    });
    return { answer, calls };
  } catch (error) {
    return { error: (error as Error).message, calls };
  } finally {
    Object.keys(process.env).forEach((name) => delete process.env[name]);
    Object.assign(process.env, environment);
    jest.restoreAllMocks();
    server.close();
    server.closeAllConnections();
  }
}

export const PROPERTIES = {
  EnvironmentName: 'production', Cluster: 'cluster-production-dev', Service: 'service-production-dev', Blue: GROUPS.blue, Green: GROUPS.green, Listeners: [],
};

function ecs({ service }: Account, body: string, trouble: Exclude<Trouble, 'silence'> | undefined): [number, string] {
  expect(JSON.parse(body)).toEqual({ cluster: 'cluster-production-dev', services: ['service-production-dev'] });
  const error = trouble ?? (service === 'no cluster' ? { code: 'ClusterNotFoundException' } : undefined);
  if (error) {
    return [error.status ?? 400, JSON.stringify({ __type: error.code, message: 'Cluster not found, or worse.' })];
  }
  return [200, JSON.stringify(service === undefined || service === 'no cluster'
    ? { services: [], failures: [{ reason: 'MISSING' }] }
    : { services: [{ serviceName: 'service-production-dev', ...service }], failures: [] })];
}

function cloudFormation({ stackStatus }: Account, body: string, trouble: Exclude<Trouble, 'silence'> | undefined): [number, string] {
  const query = new URLSearchParams(body);
  expect([query.get('Action'), query.get('StackName')]).toEqual(['DescribeStacks', STACK_ID]);
  return trouble
    ? [trouble.status ?? 400, `<ErrorResponse><Error><Type>Sender</Type><Code>${trouble.code}</Code><Message>no</Message></Error></ErrorResponse>`]
    : [200, '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>Storefront</StackName>'
      + `<CreationTime>2026-11-30T00:00:00Z</CreationTime><StackStatus>${stackStatus}</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`];
}
