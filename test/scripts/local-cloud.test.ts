import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { stacksIn } from '../../scripts/local-cloud/app';
import { cacheFolder, isolatedEnvironment } from '../../scripts/local-cloud/environment';
import { readOptions } from '../../scripts/local-cloud/options';

const root = join(__dirname, '..', '..');
const example = join(root, 'examples', 'us-east-1');

const given = process.env;
afterEach(() => { process.env = given; });

describe('the options of deploy:local and destroy:local', () => {
  beforeEach(() => {
    process.env = { ...given, INIT_CWD: join(root, 'examples') };
    delete process.env.ENVIRONMENT_SUFFIX;
  });

  test('the options default to the us-east-1 example and the suffix local', () => {
    expect(readOptions('deploy:local', [])).toEqual({ folder: example, context: { environmentSuffix: 'local' }, discard: false });
  });

  test('the options accept a folder relative to the working directory, and context', () => {
    expect(readOptions('destroy:local', ['--app', 'us-east-1', '-c', 'a=b=c', '--context', 'empty=', '--suffix', 'second'])).toEqual({
      folder: example, context: { a: 'b=c', empty: '', environmentSuffix: 'second' }, discard: false,
    });
  });

  test('the options accept the suffix from the context or the environment, too', () => {
    process.env.ENVIRONMENT_SUFFIX = 'third';

    expect(readOptions('deploy:local', []).context).toEqual({ environmentSuffix: 'third' });
    expect(readOptions('deploy:local', ['-c', 'environmentSuffix=second']).context).toEqual({ environmentSuffix: 'second' });
  });

  test.each([
    [['--sufix', 'x'], "Unknown option '--sufix'"],
    [['-c', 'cpu'], "'-c' must be key=value, got \"cpu\""],
    [['-c', '=512'], "'-c' must be key=value, got \"=512\""],
    [['--suffix', 'a', '-c', 'environmentSuffix=b'], "'--suffix a' and '-c environmentSuffix=b' contradict each other; give one of them"],
    [['--app', 'nowhere'], `'--app' must be the folder of a CDK app, got "nowhere": there is no ${join(root, 'examples', 'nowhere', 'cdk.json')}`],
    [['--discard'], "'--discard' belongs to destroy:local"],
  ])('the options are rejected: %j', (parameters, message) => {
    expect(() => readOptions('deploy:local', parameters)).toThrow(message);
  });
});

test("a tool that talks to the emulator gets none of the user's AWS, CDK and proxy settings, and its own home folder", () => {
  process.env = {
    PATH: '/bin',
    HOME: '/home/ann',
    TMPDIR: '/tmp',
    AWS_PROFILE: 'production',
    AWS_SESSION_TOKEN: 'secret',
    AWS_ENDPOINT_URL_S3: 'https://s3.example.com',
    CDK_HOME: '/home/ann/.cdk',
    CDK_DEFAULT_ACCOUNT: '111111111111',
    HTTPS_PROXY: 'http://proxy',
    no_proxy: 'localhost',
    LANG: 'C.UTF-8',
  };
  const { HOME, TMPDIR, CDK_HOME, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, ...others } = isolatedEnvironment('http://127.0.0.1:4566');

  for (const folder of [HOME, TMPDIR, CDK_HOME, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE]) {
    expect(folder).toMatch(new RegExp(`^${cacheFolder}/`));
  }
  expect(others).toEqual({
    PATH: '/bin',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  });
});

test('the stacks of an app are found in its stages, too, each in its region', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'stages-'));
  const app = new App({ outdir });
  new Stack(app, 'Shared');
  new Stack(new Stage(app, 'Europe', { env: { region: 'eu-west-1' } }), 'Shop', { stackName: 'shop' });
  app.synth();

  expect(stacksIn(outdir)).toEqual([{ stackName: 'shop', region: 'eu-west-1' }, { stackName: 'Shared', region: 'us-east-1' }]);
  rmSync(outdir, { recursive: true });
});
