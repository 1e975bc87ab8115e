import { execFile } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';

/** What came of one invocation. */
export interface Invocation {
  /** Whether the function ended well, and not with an error, after which Lambda would try once more. */
  readonly ended: boolean;
  readonly log: string;
}

const CALL = "require('./index.js').handler(JSON.parse(process.env.EVENT)).catch((error) => { console.error(error); process.exitCode = 1; });";

/** Runs inline code as Lambda does: alone in a folder and a process, with its environment and the SDK of the runtime. */
export function invoke(code: string, environment: { readonly [name: string]: string }, event: unknown): Promise<Invocation> {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  writeFileSync(join(folder, 'index.js'), code);
  return new Promise((resolve) => execFile(process.execPath, ['--eval', CALL], {
    cwd: folder,
    env: {
      NODE_PATH: createRequire(__filename).resolve.paths('@aws-sdk/client-ec2')?.join(delimiter),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      EVENT: JSON.stringify(event ?? null),
      ...environment,
    },
  }, (error, stdout, stderr) => {
    rmSync(folder, { recursive: true });
    resolve({ ended: error === null, log: stdout + stderr });
  }));
}
