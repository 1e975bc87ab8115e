// The smoke test before a release gets traffic. CodeDeploy calls it at AfterAllowTestTraffic, Lambda runs this file as is.
// It fails closed: CodeDeploy goes on only when it is told "Succeeded", and gives up after an hour without a word.
const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { setTimeout: sleep } = require('node:timers/promises');
const {
  CodeDeployClient, LifecycleEventAlreadyCompletedException, PutLifecycleEventHookExecutionStatusCommand,
} = require('@aws-sdk/client-codedeploy');
const { DescribeNetworkInterfacesCommand, EC2Client } = require('@aws-sdk/client-ec2');

// Five tries of at most 8 seconds each fit into the minute that the function has left after the test, of which the last
// attempt may take 10 seconds.
const PATIENCE = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
const LARGEST_BODY = 1_000_000;
// One good answer could still come from the old tasks, while the load balancer learns where the listener points now.
const GOOD_ANSWERS = 3;

exports.handler = async (event) => {
  // Once a day, so that Lambda does not make the idle function inactive.
  if (event?.keepActive) {
    return;
  }
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
  const report = { deploymentId, lifecycleEventHookExecutionId, status };
  try {
    await new CodeDeployClient(PATIENCE).send(new PutLifecycleEventHookExecutionStatusCommand(report));
  } catch (error) {
    // An earlier try of this very report arrived, and only its answer was lost.
    if (!(error instanceof LifecycleEventAlreadyCompletedException)) {
      throw error;
    }
  }
  console.log(`Reported ${status} for ${deploymentId}`);
};

async function test(expected) {
  const end = Date.now() + expected.timeout;
  let problem = 'none';
  for (let good = 0, attempt = 0; Date.now() < end; attempt += 1) {
    // Its own time alone ends an attempt: cut off at the end of the test, it would not say what it found.
    const signal = AbortSignal.timeout(expected.answerTime);
    try {
      const addresses = await addressesOf(expected.loadBalancer, signal);
      await ask(addresses[attempt % addresses.length], expected, signal);
      good += 1;
      if (good === GOOD_ANSWERS) {
        return;
      }
    } catch (error) {
      good = 0;
      problem = signal.aborted ? `${error.message} after ${expected.answerTime / 1000} seconds` : error.message;
      console.log(`Attempt ${attempt + 1}: ${problem}`);
    }
    await sleep(expected.interval);
  }
  const seconds = expected.timeout / 1000;
  throw new Error(`no ${GOOD_ANSWERS} good answers in a row within ${seconds} seconds; the last problem: ${problem}`);
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

async function ask(address, { protocol, port, host, path, status, body }, signal) {
  const request = (protocol === 'https' ? https : http).request({
    host: address,
    port,
    path,
    // TLS takes the name of the server from the header as well.
    headers: { 'Host': host, 'User-Agent': 'smoke-test' },
    agent: false,
    // EC2 vouches for the address. A bad certificate is not the fault of the release, and would keep its mending out.
    rejectUnauthorized: false,
    signal,
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
  const problem = `${address} answered without ${JSON.stringify(body)} in the`;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.includes(body)) {
      return;
    }
    if (text.length > LARGEST_BODY) {
      throw new Error(`${problem} first ${LARGEST_BODY} characters of the body`);
    }
  }
  throw new Error(`${problem} body, which begins with ${JSON.stringify(text.slice(0, 200))}`);
}
