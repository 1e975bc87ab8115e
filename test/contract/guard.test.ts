import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { CONNECTION_ARN, templateOf } from '../helpers/synthesis';

/** What the rules of AWS find in the example, and why it stays. */
interface Finding {
  /** The constructs, without the environment: none where a rule judges all resources together, any where all of a type fail. */
  readonly on: readonly string[] | 'any';
  readonly why: string;
}

const FINDINGS = parse(readFileSync(join(__dirname, 'guard', 'findings.yaml'), 'utf8')) as { readonly [rule: string]: Finding };

const PACKAGE = dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const PLATFORM = process.platform === 'darwin' ? 'macos' : 'ubuntu';
const ARCHITECTURE = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** The proactive controls of Control Tower for the services of the example. */
const CONTROLS = [
  'cloudwatch', 'codebuild', 'ec2', 'ecr', 'ecs', 'elasticloadbalancing', 'identityandaccessmanagement', 'lambda', 's3', 'stepfunctions',
].map((service) => join(PACKAGE, 'rules', 'control-tower', 'cfn-guard', service));

/** A rule that failed, with everything that CloudFormation Guard says about it. */
interface FailedRule {
  readonly Rule: { readonly name: string };
}

function failedRules(template: object): FailedRule[] {
  const folder = mkdtempSync(join(tmpdir(), 'guard-'));
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  const { stdout, stderr } = spawnSync(join(PACKAGE, 'bin', PLATFORM, ARCHITECTURE, 'cfn-guard'), [
    'validate', ...[...CONTROLS, join(__dirname, 'guard', 'rules')].flatMap((rules) => ['--rules', rules]), '--data', file,
    '--output-format', 'json', '--show-summary', 'none', '--structured',
  ], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  const [{ not_compliant: failed }] = JSON.parse(stdout) as { readonly not_compliant: FailedRule[] }[];
  return failed;
}

/** The resources that a finding is about: it names paths within the template. */
function logicalIds(found: unknown): string[] {
  return [...new Set([...JSON.stringify(found).matchAll(/"path":"\/Resources\/([A-Za-z0-9]+)/g)].map(([, id]) => id))];
}

/** Where each resource is in the pipeline, the same for each environment. */
function placesIn(stack: Stack): { readonly [logicalId: string]: string } {
  return Object.fromEntries(stack.node.findAll().filter(CfnElement.isCfnElement).map((element) => {
    const path = element.node.path.split('/').slice(1).filter((part) => part !== 'Resource' && part !== 'Pipeline').join('/');
    return [stack.resolve(element.logicalId) as string, path.replace(/(Deploy|Approve)(Staging|Production)/, '$1*')];
  }));
}

test('the Guard rules of AWS find nothing in examples/us-east-1 but what has a reason', () => {
  const stack = new StorefrontStack(new App({ treeMetadata: false }), {
    connectionArn: CONNECTION_ARN, repository: 'acme/storefront', notificationEmail: 'team@example.com', environmentSuffix: 'dev',
  });
  const failed = failedRules(templateOf(stack));
  const places = placesIn(stack);

  const found = Object.fromEntries(failed.map((rule) =>
    [rule.Rule.name, [...new Set(logicalIds(rule).map((id) => places[id]))].sort()]));

  expect(found).toEqual(Object.fromEntries(Object.entries(FINDINGS).map(([rule, { on }]) => [rule, on === 'any' ? expect.anything() : on])));
}, 120_000);

test('each finding that stays has its reason in a sentence', () => {
  expect(Object.values(FINDINGS).map(({ why }) => why).filter((why) => !/^[A-Z`].{30,}\.$/s.test(why))).toEqual([]);
});
