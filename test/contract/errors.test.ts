import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { CASES } from '../../scripts/errors/cases';
import { Entry, SECTIONS } from '../../scripts/errors/catalogue';
import { Finding, findingsOf, findingWith } from '../../scripts/errors/found';
import { errorsPage } from '../../scripts/errors/page';
import { newStack, pipelineIn } from '../helpers/synthesis';

const ROOT = join(__dirname, '..', '..');
const CATALOGUE: { readonly [code: string]: Entry } = Object.assign({}, ...SECTIONS.map((section) => section.codes));
const codes = Object.keys(CATALOGUE);
const entries = Object.entries(CATALOGUE);

/** The findings of each case: a case creates a pipeline or two. */
const findings: { [code: string]: Finding } = {};
const findingOf = (code: string): Finding => findings[code] ??= findingWith(code, CASES[code]);

/** The syntax tree of every file of src. */
const sources = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && !file.startsWith('cli') && statSync(join(ROOT, 'src', file)).isFile())
  .map((file) => ts.createSourceFile(file, readFileSync(join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true));

/** All nodes of a kind below a node. */
function nodesIn<T extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = is(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...nodesIn(child, is));
  });
  return found;
}

describe('the catalogue', () => {
  test('the catalogue has every code once', () => {
    expect(SECTIONS.flatMap((section) => Object.keys(section.codes)).sort()).toEqual([...codes].sort());
    expect(codes.filter((code) => !/^BGP(?!000)[0-2]\d\d$/.test(code))).toEqual([]);
  });

  test.each(entries)('the rule, cause and fix of %s are sentences', (_, { rule, why, fix }) => {
    for (const text of [rule, why, fix]) {
      expect(text).toMatch(/^[A-Z0-9`'"].{8,}[.!?)]$/s);
      expect(text).not.toMatch(/\s{2}|\n|TODO/);
    }
  });

  test.each(entries)('%s cites its source by an HTTPS address, or cites none', (_, { source }) => {
    expect(source ?? 'https://docs.aws.amazon.com/').toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/);
  });
});

describe('the cases', () => {
  test.each(codes)('a case reports %s with its link', (code) => {
    const { text, id } = findingOf(code);

    expect(text.endsWith(` [${code}] https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md#${code.toLowerCase()}`)).toBe(true);
    expect(text.match(/\[BGP\d+\]/g)).toEqual([`[${code}]`]);
    expect(id ?? '@org/bluegreen-pipeline:Any.topic').toMatch(/^@org\/bluegreen-pipeline:[A-Z]\w+\.[a-z]\w+$/);
  });

  test('the cases belong to codes of the catalogue', () => {
    expect(Object.keys(CASES).filter((code) => !(code in CATALOGUE))).toEqual([]);
  });

  test('the message of each case has the prop, the rule and the remedy', () => {
    const refused = codes.map(findingOf).filter(({ when }) => when === 'construction');

    expect(refused.length).toBeGreaterThan(40);
    for (const { text } of refused) {
      expect(text).toMatch(/^\S+( \([\w.]+\))?: '[^']+' (key ".+" must|must|can be called|is required|is not a valid key)[^]*; [^]+ \[BGP\d{3}\] /);
    }
  });

  test('a valid pipeline has no findings', () => {
    expect(findingsOf(() => pipelineIn(newStack())).filter(({ when }) => when !== 'warning')).toEqual([]);
  });
});

describe('the source', () => {
  test('the source throws in private/errors.ts only', () => {
    const throwing = sources.flatMap((source) => nodesIn(source, ts.isThrowStatement).map(() => source.fileName));

    expect(throwing).toEqual(['private/errors.ts']);
  });

  test('the source has a violation for each code of the catalogue, and for no other code', () => {
    const written = sources.flatMap((source) => nodesIn(source, ts.isStringLiteral))
      .map(({ text }) => text)
      .filter((text) => /^BGP\d{3}$/.test(text));

    expect([...new Set(written)].sort()).toEqual([...codes].sort());
  });

  test('the source warns with the codes and ids of the cases', () => {
    const written = sources.flatMap((source) => nodesIn(source, ts.isStringLiteral))
      .filter(({ text }) => /^[A-Z]\w+\.[a-z]\w+$/.test(text))
      .map(({ text }) => `@org/bluegreen-pipeline:${text}`)
      .filter((id) => codes.some((code) => findingOf(code).id === id));
    const shown = codes.map((code) => findingOf(code).id)
      .filter((id) => id !== undefined && !id.endsWith('.unknownKey'));

    expect(sources.filter(({ text }) => text.includes('.addWarning')).map(({ fileName }) => fileName)).toEqual(['private/errors.ts']);
    expect(written.length).toBeGreaterThan(0);
    expect([...new Set(shown)].sort()).toEqual([...new Set(written)].sort());
  });
});

test('docs/errors.md is generated from the catalogue and the cases', () => {
  expect(readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8')).toBe(errorsPage());
});
