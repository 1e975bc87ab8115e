import { readdirSync, readFileSync, statSync } from 'fs';
import { join } from 'path';
import { permissionsOf } from '../src/cli/permissions/permissions';
import { allowedOnEveryResource, ownStatements } from '../src/cli/permissions/text';
import { Template } from '../src/cli/template';

/** The sizes of a program and its template. */
export interface Sizes {
  readonly lines: number;
  readonly resources: number;
  readonly templateBytes: number;
  readonly statements: number;
  readonly wildcardActions: number;
  readonly wildcardResources: number;
  readonly managedPolicies: number;
}

/** The template of the one stack in a cloud assembly, and the program that created it. */
export function sizesOf(outdir: string, program: string[]): Sizes {
  const file = join(outdir, 'Storefront.template.json');
  return {
    lines: program.reduce((sum, source) => sum + linesOfCode(readFileSync(source, 'utf8')), 0),
    templateBytes: statSync(file).size,
    ...templateSizes(new Template(JSON.parse(readFileSync(file, 'utf8')), { stackName: 'Storefront', region: 'us-east-1' })),
  };
}

export function templateSizes(template: Template): Omit<Sizes, 'lines' | 'templateBytes'> {
  const { roles } = permissionsOf(template);
  const statements = ownStatements(roles);
  const policies = template.ofType('AWS::IAM::Role').flatMap((role) => role.at('ManagedPolicyArns').items);
  return {
    resources: template.resources.length,
    statements: statements.length,
    wildcardActions: statements.filter(({ effect, actions }) =>
      effect === 'Allow' && actions.some((action) => action.includes('*'))).length,
    wildcardResources: allowedOnEveryResource(roles).length,
    managedPolicies: policies.filter((policy) => policy.target === undefined).length,
  };
}

/** The files of a contestant: `stock.ts` and the modules that it is split into, `stock-….ts`. */
export function programOf(contestant: string): string[] {
  const folder = join(__dirname, 'contestants');
  return readdirSync(folder).filter((name) => name.split(/[.-]/)[0] === contestant).map((name) => join(folder, name));
}

/** The number of lines with code: neither blank nor only a comment. */
export function linesOfCode(source: string): number {
  return source.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*|\*)/.test(line)).length;
}
