import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const github = join(__dirname, '..', '..', '.github');

test('workflows run every action at a commit, not at a tag that can be moved', () => {
  const actions = (readdirSync(github, { recursive: true }) as string[])
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => [...readFileSync(join(github, file), 'utf8').matchAll(/\buses: *(\S+)/g)])
    .map(([, action]) => action);

  expect(actions).toContainEqual(expect.stringContaining('actions/checkout@'));
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});
