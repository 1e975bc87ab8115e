/** A block of TypeScript, followed by its Python translation if the page has one already. */
const SAMPLE = /^( *)```ts(?: nofixture)?\n([^]*?)^\1```\n(?:\n\1<details><summary>Python<\/summary>\n[^]*?\n\1<\/details>\n)?/gm;

/** Puts the translation of each TypeScript sample of a page after it, in place of an earlier one. */
export function withPython(page: string, pythonOf: (typescript: string) => string): string {
  return page.replace(SAMPLE, (sample: string, indent: string, block: string) => {
    const [typescript] = sample.split(`\n${indent}<details>`);
    const source = block.split('\n').map((line) => line.slice(indent.length)).join('\n').trim();
    const lines = ['', '<details><summary>Python</summary>', '', '```python', ...pythonOf(source).trim().split('\n'), '```', '', '</details>'];
    return `${typescript.trimEnd()}\n${lines.map((line) => `${indent}${line}`.trimEnd()).join('\n')}\n`;
  });
}
