import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, aws_s3 as s3, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { guard } from '../../../src/cli/guard/command';
import { CODES } from '../../../src/cli/guard/findings';
import { pipelineIn } from '../../helpers/synthesis';

const ROOT = join(__dirname, '..', '..', '..');
const HELP = readFileSync(join(ROOT, 'src', 'cli', 'help', 'guard.txt'), 'utf8');

function assemblyOf(...stacks: [name: string, containerPort: number][]): string {
  const app = new App({ treeMetadata: false });
  stacks.forEach(([name, containerPort], index) => pipelineIn(new Stack(app, name, { env: { region: 'us-east-1' } }), {
    containerPort, environmentSuffix: `dev${index}`,
  }));
  return app.synth().directory;
}

const folder = mkdtempSync(join(tmpdir(), 'bluegreen-guard-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const deployed = assemblyOf(['Shop', 8080]);
const changed = assemblyOf(['Shop', 9090]);
const two = assemblyOf(['Shop', 8080], ['Store', 8080]);
const template = readFileSync(join(deployed, 'Shop.template.json'), 'utf8');
const words = (args: string[], options = {}) => guard(args, options).lines.join(' ').replace(/\s+/g, ' ');

test.each<[string, string]>([
  ['another assembly', deployed],
  ['a template', file('template.json', template)],
  ['the answer of get-template', file('answer.json', JSON.stringify({ TemplateBody: JSON.parse(template) as object, StagesAvailable: ['Original'] }))],
  ['the answer of get-template, with the template in a string', file('string.json', JSON.stringify({ TemplateBody: template }))],
])('the guard compares an assembly with %s', (_, old) => {
  expect(guard([old, changed], {}).findings).toBe(6);
  expect(words([old, changed])).toContain('name-taken: staging Change target group tg-blue-staging-dev0 is replaced: Port changes from 8080 to 9090');
  expect(words([old, deployed])).toContain('No finding in 0 changed resources.');
});

test('an allowed finding is listed and does not count', () => {
  const { findings, data } = guard([deployed, changed], { allow: ['name-taken', 'service-rejected'] });

  expect(findings).toBe(2);
  expect(data).toMatchObject([{
    findings: [{ code: 'port-closed' }, { code: 'port-closed' }],
    allowed: [{ code: 'name-taken' }, { code: 'name-taken' }, { code: 'service-rejected' }, { code: 'service-rejected' }],
  }]);
});

test('new access is listed, although it is no finding', () => {
  const app = new App({ treeMetadata: false });
  const stack = new Stack(app, 'Shop', { env: { region: 'us-east-1' } });
  const pipeline = pipelineIn(stack, { environmentSuffix: 'dev0' });
  s3.Bucket.fromBucketName(stack, 'Uploads', 'acme-uploads').grantRead(pipeline.deployment('production').taskDefinition.taskRole);

  expect(guard([deployed, app.synth().directory], {}).findings).toBe(0);
  expect(words([deployed, app.outdir])).toContain('NEW ACCESS');
  expect(words([deployed, app.outdir])).toContain('role-task-production-dev0-us-east-1: s3:GetObject* on arn:aws:s3:::acme-uploads/*');
});

test('the keys of the data, and the codes, are those that the help names', () => {
  const [data] = guard([deployed, changed], {}).data as { findings: object[] }[];

  expect([...Object.keys(data), ...Object.keys(data.findings[0]), ...CODES].filter((key) => !HELP.includes(key))).toEqual([]);
  expect([...HELP.matchAll(/^ {2}([a-z]+-[a-z-]+) {2,}/gm)].map(([, code]) => code).sort()).toEqual([...CODES].sort());
});

test.each<[string, () => unknown, string]>([
  ['nothing to compare', () => guard([], {}), 'guard compares two'],
  ['three', () => guard(['a', 'b', 'c'], {}), 'guard compares two'],
  ['a code that does not exist', () => guard([deployed, changed], { allow: ['traffic'] }), 'there is no code traffic; the codes are service-deleted, '],
  ['a file that does not exist', () => guard(['nowhere', changed], {}), 'nowhere cannot be read: there is no such file or folder'],
  ['a template in YAML', () => guard([file('template.yaml', 'Resources:\n  A: {}\n'), changed], {}), 'is not JSON: convert a YAML template first'],
  ['something else', () => guard([file('else.json', '[]'), changed], {}), 'is not a CloudFormation template: it has no Resources'],
  ['assemblies of other stacks', () => guard([assemblyOf(['Other', 8080]), changed], {}), 'have no stack in common: Other and Shop'],
  ['a stack that does not exist', () => guard([deployed, changed], { stack: 'Nope' }), 'has no stack "Nope"; its stacks are Shop'],
  ['a template and several stacks', () => guard([file('template.json', template), two], {}), 'has several stacks; name one with --stack: Shop, Store'],
  ['a policy for several stacks', () => guard([two], { policy: true }), 'has several stacks to protect; name one with --stack: Shop, Store'],
])('%s ends with one sentence', (_, run, message) => {
  expect(run).toThrow(message);
});

test('the stack policy of one stack is printed as CloudFormation takes it', () => {
  const { lines, findings } = guard([two], { policy: true, stack: 'Store' });
  const policy = JSON.parse(lines.join('\n')) as { Statement: { Effect: string; Resource: string | string[] }[] };

  expect(findings).toBe(0);
  expect(policy.Statement.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny', 'Deny']);
  expect(policy.Statement[2].Resource).toEqual([
    expect.stringMatching(/^LogicalResourceId\/PArtifacts/), expect.stringMatching(/^LogicalResourceId\/PDeployProductionLogs/),
    expect.stringMatching(/^LogicalResourceId\/PDeployStagingLogs/),
  ]);
});

test('a stack without anything to protect has no policy', () => {
  const app = new App({ treeMetadata: false });
  new s3.Bucket(new Stack(app, 'Plain'), 'Bucket', { removalPolicy: RemovalPolicy.RETAIN });

  expect(() => guard([app.synth().directory], { policy: true })).toThrow('has no stack with a resource that the policy protects');
});

test('the compiled command reads the deployed template from standard input, and ends with 1 for a finding', () => {
  const command = join(ROOT, 'lib', 'cli', 'main.js');
  const found = spawnSync(command, ['guard', '-', changed, '--json', '--allow', 'port-closed', '--allow', 'name-taken'], { input: template, encoding: 'utf8' });
  const none = spawnSync(command, ['guard', '-', deployed], { input: template, encoding: 'utf8' });

  expect([found.status, found.stderr, none.status, none.stderr]).toEqual([1, '', 0, '']);
  expect(JSON.parse(found.stdout)).toMatchObject({ command: 'guard', stacks: [{ stack: 'Shop', findings: [{ code: 'service-rejected' }, {}] }] });
});
