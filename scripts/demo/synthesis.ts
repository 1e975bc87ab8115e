import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Template } from './template';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'us-east-1');

/** Turns what the built-in validation finds from warnings into errors. */
const VALIDATION = '@aws-cdk/core:validateAgainstDefaultRules';

/** A stack as the CDK CLI synthesised it. */
export interface SynthesisedStack {
  readonly template: Template;
  readonly templateBytes: number;
  /** What the validation found that is not an error: an error ends the synthesis. */
  readonly findings: string[];
  /** What the constructs themselves warn of. */
  readonly warnings: string[];
}

export type Context = { readonly [key: string]: string };

/** The values that the example is shown with when a person gives none. */
export function sampleContext(): Context {
  return JSON.parse(readFileSync(join(EXAMPLE, 'sample-context.json'), 'utf8'));
}

/** Synthesises the us-east-1 example with the real CDK CLI; what is not fit to be deployed ends in an error. */
export function synthesise(context: Context): SynthesisedStack[] {
  // A folder of its own: a deployment that is running may be reading the example's cdk.out.
  const folder = mkdtempSync(join(tmpdir(), 'bluegreen-demo-'));
  try {
    // Unset, whatever the caller set it to: "false" would switch the validation off.
    const { CDK_VALIDATION, ...environment } = process.env;
    const { status, stderr, error } = spawnSync(join(ROOT, 'node_modules', '.bin', 'cdk'), [
      'synth', '--quiet', '--no-version-reporting', '--no-notices', '--output', folder,
      ...Object.entries({ ...context, [VALIDATION]: 'true' }).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ], { cwd: EXAMPLE, env: environment, encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(`the example could not be synthesised\n\n${error?.message ?? stderr}`);
    }
    return stacksIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly artifacts: {
    readonly [id: string]: {
      readonly type: string;
      readonly environment?: string;
      readonly properties?: { readonly templateFile?: string };
      readonly additionalMetadataFile?: string;
    };
  };
}

type Metadata = { readonly [path: string]: { readonly type: string; readonly data?: unknown }[] };

interface ValidationReport {
  readonly pluginReports: {
    readonly conclusion: string;
    readonly violations: { readonly ruleName: string; readonly description: string }[];
  }[];
}

function stacksIn(folder: string): SynthesisedStack[] {
  const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
  const reportFile = 'validation-report.json';
  if (!existsSync(join(folder, reportFile))) {
    throw new Error('the example was synthesised, but nothing validated it');
  }
  const { pluginReports } = read<ValidationReport>(reportFile);
  const findings = pluginReports.flatMap((report) => report.violations.map((violation) => `${violation.ruleName}: ${violation.description}`));
  // The CLI ends with an error of its own, unless a context value has told it not to.
  if (pluginReports.some((report) => report.conclusion === 'failure')) {
    throw new Error(`the example is not valid\n${findings.join('\n')}`);
  }

  return Object.entries(read<Manifest>('manifest.json').artifacts)
    .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
    .map(([stackName, artifact]) => {
      const file = artifact.properties?.templateFile ?? `${stackName}.template.json`;
      const metadata = artifact.additionalMetadataFile === undefined ? {} : read<Metadata>(artifact.additionalMetadataFile);
      return {
        template: new Template(read(file), { stackName, region: artifact.environment?.split('/').at(-1) ?? 'unknown-region' }),
        templateBytes: statSync(join(folder, file)).size,
        findings,
        warnings: Object.values(metadata).flat()
          .filter((entry) => entry.type === 'aws:cdk:warning')
          .map((entry) => String(entry.data).replace(/ \[ack: [^\]]*\]$/, '')),
      };
    });
}
