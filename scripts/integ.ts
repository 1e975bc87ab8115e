import { parseArgs } from 'util';
import { step } from './command';
import { Account, connect } from './integ/account';
import { cdk, stackNames } from './integ/app';
import { leftovers, removeExpected } from './integ/leftovers';
import { stopReleases } from './integ/teardown';

const USAGE = `npm run integ -- --email you@example.com   deploys the us-east-1 example to your account, releases to it, destroys it
                  --keep               leaves it there
npm run integ -- --destroy <suffix>    destroys what an earlier run left
It takes about two hours and 60 cents; docs/integration-test.md tells what happens when.`;

/** The integration test in your own account: the deployment of its second stack is the test. */
async function main(): Promise<void> {
  const { email, keep, destroy: earlier } = parseArgs({
    options: { email: { type: 'string' }, keep: { type: 'boolean' }, destroy: { type: 'string' } },
  }).values;
  if (earlier === undefined ? email === undefined : !/^it[a-z0-9]{8}$/.test(earlier)) {
    throw new Error(USAGE);
  }
  const account = connect();
  await account.cloudFormation.config.credentials().catch(({ message }) => {
    throw new Error(`There are no AWS credentials in this shell: ${message}`);
  });
  // The time, so that no two runs collide and no other resource in the account has the suffix in its name.
  const suffix = earlier ?? `it${Date.now().toString(36)}`;
  console.log(`This run is ${suffix}; whatever happens to it, "npm run integ -- --destroy ${suffix}" removes it`);

  if (earlier === undefined && !passes(suffix, String(email))) {
    process.exitCode = 1;
  }
  if (!keep) {
    await destroy(account, suffix);
  }
}

function passes(suffix: string, notificationEmail: string): boolean {
  step(`Deploying ${stackNames(suffix).join(', then the test itself as ')}`);
  try {
    cdk(['deploy', '--require-approval', 'never'], { environmentSuffix: suffix, notificationEmail });
    console.log('Passed: a good release reached production, and a broken one was rolled back');
    return true;
  } catch (error) {
    console.error(`FAILED: ${error instanceof Error ? error.message : error}; the first resource above that failed says which step it was, `
      + 'and docs/integration-test.md what that step is');
    return false;
  }
}

async function destroy(account: Account, suffix: string): Promise<void> {
  step('Stopping running releases');
  await stopReleases(account, suffix);
  step('Destroying');
  cdk(['destroy', '--force'], { environmentSuffix: suffix });
  step('Remaining resources');
  const found = await leftovers(account, suffix);
  found.forEach(({ kind, name, expected }) => console.log(`  ${kind} ${name}: ${expected ?? 'NOT EXPECTED'}`));
  const unexpected = found.filter(({ expected }) => expected === undefined).length;
  if (unexpected > 0) {
    throw new Error(`${unexpected} unexpected resources are left`);
  }
  await removeExpected(account, found);
  console.log(`Nothing is left${found.length > 0 ? `: these ${found.length}, which are documented, were removed too` : ''}`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
