import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const root = join(__dirname, '..', '..');
const example = join(root, 'examples', 'us-east-1');
const sample = JSON.parse(readFileSync(join(example, 'sample-context.json'), 'utf8')) as Record<string, string>;

/** Runs the app of the example as the CDK CLI does, into a folder of its own; gives what it wrote to each. */
function synthesise(context: Record<string, string>) {
  const outdir = mkdtempSync(join(tmpdir(), 'us-east-1-'));
  try {
    const { status, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'ts-node'), [
      '--transpile-only', '--project', join(root, 'tsconfig.dev.json'), 'app.ts',
    ], { cwd: example, encoding: 'utf8', env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) } });
    return { status, stderr, files: readdirSync(outdir) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test('the example fails with one message that names each missing value, and creates nothing', () => {
  const { status, stderr, files } = synthesise({});

  expect(status).toBe(1);
  expect(files).toEqual([]);
  expect(stderr).toBe([
    'The example cannot be synthesised: of its 4 context values these are missing or malformed',
    '  connectionArn is missing; give the ARN of a CodeConnections connection:  -c connectionArn='
    + 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
    '  repository is missing; give owner/name:  -c repository=acme/storefront',
    '  notificationEmail is missing; give an e-mail address:  -c notificationEmail=team@example.com',
    '  environmentSuffix is missing; give at most 12 lower-case letters, digits and single hyphens, starting with a letter:  -c environmentSuffix=dev',
    '',
  ].join('\n'));
});

test('the example fails with that one message for malformed values, including those that only the library would reject', () => {
  const { status, stderr } = synthesise({
    connectionArn: sample.connectionArn, repository: 'acme/storefront.git', notificationEmail: 'a..b@example.com', environmentSuffix: 'averylongsuffix',
  });

  expect(status).toBe(1);
  expect(stderr).toContain('  repository is malformed: "acme/storefront.git"; give owner/name:  -c repository=acme/storefront\n');
  expect(stderr.split('\n').slice(1).map((line) => line.split(':')[0])).toEqual([
    '  repository is malformed', '  notificationEmail is malformed', '  environmentSuffix is malformed', '',
  ]);
});
