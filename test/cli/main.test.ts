import { spawnSync } from 'child_process';
import { readdirSync, readFileSync, statSync } from 'fs';
import { builtinModules } from 'module';
import { join } from 'path';
import { App, aws_s3 as s3, Stack } from 'aws-cdk-lib';
import * as ts from 'typescript';
import { pipelineIn } from '../helpers/synthesis';

const ROOT = join(__dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** A page of help, as it is printed. */
function help(page: string): string {
  return readFileSync(join(ROOT, 'src', 'cli', 'help', `${page}.txt`), 'utf8');
}

/** The compiled command, as `node_modules/.bin` calls it. */
function command(...args: string[]) {
  return spawnSync(join(ROOT, 'lib', 'cli', 'main.js'), args, { encoding: 'utf8' });
}

function assemblyOf(make: (stack: Stack) => void): string {
  const app = new App();
  make(new Stack(app, 'Storefront', { env: { region: 'us-east-1' } }));
  return app.synth().directory;
}

const shop = assemblyOf((stack) => pipelineIn(stack));
const kept = assemblyOf((stack) => {
  pipelineIn(stack);
  new s3.CfnBucket(stack, 'Left').cfnOptions.deletionPolicy = undefined;
});

test.each<[string[], number, string, string]>([
  [['--help'], 0, help('help'), ''],
  [['explain', '--help'], 0, help('explain'), ''],
  [['permissions', '-h'], 0, help('permissions'), ''],
  [['guard', '--help'], 0, help('guard'), ''],
  [['explain', '--allow', 'port-closed'], 2, '', 'bluegreen-pipeline: explain has no option --allow; it is an option of guard\n'],
  [['--version'], 0, `${version}\n`, ''],
  [[], 2, '', 'bluegreen-pipeline: a command is required: explain, permissions or guard; --help describes them\n'],
  [['guess'], 2, '', 'bluegreen-pipeline: there is no command "guess"; the commands are explain, permissions and guard\n'],
  [['explain', '--yaml'], 2, '', "bluegreen-pipeline: Unknown option '--yaml'; --help lists the options\n"],
  [['explain', 'a', 'b'], 2, '', 'bluegreen-pipeline: one folder can be read at a time, got a and b\n'],
  [['explain', 'nowhere'], 2, '',
    'bluegreen-pipeline: there is no folder nowhere; run "cdk synth" first, or name the folder of its output\n'],
])('the command with the arguments %j has the expected exit code and output', (args, status, stdout, stderr) => {
  expect(command(...args)).toMatchObject({ status, stdout, stderr });
});

test.each(['explain', 'permissions'])('%s prints text or JSON, and exits with 0 when it finds nothing', (name) => {
  const { status, stdout, stderr } = command(name, shop);
  const json = command(name, shop, '--json', '--stack', 'Storefront');

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Storefront in us-east-1');
  expect(json.status).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({
    command: name, version, stacks: [{ stack: 'Storefront', region: 'us-east-1', account: '<account>', findings: [] }],
  });
});

test('the keys of the JSON output are those that the help names', () => {
  const [data] = (JSON.parse(command('explain', shop, '--json').stdout) as { stacks: object[] }).stacks;
  const [permissions] = (JSON.parse(command('permissions', shop, '--json').stdout) as { stacks: object[] }).stacks;

  expect(Object.keys(data).filter((key) => !help('explain').includes(key))).toEqual([]);
  expect(Object.keys(permissions).filter((key) => !help('permissions').includes(key))).toEqual([]);
});

test('a finding sets the exit code to 1', () => {
  const { status, stdout } = command('explain', kept);

  expect(status).toBe(1);
  expect(stdout).toContain('FINDINGS');
  expect(stdout).toContain('- Left is deleted with the stack, and the deletion fails unless it is empty');
});

test('the command imports nothing except its own modules and those of Node', () => {
  const files = (readdirSync(join(ROOT, 'src', 'cli'), { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  const imports = files.flatMap((file) => ts.preProcessFile(readFileSync(join(ROOT, 'src', 'cli', file), 'utf8'))
    .importedFiles.map(({ fileName }) => ({ file, name: fileName, depth: file.split('/').length })));

  expect(files.length).toBeGreaterThan(20);
  expect(imports.filter(({ name, depth }) => !builtinModules.includes(name)
    && (!name.startsWith('.') || name.split('../').length > depth))).toEqual([]);
});

test('the library loads no file of the command, and the command is small', () => {
  const program = "require('@org/bluegreen-pipeline'); console.log(Object.keys(require.cache).join('\\n'))";
  const { stdout } = spawnSync(process.execPath, ['-e', program], { cwd: ROOT, encoding: 'utf8' });
  const cli = join(ROOT, 'lib', 'cli');
  const sizes = (readdirSync(cli, { recursive: true }) as string[]).map((file) => statSync(join(cli, file)))
    .filter((file) => file.isFile()).map(({ size }) => size);

  expect(stdout).toContain(join(ROOT, 'lib', 'index.js'));
  expect(stdout).not.toContain(cli);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000);
});
