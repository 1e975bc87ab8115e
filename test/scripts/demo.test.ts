import { spawnSync } from 'child_process';
import { join } from 'path';

const root = join(__dirname, '..', '..');

function demo(...args: string[]) {
  const program = ['-r', 'ts-node/register/transpile-only', join(root, 'scripts', 'demo.ts'), ...args];
  const env = { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.dev.json') };
  return spawnSync(process.execPath, program, { cwd: root, encoding: 'utf8', env });
}

test("npm run demo synthesises the example with the user's values, and explains what it would deploy", () => {
  const { status, stdout } = demo('-c', 'environmentSuffix=qa');

  expect(status).toBe(0);
  for (const text of ['storefront-qa in us-east-1', 'synthesised: 0 findings.', 'GET /healthz', '\n  environmentSuffix=qa\n']) {
    expect(stdout).toContain(text);
  }
  expect(stdout).not.toContain(root);
}, 120_000);

test.each([
  [['--context', 'repository=storefront'], 'the example could not be synthesised'],
  [['-c', 'environmentSuffix'], '"-c" must be followed by key=value, got "environmentSuffix"'],
  [['--quiet'], "Unknown option '--quiet'"],
])('npm run demo with %j fails with the reason', (args, message) => {
  const { status, stdout, stderr } = demo(...args);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(message);
}, 120_000);
