import * as path from 'path';

/** The root of the repository. */
export const repository = path.resolve(__dirname, '..', '..');

/** The folder for everything that these scripts write, which git ignores: delete it to start from scratch. */
export const cacheFolder = path.join(repository, 'node_modules', '.cache', 'local-cloud');

/** The name of the emulator. Another name is another emulator, which the tests use. */
export const dataFolder = path.join(cacheFolder, path.basename(process.env.LOCAL_CLOUD_NAME ?? 'emulator'));

/** The assemblies of the apps that the emulator has deployed; they are deleted with it. */
export const assemblies = path.join(dataFolder, 'assemblies');

/** The account of the emulator, and the region of stacks that set none. */
export const account = '000000000000';
export const region = 'us-east-1';

/**
 * The variables with which AWS tools call the emulator and nothing else: it is the endpoint of every service, the
 * keys are made up, and no profile, metadata service or credentials of the person can be found.
 */
export function awsSettings(endpoint: string): Record<string, string> {
  const home = path.join(dataFolder, 'home');
  return {
    HOME: home,
    TMPDIR: path.join(dataFolder, 'tmp'),
    // Otherwise the Python scripts would create a __pycache__ folder.
    PYTHONDONTWRITEBYTECODE: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: path.join(home, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(home, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** The environment of a tool that talks to the emulator: your own, without any AWS, CDK or proxy setting. */
export function isolatedEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_)|_proxy$/i.test(name));
  const settings = awsSettings(endpoint);
  return {
    ...Object.fromEntries(kept),
    ...settings,
    CDK_HOME: path.join(settings.HOME, '.cdk'),
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
