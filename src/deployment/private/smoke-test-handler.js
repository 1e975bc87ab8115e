// The smoke test before a release gets traffic. CodeDeploy invokes it at AfterAllowTestTraffic, Lambda runs this file unchanged.
// It fails closed: CodeDeploy continues only after the report "Succeeded", and fails the deployment after an hour without one.
const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { setTimeout: sleep } = require('node:timers/promises');
const {
  CodeDeployClient, LifecycleEventAlreadyCompletedException, PutLifecycleEventHookExecutionStatusCommand,
} = require('@aws-sdk/client-codedeploy');
const { DescribeNetworkInterfacesCommand, EC2Client } = require('@aws-sdk/client-ec2');

// Five attempts of at most 8 seconds each fit into the minute that the function has left after the test, of which the last
// attempt may take 10 seconds.
const CONFIG = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
const MAX_BODY_LENGTH = 1_000_000;
// A single good answer could come from the old tasks, until all load balancer nodes apply the changed listener.
const GOOD_ANSWERS = 3;

exports.handler = async (event) => {
  // Once a day, so that Lambda does not make the idle function inactive.
  if (event?.keepActive) {
    return;
  }
  const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId } = event ?? {};
  if (!deploymentId || !lifecycleEventHookExecutionId) {
    throw new Error(`Not a CodeDeploy event, so there is no deployment to report to: ${JSON.stringify(event)}`);
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
    await new CodeDeployClient(CONFIG).send(new PutLifecycleEventHookExecutionStatusCommand(report));
  } catch (error) {
    // An earlier attempt of this report arrived, and only its response was lost.
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
    // Only its own timeout ends an attempt: cut off at the end of the test, it would not report its cause.
    const signal = AbortSignal.timeout(expected.answerTime);
    try {
      const addresses = await addressesOf(expected.loadBalancer, signal);
      await checkResponse(addresses[attempt % addresses.length], expected, signal);
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

/** The private addresses of the load balancer; they change as it scales. */
async function addressesOf(loadBalancer, abortSignal) {
  const { NetworkInterfaces } = await new EC2Client(CONFIG).send(new DescribeNetworkInterfacesCommand({
    Filters: [{ Name: 'description', Values: [`ELB ${loadBalancer}`] }, { Name: 'status', Values: ['in-use'] }],
  }), { abortSignal });
  const addresses = (NetworkInterfaces ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress);
  if (addresses.length === 0) {
    throw new Error(`the load balancer ${loadBalancer} has no network interface in use`);
  }
  return addresses;
}

async function checkResponse(address, { protocol, port, host, path, status, body }, signal) {
  const request = (protocol === 'https' ? https : http).request({
    host: address,
    port,
    path,
    // TLS takes the server name from this header, too.
    headers: { 'Host': host, 'User-Agent': 'smoke-test' },
    agent: false,
    // EC2 returned the address. The release did not cause an invalid certificate, which would block its own fix.
    rejectUnauthorized: false,
    signal,
  }).end();
  try {
    const [response] = await once(request, 'response');
    if (response.statusCode !== status) {
      throw new Error(`${address} responded with ${response.statusCode} instead of ${status}`);
    }
    if (body !== undefined) {
      await requireText(body, response, address);
    }
  } finally {
    // The rest of the response is not needed.
    request.destroy();
  }
}

async function requireText(body, response, address) {
  const problem = `${address} responded without ${JSON.stringify(body)} in the`;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.includes(body)) {
      return;
    }
    if (text.length > MAX_BODY_LENGTH) {
      throw new Error(`${problem} first ${MAX_BODY_LENGTH} characters of the body`);
    }
  }
  throw new Error(`${problem} body, which starts with ${JSON.stringify(text.slice(0, 200))}`);
}
