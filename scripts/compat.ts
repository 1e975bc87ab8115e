import { baselineOf, breaksBetween, currentBaseline, lastTag, outdatedFiles, writeBaseline } from './compat/baseline';
import { complaints, declaredBreaks } from './compat/breaks';
import { counted } from '../src/cli/layout';

/**
 * Compares the library with its last release, or with the committed baseline (compat/) before there is one: API, templates and error
 * codes. An incompatible change that compat/breaks.yaml does not declare is an error. `--renew` writes the baseline instead.
 */
function main(): void {
  // Templates suffice here.
  process.env.CDK_VALIDATION = 'false';
  const current = currentBaseline();
  if (process.argv.includes('--renew')) {
    writeBaseline(current);
    return;
  }
  const tag = lastTag();
  const found = complaints(breaksBetween(baselineOf(tag), current), declaredBreaks());
  // The next release is compared with what this one commits.
  const outdated = tag === undefined ? [] : outdatedFiles(baselineOf(), current);
  console.log([
    ...found,
    ...outdated.map((file) => `${file} is not current: run "npm run compat -- --renew"`),
    `${counted(found.length + outdated.length, 'finding')} against ${tag ?? 'the committed baseline'}`,
  ].join('\n'));
  process.exitCode = found.length + outdated.length === 0 ? 0 : 1;
}

main();
