import { guardPage } from '../../scripts/changes/guard/page';
import { changesPage } from '../../scripts/changes/page';
import { PROPS } from '../../scripts/changes/props';
import { CODES } from '../../src/cli/guard/findings';
import { anchorsOf, read } from '../helpers/pages';

test.each([
  ['changes.md', changesPage],
  ['guard.md', guardPage],
])('docs/%s is what "npm run changes" writes', (name, page) => {
  expect(read(`docs/${name}`)).toBe(page());
});

test('docs/guard.md has an entry for each code', () => {
  expect(CODES.filter((code) => !anchorsOf(read('docs/guard.md')).has(code))).toEqual([]);
});

test('docs/changes.md explains each effect', () => {
  const explained = [...read('docs/changes.md').matchAll(/^\| ([a-z ]+) \| [^|]+ \|$/gm)].map(([, effect]) => effect);

  expect(PROPS.map(({ effect }) => effect).filter((effect) => !explained.includes(effect))).toEqual([]);
});

test('a row that names frozen.test.ts has a test there', () => {
  const rows = read('docs/changes.md').split('\n').filter((line) => line.includes('frozen.test.ts'));
  const props = rows.map((row) => /^\| `(?:\w+\.)?(\w+)`/.exec(row)![1]);
  const tested = [...read('test/contract/frozen.test.ts').matchAll(/^ {2}\['(?:\w+\.)?(\w+)'/gm)].map(([, prop]) => prop);

  expect([...new Set(props)].sort()).toEqual(tested.sort());
});
