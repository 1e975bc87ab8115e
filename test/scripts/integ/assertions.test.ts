import { mkdtempSync, readFileSync, rmSync } from 'fs';
import https from 'https';
import { tmpdir } from 'os';
import { join } from 'path';
import { ROOT, synthesise } from '../../../scripts/integ/app';
import { Fate, ReleaseAccount } from '../../helpers/release-account';
import { Resource, SynthesisedTemplate } from '../../helpers/synthesis';
import { all, rendered, waitsFor } from '../../helpers/templates';

// The function that AWS would run for each assertion; the package does not export it.
const HANDLER = join(ROOT, 'node_modules/@aws-cdk/integ-tests-alpha/lib/assertions/providers/lambda-handler.bundle/index.js');

// Synthesis and the SDK take their time on a busy machine.
jest.setTimeout(120_000);

type Values = { readonly [name: string]: string };
interface Answer { readonly Status: string; readonly Reason: string; readonly Data?: Values }
interface Handler {
  handler(event: object, context: object): Promise<void>;
  isComplete(event: object, context: object): Promise<void>;
}

let folder: string;
let template: SynthesisedTemplate;
let storefront: SynthesisedTemplate;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'integ-'));
  synthesise(folder);
  const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.template.json`), 'utf8')) as SynthesisedTemplate;
  template = read('assertions-dev');
  storefront = read('storefront-dev');
});

afterAll(() => rmSync(folder, { recursive: true }));

const assertions = (): [string, Resource][] => Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('Custom::DeployAssert@'));

/** The assertions in the order in which CloudFormation makes them. */
function inOrder(): [string, Resource][] {
  const before = (id: string) => [...waitsFor(template, id)].filter((other) => assertions().some(([name]) => name === other)).length;
  return assertions().sort(([one], [other]) => before(one) - before(other));
}

/** Replaces intrinsic functions by their values, as CloudFormation does. */
function resolved(value: unknown, data: { readonly [id: string]: Values }): unknown {
  if (Array.isArray(value)) {
    return value.map((inner) => resolved(inner, data));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[key, inner], ...more] = Object.entries(value);
  if (more.length === 0 && key === 'Fn::Join') {
    return (resolved(inner[1], data) as string[]).join(inner[0]);
  }
  if (more.length === 0 && key === 'Fn::GetAtt') {
    const [id, attribute] = inner as [string, string];
    return id in data ? data[id][attribute] ?? `no ${attribute}` : `arn-of-${id}`;
  }
  if (more.length === 0 && (key === 'Ref' || key === 'Fn::ImportValue')) {
    return String(inner).replace(/[^\w-]/g, '-');
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one, data)]));
}

/** Runs every assertion as CloudFormation, Step Functions and Lambda would, and tells which passed, up to the first that does not. */
async function passedIn(fate: Fate): Promise<string[]> {
  const stages: { Name: string }[] = all(storefront, 'AWS::CodePipeline::Pipeline')[0][1].Stages;
  const account = new ReleaseAccount(stages.map(({ Name }) => Name), releaseOf, fate);
  const environment = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await account.start(),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
  });
  const handler = jest.requireActual<Handler>(HANDLER);
  const data: { [id: string]: Values } = {};
  const passed: string[] = [];
  try {
    for (const [id, { Type, Properties }] of inOrder()) {
      const answer = await answerTo(handler, id, Type, resolved(Properties, data) as Values);
      if (answer?.Status !== 'SUCCESS') {
        return passed;
      }
      passed.push(id);
      data[id] = answer.Data ?? {};
    }
    return passed;
  } finally {
    account.stop();
    process.env = environment;
  }
}

/** Which release CDK would upload under a key. */
function releaseOf(key: string): string {
  const dockerfile = readFileSync(join(folder, `asset.${key.replace(/\.zip$/, '')}`, 'examples/us-east-1/app/Dockerfile'), 'utf8');
  return /^ENV VERSION=(\w+)/m.exec(dockerfile.slice(dockerfile.indexOf('CMD')))?.[1] ?? 'neither';
}

async function answerTo(handler: Handler, id: string, type: string, properties: Values): Promise<Answer | undefined> {
  let answer: Answer | undefined;
  const request = jest.spyOn(https, 'request').mockImplementation(((_: unknown, done: () => void) => ({
    on: () => undefined,
    write: (body: string) => {
      // CloudFormation refuses more.
      expect(body.length).toBeLessThan(4096);
      answer = JSON.parse(body);
    },
    end: () => done(),
  })) as unknown as typeof https.request);
  const event = {
    RequestType: 'Create',
    ResponseURL: 'https://cloudformation.example/',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: id,
    ResourceType: type,
    ResourceProperties: properties,
  };
  const context = { getRemainingTimeInMillis: () => 120_000 };
  // A wait that has not passed after so many looks never will in this account.
  const attempts = 'stateMachineArn' in properties ? 12 : 1;
  for (let attempt = 0; attempt < attempts && answer === undefined; attempt += 1) {
    await (attempts === 1 ? handler.handler(event, context) : handler.isComplete(event, context)).catch(() => undefined);
  }
  request.mockRestore();
  return answer;
}

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
  jest.spyOn(console, 'info').mockImplementation();
});

const TASK_TAGS = [{ key: 'aws:ecs:serviceName', value: 'service-production-dev' }, { key: 'application', value: 'storefront' }];
const ROLLED_BACK = { stoppedBy: 'ALARM_ACTIVE', rollback: 'Succeeded' as const, answers: '{"200 good":100}', taskTags: TASK_TAGS };

test('every assertion passes, in this order, when both releases behave as expected', async () => {
  expect(await passedIn(ROLLED_BACK)).toEqual([
    'BootstrapAnswers',
    'GoodIsPushed', 'GoodReachesApprovalOfStaging', 'GoodIsApprovedForStaging', 'GoodReachesApprovalOfProduction', 'GoodIsApprovedForProduction',
    'GoodIsInProduction', 'GoodAnswers', 'GoodRunsInProduction', 'GoodCarriesTags',
    'BrokenIsPushed', 'BrokenReachesApprovalOfStaging', 'BrokenIsApprovedForStaging', 'BrokenReachesApprovalOfProduction', 'BrokenIsApprovedForProduction',
    'BrokenFailsInProduction', 'BrokenWasStoppedByAnAlarm', 'RollbackHasBegun', 'RollbackHasSucceeded', 'GoodAnswersAgain',
  ]);
});

test.each([
  ['BrokenIsApprovedForProduction', 'nothing stops the broken release', { answers: '{"200 broken":50,"500 broken":50}', taskTags: TASK_TAGS }],
  ['GoodRunsInProduction', 'its tasks have only the tags of ECS', { ...ROLLED_BACK, taskTags: TASK_TAGS.slice(0, 1) }],
  ['BrokenFailsInProduction', 'something other than an alarm stops it', { ...ROLLED_BACK, stoppedBy: 'HEALTH_CONSTRAINTS' }],
  ['BrokenWasStoppedByAnAlarm', 'nothing is rolled back', { ...ROLLED_BACK, rollback: undefined }],
  ['RollbackHasBegun', 'the rollback fails', { ...ROLLED_BACK, rollback: 'Failed' as const }],
  ['RollbackHasSucceeded', 'one response in a hundred is still from the broken release', { ...ROLLED_BACK, answers: '{"200 good":99,"200 broken":1}' }],
  ['RollbackHasSucceeded', 'one response in a hundred is still an error', { ...ROLLED_BACK, answers: '{"200 good":99,"502 Bad Gateway":1}' }],
])('the integration test fails after %s when %s', async (last, _, fate) => {
  expect((await passedIn(fate)).at(-1)).toBe(last);
});

test('CloudFormation waits an hour, which is long enough for every step', () => {
  const waits = all(template, 'AWS::StepFunctions::StateMachine').map(([, { DefinitionString }]) => {
    const [, interval, attempts] = /"IntervalSeconds":(\d+),"MaxAttempts":(\d+)/.exec(rendered(DefinitionString)) ?? [];
    return Number(interval) * Number(attempts) / 60;
  });

  expect(waits).toHaveLength(inOrder().filter(([, { Properties }]) => 'stateMachineArn' in Properties).length);
  // A look takes its time, too: that of the users twenty seconds.
  expect(Math.max(...waits)).toBeLessThanOrEqual(40);
});
