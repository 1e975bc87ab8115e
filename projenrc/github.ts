import { github } from 'projen';

/** The commit that each action runs at: a tag can be moved to other code. The tags are those of the newest releases. */
const PINNED_ACTIONS = [
  'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1', // v7.0.1
  'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c', // v8.0.1
  'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a', // v7.0.1
  'amannn/action-semantic-pull-request@48f256284bd46cdaab1048c3721360e808335d50', // v6.1.1
  'peter-evans/create-pull-request@5f6978faf089d4d20b00c7766989d076bb2fc7f1', // v8.1.1
];

/** The Conventional Commits types of this repository's history. */
export const COMMIT_TYPES = ['feat', 'fix', 'docs', 'test', 'refactor', 'perf', 'style', 'build', 'ci', 'chore'];

/** Node.js of the gate, of releases and of CONTRIBUTING.md. */
export const NODE_VERSION = '22.x';

/** Adds the workflow that checks a pull request, and pins the actions of all workflows. */
export function configureGitHub(project: github.GitHubProject): void {
  const repository = project.github!;
  PINNED_ACTIONS.forEach((action) => repository.actions.set(action.split('@')[0], action));

  const workflow = new github.GithubWorkflow(repository, 'build', {
    limitConcurrency: true,
    concurrencyOptions: { group: '${{ github.workflow }}-${{ github.ref }}', cancelInProgress: true },
  });
  workflow.on({ pullRequest: {}, workflowDispatch: {} });
  workflow.addJobs({
    gate: checkJob('Gate', NODE_VERSION, [
      { name: 'Set up Python', uses: 'actions/setup-python', with: { 'python-version': '3.12' } },
      // It begins with npm ci.
      { name: 'Run the gate', run: '.ci/run' },
    ]),
    unit: {
      ...checkJob('Unit tests on Node ${{ matrix.node }}', '${{ matrix.node }}', [
        { name: 'Install', run: 'npm ci' },
        { name: 'Compile', run: 'npx projen compile' },
        { name: 'Test', run: 'npx jest --ci' },
      ]),
      // The oldest that package.json allows, and the two that Node.js supports.
      strategy: { failFast: false, matrix: { domain: { node: ['20.16.0', '22.x', '24.x'] } } },
    },
    floor: checkJob('Unit tests with the oldest aws-cdk-lib', '20.16.0', [
      { name: 'Install', run: 'npm ci' },
      { name: 'Test', run: 'npm run test:floor' },
    ]),
  });
}

/** A job that may only read: it runs code of a pull request. */
function checkJob(name: string, node: string, steps: github.workflows.JobStep[]): github.workflows.Job {
  return {
    name,
    runsOn: ['ubuntu-latest'],
    timeoutMinutes: 60,
    permissions: { contents: github.workflows.JobPermission.READ },
    env: { CI: 'true' },
    steps: [
      // With the tags: compat compares with the last release.
      { name: 'Check out', uses: 'actions/checkout', with: { 'persist-credentials': false, 'fetch-depth': 0 } },
      {
        name: 'Set up Node.js',
        uses: 'actions/setup-node',
        with: { 'node-version': node, 'package-manager-cache': false },
      },
      ...steps,
    ],
  };
}
