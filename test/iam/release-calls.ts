import { arn, Call, CalledPipeline, onBehalf, PAGES, service } from './called';
import { deployActionCalls, hookCalls, shiftCalls, taskCalls } from './deployment-calls';
import { approvalCalls, buildCalls, sourceCalls, testCalls } from './pipeline-calls';

/**
 * Every call that a release needs, from the push to the last old task, written down from AWS's documentation. Names are put
 * together here anew: what the template says is what is judged.
 */
export function releaseCalls(pipeline: CalledPipeline): Call[] {
  return [
    ...sourceCalls(pipeline),
    ...buildCalls(pipeline),
    ...testCalls(pipeline),
    ...pipeline.environments.flatMap((environment) => [
      ...approvalCalls(pipeline, environment),
      ...deployActionCalls(pipeline, environment),
      ...shiftCalls(pipeline, environment),
      ...hookCalls(pipeline, environment),
      ...taskCalls(pipeline, environment),
    ]),
    ...reportCalls(pipeline),
    ...rotationCalls(pipeline),
  ];
}

function reportCalls(pipeline: CalledPipeline): Call[] {
  const rule = (name: string) => arn(pipeline, 'events', `rule/rule-${name}-${pipeline.suffix}`);
  const publish = (from: string, topic: string, sourceArn: string, why: string, source: string): Call => ({
    by: service(from),
    when: 'Report',
    actions: ['sns:Publish'],
    resources: [arn(pipeline, 'sns', `topic-${topic}-${pipeline.suffix}`)],
    context: onBehalf(pipeline, sourceArn),
    why,
    source,
  });
  return [
    ...['pipeline-failed', 'build-failed', 'deployment-failed'].map((name) =>
      publish('events', 'alerts', rule(name), 'mails what failed', PAGES.eventTopic)),
    ...pipeline.environments.flatMap(({ name }) => ['errors-blue', 'errors-green', 'unhealthy-blue', 'unhealthy-green'].map((alarm) =>
      publish('cloudwatch', 'alerts', arn(pipeline, 'cloudwatch', `alarm:alarm-${alarm}-${name}-${pipeline.suffix}`), 'mails an alarm', PAGES.alarmTopic))),
    ...['approval-rejected', ...pipeline.environments.flatMap(({ name }) => [`deploy-succeeded-${name}`, `deploy-failed-${name}`])].map((name) =>
      publish('events', 'deployments', rule(name), 'counts how releases end', PAGES.eventTopic)),
  ];
}

function rotationCalls(pipeline: CalledPipeline): Call[] {
  return pipeline.rotationFunction === undefined ? [] : [{
    by: service('secretsmanager'),
    when: 'Rotation',
    actions: ['lambda:InvokeFunction'],
    resources: [arn(pipeline, 'lambda', `function:${pipeline.rotationFunction}`)],
    context: onBehalf(pipeline, pipeline.registrySecret),
    why: 'makes new credentials for the registry',
    source: PAGES.rotation,
  }];
}
