import { race, Sample, Samples, Trial } from '../../bench/race';
import { marginal, Results, rowsOf, table } from '../../bench/results';
import { linesOfCode, Sizes } from '../../bench/sizes';

function sample(milliseconds: number, megabytes = 100): Sample {
  return { wallMilliseconds: milliseconds + 50, milliseconds, cpuMilliseconds: milliseconds + 10, megabytes };
}

function samples(baseline: number[], library: number[]): Samples {
  return { baseline: baseline.map((value) => sample(value)), library: library.map((value) => sample(value)) };
}

test('a race alternates between both sides, runs the given number of trials, and discards the first round', () => {
  const log: string[] = [];
  const trial = (name: string, rounds: number): Trial => ({
    name,
    rounds,
    run: (side) => {
      log.push(`${name} ${side}`);
      return sample(log.length);
    },
  });
  const { a, b } = race([trial('a', 2), trial('b', 1)], () => undefined);

  expect(log).toEqual([
    'a baseline', 'a library', 'b baseline', 'b library',
    'a library', 'a baseline', 'b library', 'b baseline',
    'a baseline', 'a library',
  ]);
  expect(a).toEqual({ baseline: [sample(6), sample(9)], library: [sample(5), sample(10)] });
  expect(b).toEqual({ baseline: [sample(8)], library: [sample(7)] });
});

const SIZES: Sizes = {
  lines: 100, resources: 50, templateBytes: 12345, statements: 40, wildcardActions: 3, wildcardResources: 2, managedPolicies: 3,
};

/** An ordinary run, with the differences that a test needs. */
function results(different: Partial<Results> = {}): Results {
  return {
    synthesis: samples([950, 950, 950], [1000, 1000, 1000]),
    synthesisValidated: samples([950, 950, 950], [1000, 1000, 1000]),
    // Pairs of one round are compared: 8, 11 and 11 ms, while the medians differ by 10.
    importing: samples([22, 20, 21], [30, 31, 32]),
    // 100 ms for the first pipeline and 50 for each further one.
    pipelines: { 1: samples([100], [100]), 5: samples([300], [300]), 50: samples([2550], [2550]) },
    sizes: { baseline: SIZES, library: { ...SIZES, lines: 10 } },
    ...different,
  };
}

const memory = (megabytes: number): Samples => ({ baseline: [sample(1, 100)], library: [sample(1, megabytes)] });
const pipelines = (five: number, fifty: number): Results['pipelines'] => ({
  1: samples([100], [100]),
  5: samples([300], [100 + 4 * five]),
  50: samples([2550], [100 + 49 * fifty]),
});

test.each<[string, Partial<Results>, string[]]>([
  ['ordinary results', {}, []],
  // The whole process takes 50 ms more than what it times itself: (1110 + 50) / (950 + 50) = 1.16.
  ['a synthesis of 1.15', { synthesis: samples([950], [1100]) }, []],
  ['a synthesis of 1.16', { synthesis: samples([950], [1110]) }, ['synthesis, whole process: 1.16x, at most 1.15x']],
  ['a validated synthesis of 1.15', { synthesisValidated: samples([950], [1100]) }, []],
  ['a validated synthesis of 1.16', { synthesisValidated: samples([950], [1110]) },
    ['synthesis with the validation, whole process: 1.16x, at most 1.15x']],
  ['a memory of 1.13', { synthesis: memory(113), synthesisValidated: memory(113) }, []],
  ['a memory of 1.14', { synthesis: memory(114), synthesisValidated: memory(114) },
    ['peak memory: 1.14x, at most 1.13x', 'peak memory with the validation: 1.14x, at most 1.13x']],
  ['an import of +20 ms', { importing: samples([20], [40]) }, []],
  ['an import of +21 ms', { importing: samples([20], [41]) },
    ['import, beside the CDK modules that it loads: +21.0 ms, at most +20.0 ms']],
  ['further pipelines of 80 ms against 50', { pipelines: pipelines(80, 80) }, []],
  ['further pipelines of 81 ms against 50', { pipelines: pipelines(81, 81) },
    ['each further pipeline of 5: 1.62x, at most 1.60x', 'each further pipeline of 50: 1.62x, at most 1.60x']],
  ['pipelines of 65 ms after those of 50', { pipelines: pipelines(50, 65) }, []],
  ['pipelines of 66 ms after those of 50', { pipelines: pipelines(50, 66) },
    ['each further pipeline of 50, over that of 5: 1.32x, at most 1.30x']],
])('the budget check lists the exceeded budgets of %s', (_, different, broken) => {
  expect(rowsOf(results(different)).filter((row) => row.broken)
    .map(({ measure, comparison, library, budget }) => `${measure}: ${comparison || library}, ${budget}`)).toEqual(broken);
});

test('the cost of a further pipeline excludes the cost of the first', () => {
  const measured = { 1: samples([100, 120, 110], [200, 220, 210]), 5: samples([310, 350], [610, 650]) };

  // (310 - 110) / 4, (350 - 110) / 4 and so on, with the medians 110 and 210 for the first.
  expect(marginal(measured, 5)).toEqual([[50, 60], [100, 110]]);
});

describe('the table', () => {
  const lines = table(rowsOf(results())).split('\n').map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1));
  const row = (measure: string) => lines.find(([first]) => first === measure)?.slice(1);

  test('the table shows medians, the middle half, ratios and budgets', () => {
    expect(lines[0]).toEqual(['', 'stock L2s', 'library', 'compared', 'budget']);
    expect(row('synthesis, whole process')).toEqual(['1000 ms (1000 to 1000)', '1050 ms (1050 to 1050)', '1.05x', 'at most 1.15x: kept']);
    expect(row('import, beside the CDK modules that it loads'))
      .toEqual(['21.0 ms (20.5 to 21.5)', '31.0 ms (30.5 to 31.5)', '+11.0 ms', 'at most +20.0 ms: kept']);
    expect(row('each further pipeline of 50')).toEqual(['50.0 ms (50.0 to 50.0)', '50.0 ms (50.0 to 50.0)', '1.00x', 'at most 1.60x: kept']);
    expect(row('template, bytes as CDK writes it')).toEqual(['12,345', '12,345', '1.00x', '']);
    expect(row('lines of code that the user writes')).toEqual(['100', '10', '0.10x', '']);
  });

  test('the table marks an exceeded budget as BROKEN', () => {
    expect(table(rowsOf(results({ importing: samples([20], [45]) })))).toContain('at most +20.0 ms: BROKEN');
  });
});

test('lines of code are the lines with more than a comment', () => {
  const source = ['/**', ' * A comment', ' */', 'const a = 1; // with a comment', '', '  // alone', '/* alone */', '}'];

  expect(linesOfCode(source.join('\n'))).toBe(2);
});
