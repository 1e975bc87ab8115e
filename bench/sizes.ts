import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { createSourceFile, isJSDoc, Node, ScriptTarget } from 'typescript';
import { managedPolicies, ownStatements } from '../scripts/demo/policies';
import { everywhere } from '../scripts/demo/roles';
import { Template } from '../scripts/demo/template';

/** What a program and its template amount to. */
export interface Sizes {
  readonly lines: number;
  readonly resources: number;
  readonly templateBytes: number;
  readonly statements: number;
  readonly wildcardActions: number;
  readonly wildcardResources: number;
  readonly managedPolicies: number;
}

/** The template of the one stack in a cloud assembly, and the program that made it. */
export function sizesOf(outdir: string, program: string[]): Sizes {
  const file = join(outdir, 'Storefront.template.json');
  return {
    lines: program.reduce((sum, source) => sum + linesOfCode(readFileSync(source, 'utf8')), 0),
    templateBytes: statSync(file).size,
    ...templateSizes(new Template(JSON.parse(readFileSync(file, 'utf8')), { stackName: 'Storefront', region: 'us-east-1' })),
  };
}

export function templateSizes(template: Template): Omit<Sizes, 'lines' | 'templateBytes'> {
  const roles = template.ofType('AWS::IAM::Role');
  const statements = roles.flatMap(ownStatements);
  return {
    resources: template.resources.length,
    statements: statements.length,
    wildcardActions: statements.filter(({ effect, actions }) => effect === 'Allow' && actions.some((action) => action.includes('*'))).length,
    wildcardResources: everywhere(roles).length,
    managedPolicies: roles.flatMap(managedPolicies).length,
  };
}

/** The files of a contestant: `stock.ts` and what it is split into, `stock-….ts`. */
export function programOf(contestant: string): string[] {
  const folder = join(__dirname, 'contestants');
  return readdirSync(folder).filter((name) => name.split(/[.-]/)[0] === contestant).map((name) => join(folder, name));
}

/** How many lines hold code: neither blank nor nothing but a comment. */
export function linesOfCode(source: string): number {
  const file = createSourceFile('program.ts', source, ScriptTarget.ES2023, true);
  const lines = new Set<number>();
  const visit = (node: Node): void => {
    const parts = node.getChildren(file).filter((part) => !isJSDoc(part));
    parts.forEach(visit);
    // What has no parts is a word of the program; comments are not even that.
    if (parts.length === 0 && node.getWidth(file) > 0) {
      const line = (position: number) => file.getLineAndCharacterOfPosition(position).line;
      for (let at = line(node.getStart(file)); at <= line(node.getEnd()); at++) {
        lines.add(at);
      }
    }
  };
  visit(file);
  return lines.size;
}
