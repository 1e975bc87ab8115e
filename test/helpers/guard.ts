import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { parse } from 'yaml';
import { Resource, SynthesisedTemplate } from './synthesis';

/** The findings of the AWS rules in an example, and the reasons for keeping them. */
interface Finding {
  /** The constructs, without the environment: none if a rule evaluates all resources together, any if all of a type fail. */
  readonly on: readonly string[] | 'any';
  readonly why: string;
}

const GUARD = join(__dirname, '..', 'contract', 'guard');

export const FINDINGS = parse(readFileSync(join(GUARD, 'findings.yaml'), 'utf8')) as { readonly [rule: string]: Finding };

const PACKAGE = dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const PLATFORM = process.platform === 'darwin' ? 'macos' : 'ubuntu';
const ARCHITECTURE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** The proactive controls of Control Tower for the services of the examples. */
const CONTROLS = [
  'cloudwatch', 'codebuild', 'ec2', 'ecr', 'ecs', 'elasticloadbalancing', 'identityandaccessmanagement', 'lambda', 's3', 'stepfunctions',
].map((service) => join(PACKAGE, 'rules', 'control-tower', 'cfn-guard', service));

/** A failed rule, with the messages of CloudFormation Guard. */
interface FailedRule {
  readonly Rule: { readonly name: string };
}

function failedRules(template: SynthesisedTemplate): FailedRule[] {
  const folder = mkdtempSync(join(tmpdir(), 'guard-'));
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  const { stdout, stderr } = spawnSync(join(PACKAGE, 'bin', PLATFORM, ARCHITECTURE, 'cfn-guard'), [
    'validate', ...[...CONTROLS, join(GUARD, 'rules')].flatMap((rules) => ['--rules', rules]), '--data', file,
    '--output-format', 'json', '--show-summary', 'none', '--structured',
  ], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  const [{ not_compliant: failed }] = JSON.parse(stdout) as { readonly not_compliant: FailedRule[] }[];
  return failed;
}

/** The resources of a finding, which names paths within the template. */
function logicalIds(found: unknown): string[] {
  return [...new Set([...JSON.stringify(found).matchAll(/"path":"\/Resources\/([A-Za-z0-9]+)/g)].map(([, id]) => id))];
}

/** The path of a resource in the pipeline, the same for each environment. */
function placeOf({ Metadata }: Resource): string {
  const path = String(Metadata?.['aws:cdk:path']).split('/').slice(1)
    .filter((part) => part !== 'Resource' && part !== 'Pipeline').join('/');
  return path.replace(/(Deploy|Approve)(Staging|Production)/, '$1*');
}

/** The findings of the rules in a template with the paths of its constructs: for each rule, the paths of the resources. */
export function guardFindings(template: SynthesisedTemplate): { readonly [rule: string]: readonly string[] } {
  return Object.fromEntries(failedRules(template).map((rule) =>
    [rule.Rule.name, [...new Set(logicalIds(rule).map((id) => placeOf(template.Resources[id])))].sort()]));
}

/** The expected findings. */
export function knownFindings(): { readonly [rule: string]: unknown } {
  return Object.fromEntries(Object.entries(FINDINGS).map(([rule, { on }]) => [rule, on === 'any' ? expect.anything() : on]));
}
