import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** Idioms that no native speaker would write, with words that replace them. */
const IDIOMS: readonly [idiom: RegExp, instead: string][] = [
  [/\b(a|any) text\b/, 'string'],
  [/\bof yours\b/, 'your own'],
  [/\bof (the|a) user's(?=[.,:;)]| (may|can|must|has|have|runs?|stands?|says?|included)\b)/, "the user's"],
  [/\bst(ands?|ood|anding) (beside|before|in the way)\b|\bids beside\b/, 'is next to, precedes, prevents'],
  [/\bt(ells?|old)\b/, 'shows, reports, distinguishes'],
  [/\bsomebody\b/, 'a person, a principal'],
  [/\b(go|goes|going|went|gone) off\b/, 'is triggered, goes into ALARM state'],
  [/\bhand(s|ed|ing)? ((it|them|(its|their) \w+) )?on\b/, 'passes'],
  [/\b(gets?|gives?|given|the role) leave to\b/, 'is granted'],
  [/\bsa(ys?|id|ying) (so|(it|them)sel(f|ves))\b/, 'defines, sets'],
  [/(?<!\bto )\bdo with an?\b/, 'work with'],
  [/\b(is|has) to (know|do with)\b/, 'options; is unrelated'],
  [/\bthe (whole )?road\b/, 'the pipeline'],
  [/\b(each|every|one|only|other|these) rooms?\b/, 'module'],
  [/\bcounts? more\b/, 'takes precedence'],
  [/\b(goes?|went) round\b/, 'bypasses'],
  [/\bwhoever must know\b/i, 'the subscribers'],
  [/\b(is|are|be) had\b/, 'set, use'],
  [/\basks? a person\b|\ba person is asked\b/, 'requests an approval'],
  [/\btr(y|ies|ied) (the |an )?(image|it) out\b/, 'tests'],
  [/\bmust (not )?be by names\b/, "'<prop>' key ... must"],
];

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
const nodesIn = (node: ts.Node): ts.Node[] => [node, ...node.getChildren().flatMap(nodesIn)];
const filesIn = (folder: string, ending: string): string[] =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).filter((file) => file.endsWith(ending)).sort().map((file) => `${folder}/${file}`);

/** The comments of a source file, each once, with line breaks as spaces. */
function commentsOf(file: string): string[] {
  const source = parse(file);
  const ranges = nodesIn(source).flatMap(({ pos, end }) =>
    [...ts.getLeadingCommentRanges(source.text, pos) ?? [], ...ts.getTrailingCommentRanges(source.text, end) ?? []]);
  return [...new Set(ranges.map((range) => source.text.slice(range.pos, range.end).replace(/\n\s*\*?\s*/g, ' ')))];
}

const stringsOf = (file: string): string[] => nodesIn(parse(file)).flatMap((node) =>
  (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) ? [node.text] : []));

/** The lines of a page that are not quotations. */
const linesOf = (file: string): string[] => read(file).split('\n').filter((line) => !/^\s*>/.test(line));

const inEach = (files: string[], textsOf: (file: string) => string[]): string[] =>
  files.flatMap((file) => textsOf(file).map((text) => `${file}: ${text}`));

const TEXTS: { readonly [kind: string]: () => string[] } = {
  comments: () => inEach(filesIn('src', '.ts'), commentsOf),
  messages: () => inEach(filesIn('src', '.ts'), stringsOf),
  pages: () => inEach(['README.md', ...filesIn('docs', '.md')], linesOf),
};

/** The kinds of `TEXTS` that are checked. */
const CHECKED = ['comments', 'messages', 'pages'];

test.each(CHECKED)('the %s contain no banned idiom', (kind) => {
  const texts = TEXTS[kind]();
  const found = IDIOMS.flatMap(([idiom, instead]) => texts.filter((text) => idiom.test(text)).map((text) => `"${idiom.exec(text)![0]}" -> ${instead}: ${text}`));

  expect(texts.length).toBeGreaterThan(900);
  expect(found).toEqual([]);
});

const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
const isInternal = (node: ts.Node): boolean => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
const summaryOf = (node: ts.Node): string =>
  ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map(({ comment }) => ts.getTextOfJSDocComment(comment)).join();

/** The exported classes and structs and their public members, each with its documentation. */
const documented = parse('src/index.ts').statements.filter(ts.isExportDeclaration)
  .flatMap(({ moduleSpecifier }) => parse(`src/${(moduleSpecifier as ts.StringLiteral).text}.ts`).statements)
  .filter((node) => has(node, ts.SyntaxKind.ExportKeyword))
  .flatMap((node): ts.Node[] => (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) ? [node, ...node.members] : [node]))
  .flatMap((node) => (ts.isConstructorDeclaration(node) ? node.parameters.filter((one) => ts.isParameterPropertyDeclaration(one, node)) : [node]))
  .filter((node) => !has(node, ts.SyntaxKind.PrivateKeyword) && !isInternal(node))
  .map((node) => ({ node, summary: summaryOf(node) }));

const startingWith = (wrong: RegExp, entries = documented): string[] =>
  entries.filter(({ summary }) => wrong.test(summary)).map(({ node, summary }) => `${node.getSourceFile().fileName}: ${summary.split('\n')[0]}`);

test('a public summary names its member, and is not a question', () => {
  expect(documented.length).toBeGreaterThan(200);
  expect(startingWith(/^(?![A-Z])|^(What|Where|How|Who|Whose|Whether|When)\b/)).toEqual([]);
});

test('the summary of a public method begins with a verb in the third person', () => {
  expect(startingWith(/^(?![A-Z][a-z]+s\b)/, documented.filter(({ node }) => ts.isMethodDeclaration(node)))).toEqual([]);
});

test('no other doc comment begins with a question word either', () => {
  const files = ['src', 'scripts', 'test', 'bench'].flatMap((folder) => filesIn(folder, '.ts'));
  const begins = (file: string): string[] => read(file).match(/\/\*\*\s+(?:\* )?(?:What|Where|How|Who|Whose|Whether)\b.*/g) ?? [];

  expect(files.length).toBeGreaterThan(400);
  expect(inEach(files, begins)).toEqual([]);
});
