import { parseArgs } from 'util';
import { step } from './command';
import { endpointOf, readBack, reportFailure, runningEmulator, startEmulator, stopEmulator } from './emulator';
import { region } from './environment';
import { bootstrap, deploy, stackNames, suffixOption } from './example';

const PROOF = `
What this shows, and what not
  Shown: a CloudFormation engine took the template in full, in order, with its references; the custom
  resource ran; the types marked "read back" answer in their own service's API.
  Not shown: a release. The types marked PLACEHOLDER are names in the stack and nothing more: here no
  pipeline runs, nothing is built, and no traffic moves from blue to green. Permissions and quotas are
  not checked either.`;

async function main(): Promise<void> {
  const { suffix } = parseArgs({ options: { suffix: suffixOption } }).values;
  const earlier = await runningEmulator();
  if (earlier) {
    console.log(`Using the emulator that already runs on ${endpointOf(earlier)}`);
  }
  const emulator = earlier ?? await startEmulator();
  const endpoint = endpointOf(emulator);
  try {
    step('cdk bootstrap');
    bootstrap(endpoint);
    step('cdk deploy');
    deploy(endpoint, suffix);
    step('What the emulator holds now');
    readBack(emulator, 'show', ...stackNames(suffix));
  } catch (error) {
    // What this run started it also ends, so that a failure leaves no process behind; an emulator that
    // was there before stays, with what it held.
    if (!earlier) {
      await stopEmulator(emulator);
    }
    throw error;
  }
  console.log(PROOF);
  console.log(`
Look around with the AWS CLI, if you have it; the first line sends the calls of its shell to the emulator
  export AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${region}
${stackNames(suffix).map(name => `  aws cloudformation describe-stack-resources --stack-name ${name} --output table`).join('\n')}
  aws elbv2 describe-listeners --load-balancer-arn $(aws elbv2 describe-load-balancers --query 'LoadBalancers[0].LoadBalancerArn' --output text)
  aws ecs list-task-definitions
Or with curl
  curl ${endpoint}/_ministack/health
Change something and run npm run deploy:local again, or end with npm run destroy:local.`);
}

main().catch((error: Error) => reportFailure('deploy:local', error));
