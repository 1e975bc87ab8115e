/**
 * The problems for which something is refused, in the words of the message but without the construct that leads them; none when it
 * is accepted. Any other error is the test's failure.
 */
export function problemsOf(refused: () => unknown): string[] {
  const words = refusal(refused);
  const [first, ...others] = words?.split('\n') ?? [];
  return words === undefined ? [] : others.length === 0 ? [first.slice(first.indexOf(': ') + 2)] : others.map((line) => line.slice('  - '.length));
}

/** Number of runs of a property of a pure check. */
export const MANY_RUNS = 2000;

/** The suffix of each violation: the link to the explanation of its code. */
const LINK = / https:\/\/github\.com\/org\/bluegreen-pipeline\/blob\/main\/docs\/errors\.md#(bgp\d{3})$/;

/** A violation without its link, which must be that of its code. */
export function withoutLink(line: string): string {
  const [, anchor] = LINK.exec(line) ?? [];
  expect(line).toContain(`[${String(anchor).toUpperCase()}] `);
  return line.replace(LINK, '');
}

/** The message of a rejection without its links; `undefined` if nothing is rejected. */
export function refusal(make: () => unknown): string | undefined {
  try {
    make();
  } catch (error) {
    if ((error as Error).name !== 'InvalidInputError') {
      throw error;
    }
    const lines = (error as Error).message.split('\n');
    return lines.map((line, index) => (lines.length > 1 && index === 0 ? line : withoutLink(line))).join('\n');
  }
  return undefined;
}

/** The codes of the violations that a call reports. */
export function violationCodes(make: () => unknown): string[] {
  return (refusal(make) ?? '').split('\n').flatMap((line) => /\[(BGP\d{3})\]$/.exec(line)?.[1] ?? []);
}

/** Values that a JavaScript caller may pass in place of a valid one. */
export const INVALID_VALUES: unknown[] = [null, 0, 7, NaN, -1, true, false, '', ' ', 'x', [], ['x'], {}, { x: 1 }, () => 7, Symbol('x'), 7n, new Date(0), /x/, Object.create(null)];
