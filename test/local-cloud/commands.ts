import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { root } from './cloud';
import { SNAPSHOT } from '../../scripts/integ/snapshot';
import { isolatedEnvironment } from '../../scripts/local-cloud/environment';
import { python } from '../../scripts/local-cloud/venv';

/** The number of AWS CLI commands in the pages, and their errors. */
function check(...pages: string[]): { commands: number; problems: string[] } {
  const template = join(SNAPSHOT, 'storefront-dev.template.json');
  const output = execFileSync(python, [join(__dirname, 'commands.py'), template, ...pages], { cwd: root, encoding: 'utf8', env: isolatedEnvironment('') });
  return JSON.parse(output) as { commands: number; problems: string[] };
}

describe('the AWS CLI commands in the docs', () => {
  test('the AWS CLI commands in the docs exist, have the required options, and name resources of the integration test', () => {
    const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const { commands, problems } = check(...pages);

    expect(commands).toBeGreaterThan(50);
    expect(problems).toEqual([]);
  });

  test.each([
    ['aws deploy stop-deploymnt --deployment-id d-1', 'deploy has no operation stop-deploymnt'],
    ['aws codeploy stop-deployment --deployment-id d-1', 'there is no service codeploy'],
    ['aws deploy stop-deployment', 'deploy stop-deployment needs --deployment-id'],
    ['aws deploy stop-deployment --deployment-id d-1 --no-rollback', 'deploy stop-deployment has no option --no-rollback'],
    ['aws deploy list-deployments --include-only-statuses Running', '--include-only-statuses cannot be Running'],
    ['aws codepipeline start-pipeline-execution \\\n  --name pipelines-dev', 'nothing is named pipelines-dev'],
  ])('a wrong AWS CLI command is reported: %j', (command, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    const page = join(folder, 'page.md');
    writeFileSync(page, `\`\`\`sh\n${command}\n\`\`\`\n`);

    expect(check(page).problems.map((found) => found.split(': ').at(-1))).toEqual([problem]);
    rmSync(folder, { recursive: true });
  });
});
