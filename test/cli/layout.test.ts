import { explainReport } from '../../src/cli/explain/explain';
import { duration, reportLines, WIDTH, wrapped } from '../../src/cli/layout';
import { Template } from '../../src/cli/template';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

test('a report starts with the most important facts, fits the page width, and contains no template code', () => {
  const stack = newStack();
  pipelineIn(stack);
  const lines = reportLines(explainReport({
    path: 'Storefront',
    template: new Template(templateOf(stack), { stackName: 'Storefront', region: 'us-east-1' }),
    templateBytes: 171541,
    violations: [{ level: 'warning', text: 'W1: look here' }],
    annotations: [{ level: 'warning', text: 'staging serves HTTP only' }],
  })!);
  const [top] = lines.join(' ').replace(/\s+/g, ' ').split('FROM A PUSH');

  for (const text of [
    'Storefront in us-east-1', 'template of 172 kB', 'Validated when it was synthesised: 1 finding.',
    '- W1: look here - staging serves HTTP only', 'about $114 a month',
  ]) {
    expect(top).toContain(text);
  }
  expect(lines.filter((line) => line.length > WIDTH)).toEqual([]);
  expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object|\{"|Fn::|AWS::/);
});

test('lines break between words, and in longer names after a slash or a colon', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('a task-set/cluster/service', 12)).toEqual(['a task-set/', 'cluster/', 'service']);
  expect(wrapped('unbreakable', 4)).toEqual(['unbreakable']);
});

test.each([
  [1, '1 minute'], [90, '90 minutes'], [120, '2 hours'], [10080, '7 days'], [0, '0 minutes'],
])('%d minutes are printed as %s', (minutes, words) => {
  expect(duration(minutes)).toBe(words);
});
