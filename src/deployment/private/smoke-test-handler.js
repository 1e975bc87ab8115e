// The smoke test before a release gets traffic. CodeDeploy calls it at AfterAllowTestTraffic, Lambda runs this file as it stands.
// It fails closed: CodeDeploy goes on only when it is told "Succeeded", and gives up after an hour without a word.
const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { setTimeout: sleep } = require('node:timers/promises');
const { CodeDeployClient, LifecycleEventAlreadyCompletedException, PutLifecycleEventHookExecutionStatusCommand } = require('@aws-sdk/client-codedeploy');
const { DescribeNetworkInterfacesCommand, EC2Client } = require('@aws-sdk/client-ec2');

// Five tries of at most 8 seconds each fit into the minute that the function has left after the test.
const PATIENCE = { maxAttempts: 5, requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true } };
const LARGEST_BODY = 1_000_000;
// One good answer could still come from the old tasks, while the nodes of the load balancer learn where the listener points now.
const GOOD_ANSWERS = 3;

exports.handler = async (event) => {
  const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId } = event ?? {};
  if (!deploymentId || !lifecycleEventHookExecutionId) {
    throw new Error(`This is no event of CodeDeploy, and there is nobody to report to: ${JSON.stringify(event)}`);
  }
  let status = 'Failed';
  try {
    await test(JSON.parse(process.env.SMOKE_TEST));
    status = 'Succeeded';
  } catch (error) {
    console.error(`The smoke test failed: ${error.message}`);
  }
  try {
    await new CodeDeployClient(PATIENCE).send(new PutLifecycleEventHookExecutionStatusCommand({ deploymentId, lifecycleEventHookExecutionId, status }));
  } catch (error) {
    // An earlier try of this very report arrived, and only its answer was lost.
    if (!(error instanceof LifecycleEventAlreadyCompletedException)) {
      throw error;
    }
  }
  console.log(`Reported ${status} for ${deploymentId}`);
};

async function test(expected) {
  const deadline = AbortSignal.timeout(expected.timeout);
  let last = 'nothing was asked';
  for (let good = 0, attempt = 0; !deadline.aborted; attempt += 1) {
    try {
      const addresses = await addressesOf(expected.loadBalancer, deadline);
      await ask(addresses[attempt % addresses.length], expected, deadline);
      good += 1;
      if (good === GOOD_ANSWERS) {
        return;
      }
    } catch (error) {
      good = 0;
      last = deadline.aborted ? last : error.message;
      console.log(`Attempt ${attempt + 1}: ${error.message}`);
    }
    await sleep(expected.interval, undefined, { signal: deadline }).catch(() => {});
  }
  throw new Error(`no ${GOOD_ANSWERS} good answers in a row within ${expected.timeout / 1000} seconds; the last problem: ${last}`);
}

/** The addresses of the load balancer inside the network; they change as it scales. */
async function addressesOf(loadBalancer, abortSignal) {
  const { NetworkInterfaces } = await new EC2Client(PATIENCE).send(new DescribeNetworkInterfacesCommand({
    Filters: [{ Name: 'description', Values: [`ELB ${loadBalancer}`] }, { Name: 'status', Values: ['in-use'] }],
  }), { abortSignal });
  const addresses = (NetworkInterfaces ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress);
  if (addresses.length === 0) {
    throw new Error(`the load balancer ${loadBalancer} has no network interface in use`);
  }
  return addresses;
}

async function ask(address, { protocol, port, host, path, status, body, answerTime }, deadline) {
  const request = (protocol === 'https' ? https : http).request({
    host: address,
    port,
    path,
    // TLS takes the name of the server from the header as well.
    headers: { 'Host': host, 'User-Agent': 'smoke-test' },
    agent: false,
    // EC2 vouches for the address. A certificate that is no good is not the fault of the release, and would keep its mending out.
    rejectUnauthorized: false,
    signal: AbortSignal.any([deadline, AbortSignal.timeout(answerTime)]),
  }).end();
  try {
    const [response] = await once(request, 'response');
    if (response.statusCode !== status) {
      throw new Error(`${address} answered ${response.statusCode} instead of ${status}`);
    }
    if (body !== undefined) {
      await find(body, response, address);
    }
  } finally {
    // The rest of the answer is of no interest.
    request.destroy();
  }
}

async function find(body, response, address) {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.includes(body)) {
      return;
    }
    if (text.length > LARGEST_BODY) {
      throw new Error(`${address} answered without ${JSON.stringify(body)} in the first ${LARGEST_BODY} characters of the body`);
    }
  }
  throw new Error(`${address} answered without ${JSON.stringify(body)} in the body, which begins with ${JSON.stringify(text.slice(0, 200))}`);
}
