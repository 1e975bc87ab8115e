import { aws } from './cloud';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic-alerts-local';
const CONSOLE = 'https://console.aws.amazon.com';
const BUILD = 'arn:aws:codebuild:us-east-1:000000000000:build/project-build-local:8745a7a9-c340-456a-9166-edf953571bec';
const LOG = `${CONSOLE}/cloudwatch/home?region=us-east-1#logEvent:group=/aws/codebuild/project-build-local`;

/** The emulator sets the time of an event to the time when it receives it. */
const TIME: unknown = expect.stringMatching(/^"Time: 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/);

const event = (Source: string, DetailType: string, Detail: object) => (change: object = {}) =>
  ({ Source, DetailType, Detail: { ...Detail, ...change } });

/** The events in the format of the AWS documentation, without fields that no rule reads; only names and IDs are of the example. */
const pipelineEvent = event('aws.codepipeline', 'CodePipeline Pipeline Execution State Change', {
  'pipeline': 'pipeline-local', 'execution-id': '0123', 'state': 'FAILED',
});
const buildEvent = event('aws.codebuild', 'CodeBuild Build State Change', {
  'build-status': 'FAILED',
  'project-name': 'project-build-local',
  'build-id': BUILD,
  'additional-information': { logs: { 'deep-link': LOG } },
});
const deploymentEvent = event('aws.codedeploy', 'CodeDeploy Deployment State-change Notification', {
  application: 'application-production-local',
  deploymentId: 'd-123456789',
  deploymentGroup: 'deployment-group-production-local',
  state: 'FAILURE',
});

type Event = ReturnType<typeof pipelineEvent>;

/** On AWS only its own services may put events whose source begins with `aws.`; here emulator.py lets anyone do so. */
async function put(...events: Event[]): Promise<void> {
  const { FailedEntryCount } = await aws<{ FailedEntryCount: number }>('events', 'put_events', {
    Entries: events.map(({ Detail, ...others }) => ({ ...others, Detail: JSON.stringify(Detail) })),
  });
  expect(FailedEntryCount).toBe(0);
}

let queueUrl: string;
let subscription: string;

/** The lines of the messages in the queue; waits for the first message. EventBridge keeps the quotes around each line of such a text. */
async function received(): Promise<string[][]> {
  const { Messages = [] } = await aws<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
    'sqs', 'receive_message', { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 },
  );
  for (const { ReceiptHandle } of Messages) {
    await aws('sqs', 'delete_message', { QueueUrl: queueUrl, ReceiptHandle });
  }
  return Messages.map(({ Body }) => (JSON.parse(Body) as { Message: string }).Message.split('\n'));
}

describe('an event on the bus of the emulator reaches a queue that is subscribed to the topic of the alerts', () => {
  beforeAll(async () => {
    ({ QueueUrl: queueUrl } = await aws<{ QueueUrl: string }>('sqs', 'create_queue', { QueueName: 'oncall' }));
    ({ SubscriptionArn: subscription } = await aws<{ SubscriptionArn: string }>('sns', 'subscribe', {
      TopicArn: TOPIC, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:oncall',
    }));
  });

  afterAll(async () => {
    await aws('sns', 'unsubscribe', { SubscriptionArn: subscription });
    await aws('sqs', 'delete_queue', { QueueUrl: queueUrl });
  });

  test.each<[string, Event, string[]]>([
    ...['FAILED', 'CANCELED'].map((state): [string, Event, string[]] => [`an execution that ended as ${state}`, pipelineEvent({ state }), [
      `An execution of the pipeline pipeline-local ended as ${state}.`,
      'Execution: 0123',
      `Console: ${CONSOLE}/codesuite/codepipeline/pipelines/pipeline-local/view?region=us-east-1`,
    ]]),
    ...['FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'].map((status): [string, Event, string[]] => [`a build that ended as ${status}`, buildEvent({ 'build-status': status }), [
      `A build of project-build-local ended as ${status}.`,
      `Build: ${BUILD}`,
      `Log: ${LOG}`,
    ]]),
    ...['FAILURE', 'STOP'].map((state): [string, Event, string[]] => [`a deployment that ended as ${state}`, deploymentEvent({ state }), [
      `A deployment of application-production-local ended as ${state}: CodeDeploy routes all traffic back to the previous tasks.`,
      'Deployment: d-123456789',
      `Console: ${CONSOLE}/codesuite/codedeploy/deployments/d-123456789?region=us-east-1`,
    ]]),
  ])('%s: the alert names the resource, the time and the page to open', async (_, happened, [what, which, where]) => {
    await put(happened);

    expect(await received()).toEqual([[`"${what}"`, `"${which}"`, TIME, `"${where}"`]]);
  });

  // What comes last does arrive, so what came before it was not merely late.
  test('actions of other resources, successes and superseded executions send no alert', async () => {
    await put(
      pipelineEvent({ pipeline: 'pipeline-theirs' }),
      pipelineEvent({ state: 'SUCCEEDED' }),
      pipelineEvent({ state: 'SUPERSEDED' }),
      buildEvent({ 'project-name': 'project-build-theirs' }),
      buildEvent({ 'build-status': 'SUCCEEDED' }),
      deploymentEvent({ application: 'application-production-theirs' }),
      deploymentEvent({ state: 'SUCCESS' }),
      pipelineEvent({ 'execution-id': 'the-one-after-it' }),
    );

    expect(await received()).toEqual([expect.arrayContaining(['"Execution: the-one-after-it"'])]);
  });

  test('a rollback alarm sends an alert when it is triggered, and none when it recovers', async () => {
    const set = (StateValue: string) => aws('cloudwatch', 'set_alarm_state', {
      AlarmName: 'alarm-errors-green-production-local', StateValue, StateReason: `set to ${StateValue} by a test`,
    });
    await set('OK');
    await set('ALARM');

    expect((await received()).map(([message]) => JSON.parse(message) as object)).toEqual([expect.objectContaining({
      AlarmName: 'alarm-errors-green-production-local', NewStateValue: 'ALARM', NewStateReason: 'set to ALARM by a test',
    })]);
  });
});
