import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

export const ROOT = join(__dirname, '..', '..');

/** Installed or generated folders, and `page.md`, a template whose links are those of the generated page. */
const LEFT_OUT = /^(\.(?!github$).*|node_modules|lib|dist|coverage|test-reports|cdk\.out|page\.md)$/;

/** The Markdown pages of the repository, by path. */
export function markdownPages(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).filter(({ name }) => !LEFT_OUT.test(name)).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? markdownPages(path) : [path].filter((file) => file.endsWith('.md'));
  });
}

export function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Each line of a page; those of code blocks are empty. */
export function proseLines(markdown: string): string[] {
  let fence: string | undefined;
  return markdown.split('\n').map((line) => {
    const [, marker] = /^ *(?:[-*>] +|\d+\. +)*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined) {
      fence = marker;
      return marker === undefined ? line : '';
    }
    // A block ends with at least as many characters as it began with.
    fence = marker?.startsWith(fence) && line.trim() === marker ? undefined : fence;
    return '';
  });
}

export interface Link {
  readonly line: number;
  readonly target: string;
}

/** The targets of links and images, those in HTML as well. */
export function linksOf(markdown: string): Link[] {
  return proseLines(markdown).flatMap((line, index) => {
    const text = line.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    const found = [/\]\(\s*<?([^)>\s]+)/g, /^ *\[[^\]]+\]:\s+<?([^>\s]+)/g, /\b(?:href|src|srcset)="([^"\s]+)/g];
    return found.flatMap((pattern) => [...text.matchAll(pattern)].map(([, target]) => ({ line: index + 1, target })));
  });
}

/** The anchors of a page: GitHub creates one from each heading, and numbers duplicates. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(markdown)) {
    const [, heading] = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
    if (heading !== undefined) {
      const slug = slugOf(heading);
      let anchor = slug;
      for (let number = 1; anchors.has(anchor); number += 1) {
        anchor = `${slug}-${number}`;
      }
      anchors.add(anchor);
    }
    const tags = (line.match(/<\w[^>]*>/g) ?? []).join();
    [...tags.matchAll(/\b(?:id|name)="([^"]+)"/g)].forEach(([, name]) => anchors.add(name));
  }
  return anchors;
}

function slugOf(heading: string): string {
  const text = heading.replace(/<[^>]*>/g, '').replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1');
  return text.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
}

/** The number of words of a page without its code blocks. */
export function wordCount(markdown: string): number {
  return proseLines(markdown).join(' ').split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
