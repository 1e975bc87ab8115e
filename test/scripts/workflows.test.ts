import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const github = join(__dirname, '..', '..', '.github');

test('an argument with spaces reaches the program of a task as one argument', () => {
  const { tasks } = JSON.parse(readFileSync(join(__dirname, '..', '..', '.projen', 'tasks.json'), 'utf8')) as {
    tasks: { [name: string]: { steps?: { receiveArgs?: boolean; exec?: string; execArgs?: string[] }[] } };
  };
  const steps = Object.values(tasks).flatMap((task) => task.steps ?? []).filter(({ receiveArgs }) => receiveArgs);

  expect(steps.length).toBeGreaterThan(10);
  // What projen runs through a shell, that shell splits.
  expect(steps.filter(({ exec }) => exec !== undefined)).toEqual([]);
});

test('the checks compare with the last release, and the workflows that run them fetch its tag', () => {
  const { tasks: { check } } = JSON.parse(readFileSync(join(__dirname, '..', '..', '.projen', 'tasks.json'), 'utf8'));
  const workflows = ['build.yml', 'release.yml'].map((file) => readFileSync(join(github, 'workflows', file), 'utf8'));

  expect(check.steps).toContainEqual({ exec: expect.stringMatching(/scripts\/compat\.ts$/) });
  expect(workflows.map((text) => [text.match(/fetch-depth: 0/g)?.length, text.match(/npx projen release$|run: \.ci\/run$/m)?.length])).toEqual([[3, 1], [1, 1]]);
});

test('workflows reference every action by a commit, not by a mutable tag', () => {
  const actions = (readdirSync(github, { recursive: true }) as string[])
    .filter((file) => /\.ya?ml$/.test(file))
    .flatMap((file) => [...readFileSync(join(github, file), 'utf8').matchAll(/\buses: *(\S+)/g)])
    .map(([, action]) => action);

  expect(actions).toContainEqual(expect.stringContaining('actions/checkout@'));
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});
