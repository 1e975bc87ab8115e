/** The value that `part` of the others are below; between two of them, what lies between. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = (sorted.length - 1) * part;
  const below = Math.floor(position);
  const next = sorted[below + 1] ?? sorted[below];
  return sorted[below] + (next - sorted[below]) * (position - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The half of the values that lies in the middle. */
export function middleHalf(values: readonly number[]): [from: number, to: number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

/** Each value beside that of the same round: what slows a machine down for a while slows both. */
export function medianOfPairs(
  baseline: readonly number[], library: readonly number[], compare: (library: number, baseline: number) => number,
): number {
  return median(library.map((value, round) => compare(value, baseline[round])));
}
