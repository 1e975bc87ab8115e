import { readFileSync } from 'fs';

/** A table of Markdown. */
export function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

interface Values {
  readonly [name: string]: string | number | Values;
}

/** A page of docs: its text is a file, in which a program replaces `{{name}}` and `{{group.name}}`. */
export function page(file: string, values: Values): string {
  return readFileSync(file, 'utf8').replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
    const value = path.split('.').reduce<Values[string] | undefined>((group, name) => (group as Values | undefined)?.[name], values);
    if (value === undefined) {
      throw new Error(`${file} shows ${path}, which has no value`);
    }
    return String(value);
  });
}
