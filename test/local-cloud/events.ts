import { aws } from './cloud';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic-alerts-local';

/** The emulator gives every event the time at which it took it. */
const TIME: unknown = expect.stringMatching(/^"Time: 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/);

/** The events as AWS documents them; only names and ids are of our example. */
const pipelineEvent = (detail: object) => ({
  Source: 'aws.codepipeline',
  DetailType: 'CodePipeline Pipeline Execution State Change',
  Resources: ['arn:aws:codepipeline:us-east-1:000000000000:pipeline-local'],
  Detail: {
    'pipeline': 'pipeline-local',
    'execution-id': '01234567-0123-0123-0123-012345678901',
    'start-time': '2026-11-24T09:01:02.123Z',
    'execution-trigger': { 'trigger-type': 'StartPipelineExecution', 'trigger-detail': 'arn:aws:sts::000000000000:assumed-role/Developer/ann' },
    'state': 'FAILED',
    'version': 3,
    'pipeline-execution-attempt': 1,
    ...detail,
  },
});

const buildEvent = (detail: object) => ({
  Source: 'aws.codebuild',
  DetailType: 'CodeBuild Build State Change',
  Resources: ['arn:aws:codebuild:us-east-1:000000000000:build/project-build-local:8745a7a9-c340-456a-9166-edf953571bec'],
  Detail: {
    'build-status': 'FAILED',
    'project-name': 'project-build-local',
    'build-id': 'arn:aws:codebuild:us-east-1:000000000000:build/project-build-local:8745a7a9-c340-456a-9166-edf953571bec',
    'current-phase': 'COMPLETED',
    'current-phase-context': '[]',
    'version': '1',
    'additional-information': {
      'build-complete': true,
      'build-number': 17,
      'initiator': 'codepipeline/pipeline-local',
      'build-start-time': 'Nov 24, 2026 9:12:29 AM',
      'logs': {
        'group-name': '/aws/codebuild/project-build-local',
        'stream-name': '8745a7a9-c340-456a-9166-edf953571bec',
        'deep-link': 'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEvent:group=/aws/codebuild/project-build-local',
      },
      'phases': [{ 'phase-type': 'BUILD', 'phase-status': 'FAILED', 'duration-in-seconds': 41, 'phase-context': [] }],
    },
    ...detail,
  },
});

const deploymentEvent = (detail: object) => ({
  Source: 'aws.codedeploy',
  DetailType: 'CodeDeploy Deployment State-change Notification',
  Resources: [
    'arn:aws:codedeploy:us-east-1:000000000000:application:application-production-local',
    'arn:aws:codedeploy:us-east-1:000000000000:deploymentgroup:application-production-local/deployment-group-production-local',
  ],
  Detail: {
    region: 'us-east-1',
    deploymentId: 'd-123456789',
    instanceGroupId: '9fd2fbef-2157-40d8-91e7-6845af69e2d2',
    application: 'application-production-local',
    deploymentGroup: 'deployment-group-production-local',
    state: 'FAILURE',
    ...detail,
  },
});

type Event = ReturnType<typeof pipelineEvent> | ReturnType<typeof buildEvent> | ReturnType<typeof deploymentEvent>;

/** On AWS only its own services may put events whose source begins with `aws.`; here emulator.py lets anyone do so. */
async function put(...events: Event[]): Promise<void> {
  const { FailedEntryCount } = await aws<{ FailedEntryCount: number }>('events', 'put_events', {
    Entries: events.map((event) => ({ ...event, Detail: JSON.stringify(event.Detail) })),
  });
  expect(FailedEntryCount).toBe(0);
}

let queueUrl: string;
let subscription: string;

/** What the queue has got, line by line; waits for the first message. EventBridge leaves each line of such a text in quotes. */
async function received(): Promise<string[][]> {
  const { Messages = [] } = await aws<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
    'sqs', 'receive_message', { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 10 },
  );
  for (const { ReceiptHandle } of Messages) {
    await aws('sqs', 'delete_message', { QueueUrl: queueUrl, ReceiptHandle });
  }
  return Messages.map(({ Body }) => (JSON.parse(Body) as { Message: string }).Message.split('\n'));
}

describe('an event on the bus of the emulator reaches a queue that is subscribed to the topic of the alerts', () => {
  beforeAll(async () => {
    ({ QueueUrl: queueUrl } = await aws<{ QueueUrl: string }>('sqs', 'create_queue', { QueueName: 'oncall' }));
    ({ SubscriptionArn: subscription } = await aws<{ SubscriptionArn: string }>('sns', 'subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:oncall' }));
  });

  afterAll(async () => {
    await aws('sns', 'unsubscribe', { SubscriptionArn: subscription });
    await aws('sqs', 'delete_queue', { QueueUrl: queueUrl });
  });

  test('a failed execution of the pipeline: which, when, and where to look', async () => {
    await put(pipelineEvent({}));

    expect(await received()).toEqual([[
      '"The pipeline pipeline-local failed."',
      '"Execution: 01234567-0123-0123-0123-012345678901"',
      TIME,
      '"Look here: https://console.aws.amazon.com/codesuite/codepipeline/pipelines/pipeline-local/view?region=us-east-1"',
    ]]);
  });

  test('a failed and a stopped build, with the address of the log', async () => {
    await put(buildEvent({}), buildEvent({ 'build-status': 'STOPPED' }));

    expect(await received()).toEqual(['FAILED', 'STOPPED'].map((status) => [
      `"A build of project-build-local ended as ${status}."`,
      '"Build: arn:aws:codebuild:us-east-1:000000000000:build/project-build-local:8745a7a9-c340-456a-9166-edf953571bec"',
      TIME,
      '"Its log: https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEvent:group=/aws/codebuild/project-build-local"',
    ]));
  });

  test('a failed and a stopped deployment', async () => {
    await put(deploymentEvent({}), deploymentEvent({ state: 'STOP', deploymentId: 'd-987654321' }));

    expect(await received()).toEqual([['FAILURE', 'd-123456789'], ['STOP', 'd-987654321']].map(([state, id]) => [
      `"A deployment of application-production-local ended as ${state}: CodeDeploy sends all traffic back to the tasks that ran before."`,
      `"Deployment: ${id}"`,
      TIME,
      `"Look here: https://console.aws.amazon.com/codesuite/codedeploy/deployments/${id}?region=us-east-1"`,
    ]));
  });

  // What comes last does arrive, so what came before it was not merely late.
  test.each([
    ['a pipeline of somebody else', pipelineEvent({ pipeline: 'pipeline-theirs' })],
    ['an execution that succeeded', pipelineEvent({ state: 'SUCCEEDED' })],
    ['an execution that a newer one superseded', pipelineEvent({ state: 'SUPERSEDED' })],
    ['a build of somebody else', buildEvent({ 'project-name': 'project-build-theirs' })],
    ['a build that succeeded', buildEvent({ 'build-status': 'SUCCEEDED' })],
    ['a deployment of somebody else', deploymentEvent({ application: 'application-production-theirs' })],
    ['a deployment that succeeded', deploymentEvent({ state: 'SUCCESS' })],
  ])('%s is not reported', async (_, event) => {
    await put(event, pipelineEvent({ 'execution-id': 'the-one-after-it' }));

    expect(await received()).toEqual([expect.arrayContaining(['"Execution: the-one-after-it"'])]);
  });

  test('a rollback alarm that goes off, and not when it recovers', async () => {
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
