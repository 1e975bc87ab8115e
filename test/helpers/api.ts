import { readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';

const SRC = join(__dirname, '..', '..', 'src');

/** The statements of a file and of every file that it exports. */
function statementsOf(file: string): ts.Statement[] {
  const source = ts.createSourceFile(file, readFileSync(`${file}.ts`, 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) => (ts.isExportDeclaration(statement) && statement.moduleSpecifier
    ? statementsOf(join(file, '..', (statement.moduleSpecifier as ts.StringLiteral).text)) : [statement]));
}

const statements = statementsOf(join(SRC, 'index'));
export const structs = statements.filter(ts.isInterfaceDeclaration);
export const classes = statements.filter(ts.isClassDeclaration);

export const nameOf = ({ name }: { readonly name?: ts.Node }): string => name?.getText() ?? '';

/** The properties of a struct by name, those of the structs that it extends included. */
export function propsOf(name: string): string[] {
  const struct = structs.find((one) => nameOf(one) === name);
  const inherited = struct?.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText())) ?? [];
  return [...inherited.flatMap(propsOf), ...struct?.members.map(nameOf) ?? []];
}
