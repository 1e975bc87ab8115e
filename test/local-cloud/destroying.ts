import { readdirSync } from 'fs';
import {
  aws, CHANGING, deploy, destroy, destroyExpectingFailure, everything, EVERYTHING, home, outputOf, putTwice, removeBucket, stackState, temporary,
  versionsIn,
} from './cloud';
import { runningEmulator } from '../../scripts/local-cloud/emulator';

/** The resources that destroy:local lists as remaining in the emulator. */
function leftovers(output: string): string[] {
  return [...output.matchAll(/^ {2}(AWS::\S+ \S+): (.+)$/gm)].map(([, what, why]) => `${what} (${why})`);
}

const LOG_GROUP = (stack: string) => expect.stringMatching(
  `^AWS::Logs::LogGroup /aws/lambda/${stack}-[^ ]+ \\(the function wrote it by itself; it outlives the stack on AWS too\\)$`,
) as unknown;
const OLDER = [LOG_GROUP('changing-broken'), LOG_GROUP('changing-broken'), LOG_GROUP('changing-second'), LOG_GROUP('changing-second')];

const RETAINED_BUCKETS = ['artifacts-second-000000000000-us-east-1', 'cache-build-second-000000000000-us-east-1'];

describe('destroy:local', () => {
  test('destroy:local of the second stack leaves the first stack and the objects in its buckets unchanged', async () => {
    await putTwice('artifacts-local-000000000000-us-east-1', 'pipeline/release.zip');
    const objects = await versionsIn('artifacts-local-000000000000-us-east-1');
    const first = await stackState('storefront-local');
    const output = destroy('--app', CHANGING, '--suffix', 'second');

    expect(leftovers(output)).toEqual(OLDER);
    expect(output).toContain('The emulator keeps running for storefront-local');
    expect((await everything()).join('\n')).not.toMatch(/-second(?!-(CustomS3|Refuse))/);
    expect(await stackState('storefront-local')).toEqual(first);
    expect(await versionsIn('artifacts-local-000000000000-us-east-1')).toEqual(objects);
  });

  test('deploy:local after destroy:local keeps retained resources with their contents', async () => {
    const retained = ['--app', CHANGING, '--suffix', 'second', '-c', 'retain=yes'];
    deploy(...retained);
    expect(await stackState('changing-second')).toMatchObject({ status: 'CREATE_COMPLETE' });
    await putTwice(RETAINED_BUCKETS[0], 'pipeline/release.zip');

    const left = leftovers(destroyExpectingFailure(...retained));
    expect(left.filter((one) => one.endsWith(' (NOT EXPECTED)')).sort()).toEqual([
      'AWS::ECR::Repository repository-second (NOT EXPECTED)', ...RETAINED_BUCKETS.map((name) => `AWS::S3::Bucket ${name} (NOT EXPECTED)`),
    ]);
    expect(await versionsIn(RETAINED_BUCKETS[0])).toHaveLength(2);
    await Promise.all(RETAINED_BUCKETS.map(removeBucket));
    await aws('ecr', 'delete_repository', { repositoryName: 'repository-second' });
  });

  test('destroy:local of the last stack empties its buckets, leaves only what it lists, and stops the emulator', async () => {
    await putTwice('cache-build-local-000000000000-us-east-1', 'build-local/layers');
    const { pid } = (await runningEmulator())!;
    const output = outputOf(0, 'npm', 'run', 'destroy:local');

    expect(output).toContain('storefront-local: destroyed');
    expect(leftovers(output)).toEqual([...OLDER, LOG_GROUP('storefront-local')]);
    expect(await runningEmulator()).toBeUndefined();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('destroy:local reports that nothing is deployed', () => {
    expect(destroy()).toBe('No emulator is running, so nothing is deployed: an emulator keeps everything in memory.\n');
  });
});

describe('deploy:local on a new emulator', () => {
  test('deploy:local accepts the program with all props, and destroy:local removes it', async () => {
    deploy('--app', EVERYTHING);
    expect(await stackState('everything')).toMatchObject({ status: 'CREATE_COMPLETE' });
    const { SecurityGroupRules } = await aws<{ SecurityGroupRules: { CidrIpv4?: string }[] }>('ec2', 'describe_security_group_rules');
    expect(SecurityGroupRules.map(({ CidrIpv4 }) => CidrIpv4)).toContain('10.0.0.0/16');

    expect(leftovers(destroy('--app', EVERYTHING))).toEqual([LOG_GROUP('everything')]);
  });

  test('deploy:local and destroy:local leave nothing in the home folder or among the temporary files', () => {
    expect(readdirSync(home).sort()).toEqual(['.aws', '.cdk.json']);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
