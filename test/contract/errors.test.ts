import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { findingsOf, findingWith } from '../../scripts/errors/found';
import { errorsPage } from '../../scripts/errors/page';
import { CATALOGUE, Code } from '../../src/private/catalogue';
import { CASES } from '../helpers/cases';
import { newStack, pipelineIn } from '../helpers/synthesis';

const ROOT = join(__dirname, '..', '..');
const codes = Object.keys(CATALOGUE) as Code[];
/** What the catalogue tells about a code. */
interface Entry {
  readonly rule: string;
  readonly why: string;
  readonly fix: string;
  readonly source?: string;
}

const entries: [string, Entry][] = Object.entries(CATALOGUE);

/** Every file of src as TypeScript reads it. */
const sources = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[])
  .filter((file) => file.endsWith('.ts') && statSync(join(ROOT, 'src', file)).isFile())
  .map((file) => ts.createSourceFile(file, readFileSync(join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true));

/** All nodes below a node that are of a kind. */
function nodesIn<T extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = is(node) ? [node] : [];
  ts.forEachChild(node, (child) => {
    found.push(...nodesIn(child, is));
  });
  return found;
}

/** The calls of a function or method, by file. */
function callsOf(name: string): [string, ts.CallExpression][] {
  return sources.flatMap((source) => nodesIn(source, ts.isCallExpression)
    .filter(({ expression }) => (ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()) === name)
    .map((call): [string, ts.CallExpression] => [source.fileName, call]));
}

describe('the catalogue', () => {
  test('has every code once, in the order of the codes', () => {
    const written = sources.filter(({ fileName }) => fileName.startsWith('private/catalogue/'))
      .flatMap((source) => nodesIn(source, ts.isPropertyAssignment)).map(({ name }) => name.getText()).filter((name) => name.startsWith('BGP'));

    expect([...written].sort()).toEqual([...new Set(codes)].sort());
    expect(codes).toEqual([...codes].sort());
  });

  test('has codes from 001 to 149', () => {
    expect(codes.filter((code) => !/^BGP(0\d\d|1[0-5]\d)$/.test(code) || code.endsWith('000'))).toEqual([]);
  });

  test.each(entries)('%s is told in sentences', (_, { rule, why, fix }) => {
    for (const text of [rule, why, fix]) {
      expect(text).toMatch(/^[A-Z0-9`'"].{8,}[.!?)]$/s);
      expect(text).not.toMatch(/\s{2}|\n|TODO/);
    }
  });

  test.each(entries)('%s names its source by an address that is read over TLS, or none', (_, { source }) => {
    expect(source ?? 'https://docs.aws.amazon.com/').toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/);
  });
});

describe('the cases', () => {
  test.each(codes)('%s is told by a case', (code) => {
    const { when, text, id } = findingWith(code, CASES[code]);
    // An error ends with the address of the page; what is reported or warned of is one line.
    const lines = text.split('\n');
    const told = when === 'construction' ? lines[lines.length - 2] : text;

    expect(told.endsWith(` [${code}]`)).toBe(true);
    expect(text.match(/\[BGP\d+\]/g)).toEqual([`[${code}]`]);
    expect(when === 'construction' ? lines[lines.length - 1] : 'Codes are explained in https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md')
      .toBe('Codes are explained in https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md');
    expect(id ?? '@org/bluegreen-pipeline:Any.topic').toMatch(/^@org\/bluegreen-pipeline:[A-Z]\w+\.[a-z]\w+$/);
  });

  test('belong to codes of the catalogue', () => {
    expect(Object.keys(CASES).filter((code) => !(code in CATALOGUE))).toEqual([]);
  });

  test('have messages with the prop, what must be, and a way out', () => {
    const refused = codes.map((code) => findingWith(code, CASES[code])).filter(({ when }) => when === 'construction');

    expect(refused.length).toBeGreaterThan(40);
    for (const { text } of refused) {
      expect(text).toMatch(/^\S+( \(\w+\))?: '[^']+' (must|(of [\w.]+ )?is required)[^]*; [^]+ \[BGP\d{3}\]\n/);
    }
  });

  test('show nothing in a pipeline that is as it should be', () => {
    expect(findingsOf(() => pipelineIn(newStack())).filter(({ when }) => when !== 'warning')).toEqual([]);
  });
});

describe('the source', () => {
  test('throws in private/errors.ts alone', () => {
    const throwing = sources.flatMap((source) => nodesIn(source, ts.isThrowStatement).map(() => source.fileName));

    expect(throwing).toEqual(['private/errors.ts']);
  });

  test('makes problems with a code of the catalogue alone', () => {
    const made = callsOf('broken').map(([file, { arguments: [code] }]) => [file, code]) as [string, ts.Expression][];
    const literals = made.filter(([, code]) => ts.isStringLiteral(code)).map(([, code]) => (code as ts.StringLiteral).text);

    expect(made.length).toBeGreaterThan(20);
    expect(literals.filter((code) => !(code in CATALOGUE))).toEqual([]);
    // What is not written out is the code that a shared check was asked to use.
    expect(made.filter(([, code]) => !ts.isStringLiteral(code)).map(([, code]) => code.getText()).filter((text) => text !== 'code')).toEqual([]);
  });

  test('knows no problem without a code', () => {
    const errors = sources.find(({ fileName }) => fileName === 'private/errors.ts') as ts.SourceFile;
    const problem = nodesIn(errors, ts.isTypeAliasDeclaration).find(({ name }) => name.text === 'Problem');

    expect(problem?.type.getText()).toBe('BrokenRule | undefined');
  });

  test('warns with the codes and ids that the cases show', () => {
    const written = callsOf('warn').map(([, { arguments: [, topic] }]) => `@org/bluegreen-pipeline:${(topic as ts.StringLiteral).text}`);
    const shown = codes.map((code) => findingWith(code, CASES[code]).id).filter((id) => id !== undefined);

    expect(callsOf('addWarning').map(([file]) => file)).toEqual(['private/errors.ts']);
    expect(written.length).toBeGreaterThan(0);
    expect([...new Set(shown)].sort()).toEqual([...new Set(written)].sort());
  });
});

test('docs/errors.md is what the catalogue and the cases say', () => {
  expect(readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8')).toBe(errorsPage());
});
