import { awscdk, javascript, release } from 'projen';
import { COMMIT_TYPES, configureGitHub, NODE_VERSION } from './projenrc/github';

const REPOSITORY = 'https://github.com/org/bluegreen-pipeline';

const project = new awscdk.AwsCdkConstructLibrary({
  name: '@org/bluegreen-pipeline',
  description: 'A complete CI/CD pipeline for a containerised application on ECS Fargate, in one account: '
    + 'source, build, test, manual approvals and CodeDeploy blue/green deployments with automatic rollback',
  author: 'Org',
  authorAddress: 'oss@example.com',
  homepage: `${REPOSITORY}#readme`,
  bugsUrl: `${REPOSITORY}/issues`,
  repositoryUrl: `${REPOSITORY}.git`,
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  // The oldest aws-cdk-lib that users may have: it is the first with the Validations API that cdk-nag 3 needs.
  cdkVersion: '2.257.0',
  // What is installed here is the newest, because only that validates templates; `test:floor` compiles and tests with the oldest.
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'aws-cdk-lib@2.276.0',
    'constructs@10.5.1',
    // `latest` is an accidental publication that cannot read current assemblies (aws/aws-cdk issue 38113).
    'aws-cdk@2.1148.1',
    // The integration test: its assertions, the diff of its snapshot, and what its command asks of an account.
    '@aws-cdk/cloudformation-diff@2.187.5',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0',
    '@aws-sdk/client-cloudformation@3.1169.0',
    '@aws-sdk/client-cloudwatch@3.1164.0',
    '@aws-sdk/client-cloudwatch-logs@3.1169.0',
    '@aws-sdk/client-codedeploy@3.1133.0',
    '@aws-sdk/client-codepipeline@3.1138.0',
    '@aws-sdk/client-ecs@3.1164.0',
    '@aws-sdk/client-lambda@3.1164.0',
    // CDK's auto-delete function needs it on the local emulator; on AWS the Lambda runtime brings it.
    '@aws-sdk/client-s3@3.1173.0',
    // Of the smoke test, beside client-codedeploy: run in its tests; on AWS the Lambda runtime brings them.
    '@aws-sdk/client-ec2@3.1169.0',
    // What a release registers: CloudFormation's side of it, and the reader of the SDK's model of ECS.
    '@aws-cdk/aws-service-spec@0.1.216',
    '@aws-cdk/service-spec-types@0.0.282',
    '@smithy/core@3.41.0',
    // A stranger that the command must read in its tests.
    '@cdklabs/cdk-ecs-codedeploy@0.0.267',
    // CloudFormation Guard with the proactive controls of Control Tower, as a program for Linux and macOS.
    '@cdklabs/cdk-validator-cfnguard@0.0.62',
    '@types/node@^20',
    'awslint@2.262.2-alpha.0',
    'cdk-nag@3.0.2',
    'fast-check@4.10.2',
    'jsii-rosetta@~6.0.0',
    // A certificate for the server that the smoke test asks in its tests.
    'selfsigned@5.5.0',
    'yaml@^2',
  ],
  jsiiVersion: '~6.0.0',
  // TypeScript 7 has no compiler API yet, which ts-jest and jsii need.
  typescriptVersion: '~6.0.0',
  majorVersion: 0,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: NODE_VERSION,
  stability: 'experimental',
  npmAccess: javascript.NpmAccess.PUBLIC,
  releaseToNpm: true,
  npmTrustedPublishing: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: { semanticTitleOptions: { types: COMMIT_TYPES } },
  },
  autoMerge: false,
  // Pull requests run the gate instead of projen's build.
  buildWorkflow: false,
  // Written by hand, as the issue forms beside it.
  pullRequestTemplate: false,
  // package.json lists what is published.
  npmignoreEnabled: false,
  catalog: { announce: false },
  compressAssembly: true,
  bin: { 'bluegreen-pipeline': 'lib/cli/main.js' },

  // One tsconfig for everything that is not published, and one pass of eslint with it.
  tsconfigDevFile: 'tsconfig.dev.json',
  // The service that is built to measure caches has packages of its own.
  tsconfigDev: { include: ['.projenrc.ts'], exclude: ['node_modules', 'test/engine/cache-benchmark'] },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'scripts', 'bench'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
  },
  jestOptions: {
    // No snapshots of templates: what a test wants stands in the test.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    jestConfig: {
      collectCoverage: false,
      // By default jest leaves one core to others, which of two is half.
      maxWorkers: '100%',
      // A busy machine is slow, not broken; a test that hangs still ends.
      testTimeout: 60_000,
      setupFiles: ['<rootDir>/test/jest.setup.js'],
      runtime: '<rootDir>/test/jest.runtime.js',
      // Each look at a global takes long in a test, and CDK takes many: a synthesis is a fifth faster. Not those that a test replaces
      // (Date), nor those that a package declares (asn1js: Boolean, Set).
      sandboxInjectedGlobals: ['Array', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Reflect', 'RegExp', 'String', 'Symbol', 'WeakMap'],
      modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/examples/python/.venv/'],
    },
  },
  publishToPypi: { distName: 'org.bluegreen-pipeline', module: 'org_bluegreen_pipeline', trustedPublishing: true },
  keywords: [
    'aws', 'aws-cdk', 'blue-green', 'blue-green-deployment', 'canary', 'cdk', 'cdk-construct', 'ci-cd', 'cicd', 'codebuild', 'codedeploy',
    'codepipeline', 'constructs', 'containers', 'continuous-delivery', 'deployment', 'docker', 'ecs', 'fargate', 'pipeline', 'rollback',
  ],
});
configureGitHub(project);
// Not all platforms' builds of 1.13.0 are published, which makes `npm ci` refuse the lock file.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// Examples and tests import the package by its own name, as a user would; nothing else than its index can be imported.
project.package.addField('exports', {
  '.': './lib/index.js',
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.jsii.gz': './.jsii.gz',
});
// What is published, beside package.json, README.md and LICENSE; whatever else lies in the root stays out.
project.package.addField('files', ['lib/**/*.js', 'lib/**/*.d.ts', 'lib/**/*.json', 'lib/**/*.txt', '.jsii', '.jsii.gz', 'API.md']);
// Source maps are 70 % of the compiled code, and Node reads them with it at every import; the code itself stays legible.
project.tsconfig?.file.addOverride('compilerOptions.inlineSourceMap', false);
project.tsconfig?.file.addOverride('compilerOptions.inlineSources', false);
project.package.file?.addOverride('jsii.targets.python.classifiers', ['Framework :: AWS CDK', 'Framework :: AWS CDK :: 2']);
project.gitattributes.addAttributes('/test/*.snapshot/**', 'linguist-generated');
project.gitignore.exclude('cdk.out/', '.jsii.gz', '.jsii.tabl.json', '.venv/', '__pycache__/', '.pytest_cache/', '.mypy_cache/');

project.package.addField('awslint', {
  exclude: [
    // Reports CDK's own types as well (it was made for CDK's own modules); applied by hand.
    'prefer-ref-interface:*',
    // Only the classes have what these need: a pipeline's stages, role and bucket, an alarm's actions.
    'ref-via-interface:@org/bluegreen-pipeline.ApprovalGate.addToPipeline.pipeline',
    'ref-via-interface:@org/bluegreen-pipeline.CachedBuildProject.addToPipeline.pipeline',
    'ref-via-interface:@org/bluegreen-pipeline.EcsBlueGreenDeployment.addToPipeline.pipeline',
    'ref-via-interface:@org/bluegreen-pipeline.PipelineAlarms.notifyOn.alarm',
  ],
});

// Modules do not know each other: index -> pipeline -> modules -> private, one way.
const modules = ['approval', 'artifacts', 'codebuild', 'credentials', 'deployment', 'monitoring', 'source'];
// Without this, import/no-cycle parses the whole of aws-cdk-lib, which takes three quarters of the time of eslint.
project.tryFindObjectFile('.eslintrc.json')?.addOverride('settings.import/ignore', ['/node_modules/']);
project.eslint?.addRules({
  // Node's test runner waits for its tests by itself.
  '@typescript-eslint/no-floating-promises': ['error', {
    allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'test'], package: 'node:test' }],
  }],
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: [
      ...modules.map((module) => ({
        target: `./src/${module}`,
        from: './src',
        except: [`./${module}`, './private'],
        message: 'A module may import itself and src/private only; modules meet through the interfaces of the CDK.',
      })),
      ...[...modules, 'pipeline'].map((module) => ({
        target: `./src/!(${module})/**/*`,
        from: `./src/${module}/private`,
        message: "A module's private folder is read by that module only.",
      })),
      { target: './src/private', from: './src', except: ['./private'], message: 'src/private imports no module.' },
      {
        target: './src/cli',
        from: './src',
        except: ['./cli'],
        message: 'The commands read a synthesised assembly and import no construct.',
      },
      {
        target: ['./src/*.ts', './src/!(cli)/**/*'],
        from: './src/cli',
        message: 'The constructs do not know the commands.',
      },
      { target: './src', from: ['./test', './scripts', './bench'], message: 'src imports nothing from outside.' },
      { target: './scripts', from: ['./test', './bench'], message: 'Scripts import src and scripts only.' },
      { target: './bench', from: ['./test', './scripts'], message: 'The benchmark imports src and bench only.' },
    ],
  }],
});
project.eslint?.addOverride({
  files: ['src/**/*.ts'],
  rules: {
    '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true }],
    'no-nested-ternary': 'error',
  },
});
project.eslint?.addOverride({
  files: ['src/cli/**/*.ts'],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{
        group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '@aws-cdk/*'],
        message: 'The commands run without the CDK: they must start within 300 ms.',
      }],
    }],
  },
});
const run = (command: string) => `ts-node --transpile-only --project tsconfig.dev.json scripts/${command}`;
/** A step that passes its arguments on; as words, because a shell would split one that has spaces. */
const withArguments = (command: string) => ({ execArgs: command.split(' '), receiveArgs: true });
const compile = project.compileTask;
compile.reset(run('compile.ts'));
const samples = project.addTask('samples', {
  description: 'Compile every TypeScript sample of README, docs and docstrings, and translate it to Python; unchanged samples come from the cache',
  exec: run('samples.ts'),
});
// PyPI shows the README: with its samples in Python.
const packagePython = project.tasks.tryFind('package:python')!;
packagePython.reset();
packagePython.spawn(samples);
packagePython.exec('jsii-pacmak -v --no-npmignore --target python --rosetta-tablet .jsii.tabl.json --rosetta-unknown-snippets fail');
const contract = project.addTask('test:contract', {
  description: 'Lint the API and compile every TypeScript sample of README, docs and docstrings',
  steps: [
    { exec: run('awslint.ts') },
    { spawn: samples.name },
  ],
});
const script = (name: string, description: string, command: string, before = [compile]) => project.addTask(name, {
  description,
  receiveArgs: true,
  steps: [
    ...before.map((task) => ({ spawn: task.name })),
    withArguments(run(command)),
  ],
});
const synth = script('synth', 'Synthesise every example into its cdk.out, with the errors of the built-in validation on', 'synth.ts');
const compat = project.tasks.tryFind('compat')!;
compat.reset();
compat.description = 'Compare API, templates and error codes with the last release, and fail on a break that compat/breaks.yaml does not declare';
compat.spawn(compile);
compat.exec(`${run('synth.ts')} us-east-1`);
compat.execArgs(run('compat.ts').split(' '), { receiveArgs: true });
// Everything that needs only Node. The package is compiled first, because examples import it.
project.addTask('unit', { description: 'Run the unit tests', steps: [withArguments('jest --ci')] });
project.addTask('check', {
  description: 'Check types, style, API, code samples and examples',
  steps: [
    { spawn: contract.name },
    { spawn: synth.name },
    { exec: run('compat.ts') },
    { exec: 'tsc --noEmit -p tsconfig.dev.json' },
    { spawn: project.eslint!.eslintTask.name },
  ],
});
project.eslint!.addIgnorePattern('test/engine/cache-benchmark/');
project.testTask.reset();
project.testTask.spawn(compile);
project.testTask.execArgs(run('test.ts').split(' '), { receiveArgs: true });
script('demo', 'Show a person what the us-east-1 example would deploy', 'demo.ts');
script('deploy:local', 'Deploy a CDK app, by default the us-east-1 example, to a local emulator with the real CDK CLI', 'local-cloud/deploy.ts');
// Not compiled first: it takes the assembly of the deploy.
script('destroy:local', 'Destroy the app on the local emulator with the real CDK CLI, and stop it', 'local-cloud/destroy.ts', []);
project.addTask('test:local', {
  description: 'Deploy, change, break and destroy on a local emulator of its own, and make its events fire',
  env: { LOCAL_CLOUD_NAME: 'test' },
  steps: [withArguments('jest --ci --testTimeout 300000 --testMatch **/test/local-cloud/*.local.ts')],
});
script('integ', 'Deploy the us-east-1 example to an AWS account, carry two releases through its pipeline, and destroy it', 'integ.ts');
script('integ:snapshot', 'Write the snapshot of the integration test anew', 'integ/update-snapshot.ts');
script('cost', 'Price the smallest program and cheaper ones from their templates, and write docs/cost.md', 'cost.ts');
script('replacement', 'Write the properties that replace a resource, for the guard, from the CloudFormation specification', 'replacement.ts', []);
script('iam', 'Write docs/iam.md, every permission and why, from the templates and the calls of a release', 'iam.ts', []);
script('errors', 'Write docs/errors.md from the catalogue and a case for each code', 'errors.ts', []);
script('changes', 'Write docs/changes.md, the effect of a change of each prop, and docs/guard.md, the findings of the guard', 'changes.ts', []);
script('picture', 'Draw the pipeline and an environment of the us-east-1 example from its template, and write docs/pipeline.svg', 'picture.ts');
script('mutation', 'Change the validators place by place, and fail when the tests notice less than 90 % of the changes', 'mutation.ts', []);
script('bench', 'Measure the library against a hand-written stack of stock L2s, and write docs/benchmarks.md', '../bench/main.ts');
script('test:floor', 'Compile and test with the oldest aws-cdk-lib that users may have', 'test-floor.ts', []);
script('test:consumers', 'Install the npm package in empty folders, and build and synthesise TypeScript and JavaScript apps there',
  // It compiles the package itself.
  'test-consumers.ts', []);
const preparePython = script('prepare:python', 'Build the wheel, and make the environment of examples/python with it', 'prepare-python.ts',
  [compile, packagePython]);
const testPython = script('test:python', 'Build the wheel, install it in a fresh environment, and run the Python tests and the Python example',
  'test-python.ts', [preparePython]);
testPython.exec(run('synth.ts python'));
testPython.exec('jest --ci --testMatch "**/test/python/*.synthesised.ts"');
script('bench:cache', 'Measure the caches of image builds on a service with 605 packages, and the caches of npm, pip, Maven and Go',
  'test-release.ts --benchmark').exec('jest --ci --testTimeout 7200000 --testMatch "**/test/engine/*.measure.ts"');
script('test:release', 'Run the synthesised builds with a Docker engine, BuildKit and registries of their own', 'test-release.ts');

project.synth();
