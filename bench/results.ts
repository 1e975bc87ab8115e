import { Sample, Samples, Side, SIDES } from './race';
import { Sizes } from './sizes';

/** The measurements of a run of the benchmark. */
export interface Results {
  readonly synthesis: Samples;
  readonly synthesisValidated: Samples;
  readonly importing: Samples;
  /** Apps of one and of several pipelines, by their number. */
  readonly pipelines: { readonly [count: number]: Samples };
  readonly sizes: { readonly [side in Side]: Sizes };
}

/** A row of the table. */
export interface Row {
  readonly measure: string;
  readonly baseline: string;
  readonly library: string;
  readonly comparison: string;
  /** The budget of the comparison, and whether it is exceeded. */
  readonly budget?: string;
  readonly broken?: boolean;
}

interface Comparison {
  readonly of: (library: number, baseline: number) => number;
  readonly format: (value: number) => string;
}

const RATIO: Comparison = {
  of: (library, baseline) => library / baseline,
  format: (value) => `${value.toFixed(2)}x`,
};
const DIFFERENCE: Comparison = {
  of: (library, baseline) => library - baseline,
  format: (value) => `+${value.toFixed(1)} ms`,
};

type Pair = readonly [baseline: number[], library: number[]];

export function rowsOf({ synthesis, synthesisValidated, importing, pipelines, sizes }: Results): Row[] {
  const counts = Object.keys(pipelines).map(Number).filter((count) => count > 1);
  return [
    pairRow('synthesis, whole process', pair(synthesis, 'wallMilliseconds'), RATIO, 1.15),
    pairRow('synthesis, CPU time', pair(synthesis, 'cpuMilliseconds'), RATIO),
    pairRow('synthesis with the validation, whole process', pair(synthesisValidated, 'wallMilliseconds'), RATIO, 1.15),
    pairRow('synthesis with the validation, CPU time', pair(synthesisValidated, 'cpuMilliseconds'), RATIO),
    pairRow('peak memory', pair(synthesis, 'megabytes'), RATIO, 1.13, 'MB'),
    pairRow('peak memory with the validation', pair(synthesisValidated, 'megabytes'), RATIO, 1.13, 'MB'),
    pairRow('import, beside the CDK modules that it loads', pair(importing, 'milliseconds'), DIFFERENCE, 20),
    pairRow('import, CPU time', pair(importing, 'cpuMilliseconds'), DIFFERENCE),
    ...counts.map((count) => pairRow(`each further pipeline of ${count}`, marginal(pipelines, count), RATIO, 1.6)),
    flatnessRow(pipelines),
    sizeRow('resources', sizes, 'resources'),
    sizeRow('template, bytes as CDK writes it', sizes, 'templateBytes'),
    sizeRow('statements in the policies of roles', sizes, 'statements'),
    sizeRow('Allow statements on Resource "*"', sizes, 'wildcardResources'),
    sizeRow('Allow statements with a wildcard in an action', sizes, 'wildcardActions'),
    sizeRow('AWS-managed policies on roles', sizes, 'managedPolicies'),
    sizeRow('lines of code that the user writes', sizes, 'lines'),
  ];
}

/** Renders the Markdown table, which is also printed. */
export function table(rows: readonly Row[]): string {
  const verdict = ({ budget, broken }: Row) => budget === undefined ? '' : `${budget}: ${broken ? 'BROKEN' : 'kept'}`;
  const cells = [
    ['', 'stock L2s', 'library', 'compared', 'budget'],
    ['---', '---:', '---:', '---:', '---:'],
    ...rows.map((row) => [row.measure, row.baseline, row.library, row.comparison, verdict(row)]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`).join('\n');
}

function pair(samples: Samples, of: keyof Sample): Pair {
  return [samples.baseline.map((sample) => sample[of]), samples.library.map((sample) => sample[of])];
}

/** The cost of each pipeline after the first, in every round. */
export function marginal(pipelines: Results['pipelines'], count: number): Pair {
  const [baseline, library] = SIDES.map((side) => {
    const first = median(pipelines[1][side].map(({ milliseconds }) => milliseconds));
    return pipelines[count][side].map(({ milliseconds }) => (milliseconds - first) / (count - 1));
  });
  return [baseline, library];
}

function pairRow(measure: string, values: Pair, by: Comparison, limit?: number, unit = 'ms'): Row {
  // Pairs the values of the same round: a temporary slowdown of the machine affects both.
  const value = median(values[1].map((library, round) => by.of(library, values[0][round])));
  return {
    measure,
    baseline: withSpread(values[0], unit),
    library: withSpread(values[1], unit),
    comparison: by.format(value),
    ...withBudget(value, by, limit),
  };
}

/** Compares the cost of the fiftieth pipeline with that of the fifth. */
function flatnessRow(pipelines: Results['pipelines']): Row {
  const [few, many] = [5, 50].map((count) => marginal(pipelines, count).map(median));
  const [baseline, library] = many.map((value, side) => value / few[side]);
  return {
    measure: 'each further pipeline of 50, over that of 5',
    baseline: RATIO.format(baseline),
    library: RATIO.format(library),
    comparison: '',
    ...withBudget(library, RATIO, 1.3),
  };
}

function sizeRow(measure: string, { baseline, library }: Results['sizes'], of: keyof Sizes): Row {
  return {
    measure,
    baseline: baseline[of].toLocaleString('en-US'),
    library: library[of].toLocaleString('en-US'),
    comparison: RATIO.format(library[of] / baseline[of]),
  };
}

function withBudget(value: number, { format }: Comparison, limit?: number): Pick<Row, 'budget' | 'broken'> {
  return limit === undefined ? {} : { budget: `at most ${format(limit)}`, broken: value > limit };
}

function withSpread(values: readonly number[], unit: string): string {
  const digits = median(values) < 100 ? 1 : 0;
  const [from, to] = [quantile(values, 0.25), quantile(values, 0.75)];
  return `${median(values).toFixed(digits)} ${unit} (${from.toFixed(digits)} to ${to.toFixed(digits)})`;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The quantile of the values, interpolated between two of them. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = (sorted.length - 1) * part;
  const below = Math.floor(position);
  const next = sorted[below + 1] ?? sorted[below];
  return sorted[below] + (next - sorted[below]) * (position - below);
}
