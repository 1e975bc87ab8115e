import { awscdk, javascript, release } from 'projen';

const project = new awscdk.AwsCdkConstructLibrary({
  name: '@org/bluegreen-pipeline',
  description: 'The whole CI/CD road of a container on Amazon ECS in one construct: source, build, test, approvals and CodeDeploy blue/green deployments with automatic rollback',
  author: 'Org',
  authorAddress: 'oss@example.com',
  repositoryUrl: 'https://github.com/org/bluegreen-pipeline.git',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  cdkVersion: '2.257.0',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  majorVersion: 0,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '24.x',
  devDeps: ['@types/node@^20', 'aws-cdk@2.1148.1', 'fast-check@4.10.2', 'cdk-nag@3.0.2', 'jsii-rosetta@~6.0.0', 'awslint@2.262.2-alpha.0', 'yaml@^2'],
  stability: 'experimental',
  npmAccess: javascript.NpmAccess.PUBLIC,
  releaseToNpm: true,
  npmTrustedPublishing: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  githubOptions: { mergify: false },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: { include: ['.projenrc.ts'] },
  typecheckTests: true,
  jestOptions: { jestConfig: { setupFiles: ['<rootDir>/test/jest.setup.js'] } },
  autoMerge: false,
  pullRequestTemplate: false,
  catalog: { announce: false },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'scripts'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
  },
  publishToPypi: { distName: 'org.bluegreen-pipeline', module: 'org_bluegreen_pipeline', trustedPublishing: true },
  keywords: ['aws', 'cdk'],
});
project.package.addField('exports', {
  '.': './lib/index.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
});
project.npmignore?.exclude('/examples/', '/scripts/', '/tsconfig.dev.json');
project.gitignore.exclude('cdk.out/');
project.synth();
