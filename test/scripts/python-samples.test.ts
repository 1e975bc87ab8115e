import { withPython } from '../../scripts/python-samples';

const ts = (code: string, indent = '') => ['```ts', ...code.split('\n'), '```'].map((line) => `${indent}${line}`.trimEnd()).join('\n');
const python = (code: string, indent = '') =>
  ['', '<details><summary>Python</summary>', '', '```python', ...code.split('\n'), '```', '', '</details>'].map((line) => `${indent}${line}`.trimEnd()).join('\n');
const translate = (source: string) => `# ${source.replace('\n', '\n# ')}\n`;

test.each<[string, string, string]>([
  ['a sample gets its translation', `Before\n\n${ts('a();\nb();')}\n\nAfter\n`, `Before\n\n${ts('a();\nb();')}\n${python('# a();\n# b();')}\n\nAfter\n`],
  ['an older translation is replaced', `${ts('a();')}\n${python('old()')}\n\nAfter\n`, `${ts('a();')}\n${python('# a();')}\n\nAfter\n`],
  ['a sample in a list keeps its indentation', `- One:\n\n${ts('a();', '  ')}\n\n- Two\n`, `- One:\n\n${ts('a();', '  ')}\n${python('# a();', '  ')}\n\n- Two\n`],
  ['other blocks stay unchanged', '```sh\nls\n```\n\n```mts\na();\n```\n', '```sh\nls\n```\n\n```mts\na();\n```\n'],
])('%s', (_, page, expected) => {
  expect(withPython(page, translate)).toBe(expected);
  expect(withPython(expected, translate)).toBe(expected);
});
