import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';

const root = join(__dirname, '..', '..');
const HANDLER = 'deployment/private/smoke-test-handler.js';

test('the package holds the compiled library and the code of the smoke test, and nothing of what makes or tries it', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' })) as
    { files: { path: string }[] }[];
  const paths = files.map(({ path }) => path);

  expect(paths).toEqual(expect.arrayContaining(['lib/index.js', `lib/${HANDLER}`, 'README.md', 'LICENSE', 'package.json']));
  expect(paths.filter((path) => !/^(lib\/.*\.(js|d\.ts)|\.jsii(\.gz)?|API\.md|README\.md|LICENSE|package\.json)$/.test(path))).toEqual([]);
});

test('the code of the smoke test in the package is the one that was tried', () => {
  expect(readFileSync(join(root, 'lib', HANDLER), 'utf8')).toBe(readFileSync(join(root, 'src', HANDLER), 'utf8'));
});
