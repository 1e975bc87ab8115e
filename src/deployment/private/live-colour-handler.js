// Returns the live target group before CloudFormation changes a listener. Lambda runs this file as is; it never writes.
const { setTimeout: sleep } = require('node:timers/promises');
const { CloudFormationClient, DescribeStacksCommand } = require('@aws-sdk/client-cloudformation');
const { DescribeServicesCommand, ECSClient } = require('@aws-sdk/client-ecs');

// Four attempts of at most 8 seconds for each service leave time for the answer.
const CONFIG = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
const DENIED_ATTEMPTS = 6;
const ANSWER_ATTEMPTS = 4;
const ANSWER_TIMEOUT = 5000;

exports.handler = async (event) => {
  const { LogicalResourceId, RequestId, ResourceProperties, ResponseURL, StackId } = event;
  let answer;
  try {
    answer = { Status: 'SUCCESS', ...(event.RequestType === 'Delete' ? keep(event) : targetGroups(ResourceProperties, await colours(event))) };
  } catch (error) {
    console.error(error);
    answer = { Status: 'FAILED', Reason: error.message, ...keep(event) };
  }
  const body = JSON.stringify({ LogicalResourceId, RequestId, StackId, ...answer });
  console.log(body);
  await send(ResponseURL, body);
};

function keep({ LogicalResourceId, PhysicalResourceId = LogicalResourceId }) {
  return { PhysicalResourceId };
}

/** The physical ID contains the live colour, so that the next event knows this answer. */
function targetGroups({ Blue, Green, Service }, { production, test }) {
  const groups = { blue: Blue, green: Green };
  return { PhysicalResourceId: `${Service}/${production}`, Data: { Production: groups[production], Test: groups[test] } };
}

async function colours(event) {
  const { EnvironmentName } = event.ResourceProperties;
  let found;
  try {
    found = await runningColours(event.ResourceProperties);
  } catch (error) {
    if (await stackStatus(event) !== 'rollback') {
      throw new Error(`The listeners of ${EnvironmentName} cannot change, because their live colour is unknown: ${error.message}`);
    }
    console.error(error);
    // A failed rollback leaves the stack unusable, so it repeats the last answer.
    const last = event.PhysicalResourceId?.endsWith('/green') ? 'green' : 'blue';
    return { production: last, test: last };
  }
  if (found.moving && await stackStatus(event) === 'update') {
    throw new Error(`The listeners of ${EnvironmentName} cannot change while CodeDeploy shifts traffic: `
      + 'wait until the deployment succeeds or rolls back, then deploy again');
  }
  return found;
}

/**
 * The colours that the listeners must forward to. Until the first release, the test listener forwards to the colour that has no tasks;
 * each release leaves it on the live colour.
 */
async function runningColours({ Blue, Cluster, Green, Service }) {
  const services = await describeServices({ cluster: Cluster, services: [Service] });
  const { taskSets = [] } = services.find(({ status }) => status === 'ACTIVE') ?? {};
  const colourOf = ({ loadBalancers = [] }) => ({ [Blue]: 'blue', [Green]: 'green' })[loadBalancers[0]?.targetGroupArn];
  const primary = taskSets.find(({ status }) => status === 'PRIMARY') ?? (taskSets.length === 1 ? taskSets[0] : undefined);
  if (!primary && taskSets.length > 0) {
    throw new Error(`${Service} has ${taskSets.length} task sets, and none of them is the primary one`);
  }
  const production = primary && colourOf(primary) || 'blue';
  // The primary task set is older than another one only until all traffic has moved to that one.
  const replacement = taskSets.find(({ createdAt, status }) => status === 'ACTIVE' && createdAt > primary.createdAt);
  const released = primary?.externalId !== undefined;
  const idle = production === 'blue' ? 'green' : 'blue';
  return {
    moving: replacement !== undefined,
    production,
    test: replacement && colourOf(replacement) || (released ? production : idle),
  };
}

async function describeServices(input) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { services = [] } = await new ECSClient(CONFIG).send(new DescribeServicesCommand(input));
      return services;
    } catch (error) {
      if (error.name === 'ClusterNotFoundException') {
        return [];
      }
      // The role can be as new as the function, and IAM changes take some seconds to propagate.
      if (error.name !== 'AccessDeniedException' || attempt === DENIED_ATTEMPTS) {
        throw error;
      }
    }
    await sleep(5000);
  }
}

/** State of the stack: rollback, update or unknown. CloudFormation sends the same events in a rollback. */
async function stackStatus({ StackId }) {
  try {
    const { Stacks: [{ StackStatus }] } = await new CloudFormationClient(CONFIG).send(new DescribeStacksCommand({ StackName: StackId }));
    return StackStatus.includes('ROLLBACK') ? 'rollback' : 'update';
  } catch (error) {
    console.error(error);
    return 'unknown';
  }
}

/** CloudFormation waits for an answer until its timeout; an error makes Lambda retry the function. */
async function send(url, body) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // A string body would get a content type, which the presigned URL does not sign.
      const { ok, status } = await fetch(url, { method: 'PUT', body: Buffer.from(body), signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
      if (ok) {
        return;
      }
      throw new Error(`CloudFormation rejected the response with status ${status}`);
    } catch (error) {
      if (attempt === ANSWER_ATTEMPTS) {
        throw error;
      }
      await sleep(1000);
    }
  }
}
