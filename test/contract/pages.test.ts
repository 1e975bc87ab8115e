import { existsSync, readdirSync } from 'fs';
import { dirname, join, normalize } from 'path';
import { anchorsOf, Link, linksOf, markdownPages, proseLines, read, ROOT, wordCount } from '../helpers/pages';

/** The words of README.md outside of code blocks. */
const MOST_README_WORDS = 1_500;
/** The links of README.md that lead nowhere on PyPI and npm, because they are relative. */
const MOST_RELATIVE_README_LINKS = 0;

/** A file of this repository by its address: blob, tree or raw, at any branch or tag. */
const OWN = /^https:\/\/(?:github\.com\/org\/bluegreen-pipeline\/(?:blob|tree|raw)|raw\.githubusercontent\.com\/org\/bluegreen-pipeline)\/[^/]+\//;

const pages = markdownPages();
const anchors = new Map(pages.map((page) => [page, anchorsOf(read(page))]));

/** The reason why a link of a page is broken, if any. */
function problem(page: string, target: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target) && !OWN.test(target)) {
    return undefined;
  }
  const [path, anchor] = target.replace(OWN, '/').split('#').map(decodeURIComponent);
  const found = path === '' ? page : normalize(path.startsWith('/') ? path.slice(1) : join(dirname(page), path)).replace(/\/$/, '');
  if (!existsSync(join(ROOT, found))) {
    return `there is no ${found}`;
  }
  // Below the files of a folder GitHub shows its README, and of files that are no pages it numbers the lines.
  const known = (anchors.get(found) ?? anchors.get(`${found}/README.md`))?.has(anchor) ?? /^L\d+(-L\d+)?$/.test(anchor);
  return anchor === undefined || known ? undefined : `${found} has no #${anchor}`;
}

function problems(page: string, links: Link[]): string[] {
  return links.flatMap(({ line, target }) => {
    const reason = problem(page, target);
    return reason === undefined ? [] : [`${page}:${line} links to ${target}: ${reason}`];
  });
}

test('every link between pages leads to a file and an anchor that exist', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'API.md', 'docs/decisions/README.md', '.github/CODE_OF_CONDUCT.md']));
  expect(pages.flatMap((page) => problems(page, linksOf(read(page))))).toEqual([]);
});

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('every file that %s names exists', (page) => {
  const files = ['src', 'scripts', 'test', 'docs', 'compat', 'examples', 'rosetta'].flatMap((folder) =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map((file) => `${folder}/${file}`));
  const named = read(page).match(/(?<=`)[\w./-]+\.(?:ts|js|json|yaml|md)(?=`)/g) ?? [];

  expect(named.length).toBeGreaterThan(10);
  // A row may name another file of the same folder without it. A release contains imageDetail.json.
  expect(named.filter((name) => name !== 'imageDetail.json' && !existsSync(join(ROOT, name)) && !files.some((file) => file.endsWith(`/${name}`)))).toEqual([]);
});

test('README.md is short enough to read', () => {
  expect(wordCount(read('README.md'))).toBeLessThanOrEqual(MOST_README_WORDS);
});

test('links in README.md to files of the repository are absolute, because PyPI and npm show only the README', () => {
  const relative = linksOf(read('README.md')).filter(({ target }) => !/^(https:|mailto:|#)/.test(target));

  expect(relative.slice(MOST_RELATIVE_README_LINKS)).toEqual([]);
});

test('a link to a missing file, a missing anchor or a missing file by its address is found', () => {
  const markdown = [
    '[a](docs/nowhere.md) and ![b](docs/cost.md "title")',
    '[`c`](#nowhere), `[not](a-link.md)`, [d](SECURITY.md#nowhere)',
    '```md',
    '[not](a-link.md)',
    '```',
    '<a href="docs/nowhere">e</a> [f](https://github.com/org/bluegreen-pipeline/blob/main/docs/nowhere.md) [g](https://example.com/nowhere.md)',
    '[h]: nowhere.md',
    '[i](src/index.ts#L1) [j](docs/decisions/#decisions) [k](docs/cost.md#nowhere)',
  ].join('\n');

  expect(problems('README.md', linksOf(markdown))).toEqual([
    'README.md:1 links to docs/nowhere.md: there is no docs/nowhere.md',
    'README.md:2 links to #nowhere: README.md has no #nowhere',
    'README.md:2 links to SECURITY.md#nowhere: SECURITY.md has no #nowhere',
    'README.md:6 links to https://github.com/org/bluegreen-pipeline/blob/main/docs/nowhere.md: there is no docs/nowhere.md',
    'README.md:6 links to docs/nowhere: there is no docs/nowhere',
    'README.md:7 links to nowhere.md: there is no nowhere.md',
    'README.md:8 links to docs/cost.md#nowhere: docs/cost.md has no #nowhere',
  ]);
});

test('anchors follow the rules of GitHub', () => {
  const headings = ['# What a `cache` saves', '## Who, and *why*?', '## [A link](b.md) & C_d-e', '## Who, and why'];
  const others = ['```sh', '# no heading', '```', '<a name="by-hand"></a>'];

  expect([...anchorsOf([...headings, ...others].join('\n'))]).toEqual(['what-a-cache-saves', 'who-and-why', 'a-link--c_d-e', 'who-and-why-1', 'by-hand']);
});

test('words are counted outside of code blocks', () => {
  expect(proseLines('1. a\n   ```ts\n   b\n   ```\nc')).toEqual(['1. a', '', '', '', 'c']);
  expect(wordCount('| one | – |\n| --- | --- |\n\n````md\n```ts\nnone\n```\nnone\n````\ntwo [three](four)')).toBe(3);
});
