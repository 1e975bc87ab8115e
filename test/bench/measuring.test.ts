import { race, Sample, Samples, Trial } from '../../bench/race';
import { broken, marginal, Results, rowsOf, table } from '../../bench/results';
import { linesOfCode, Sizes } from '../../bench/sizes';
import { median, medianOfPairs, middleHalf, quantile } from '../../bench/statistics';

function sample(milliseconds: number, megabytes = 100): Sample {
  return { wallMilliseconds: milliseconds + 50, milliseconds, cpuMilliseconds: milliseconds + 10, megabytes };
}

function samples(baseline: number[], library: number[]): Samples {
  return { baseline: baseline.map((value) => sample(value)), library: library.map((value) => sample(value)) };
}

describe('statistics', () => {
  test.each([[[3], 3], [[1, 9, 2], 2], [[4, 1, 2, 9], 3]])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('a quantile lies between two values in proportion, whatever their order', () => {
    expect(quantile([40, 10, 30, 20], 0.25)).toBe(17.5);
    expect([quantile([5, 1], 0), quantile([5, 1], 1)]).toEqual([1, 5]);
    expect(middleHalf([1, 2, 3, 4, 5])).toEqual([2, 4]);
  });

  test('pairs of one round are compared, so that a slow phase of the machine counts for both', () => {
    // The second round took ten times as long for both: the ratio is still 1.1 and 1.2.
    expect(medianOfPairs([100, 1000, 100], [110, 1200, 110], (library, baseline) => library / baseline)).toBeCloseTo(1.1);
  });
});

describe('a race', () => {
  const run = (rounds: number[]) => {
    const log: string[] = [];
    const trials = rounds.map((count, index): Trial => ({
      name: `t${index}`,
      rounds: count,
      run: (side) => {
        log.push(`t${index} ${side}`);
        return sample(log.length);
      },
    }));
    return { result: race(trials, () => undefined), log };
  };

  test('runs both sides by turns, in an order that changes with every round', () => {
    expect(run([2]).log).toEqual(['t0 baseline', 't0 library', 't0 library', 't0 baseline', 't0 baseline', 't0 library']);
  });

  test('forgets the first round, and pairs the samples of a round', () => {
    const { t0 } = run([2]).result;

    // Calls 1 and 2 were the warm-up.
    expect(t0.baseline.map(({ milliseconds }) => milliseconds)).toEqual([4, 5]);
    expect(t0.library.map(({ milliseconds }) => milliseconds)).toEqual([3, 6]);
  });

  test('gives each trial its own number of rounds', () => {
    const { result } = run([1, 3]);

    expect([result.t0.library.length, result.t1.baseline.length]).toEqual([1, 3]);
  });
});

const SIZES: Sizes = {
  lines: 100, resources: 50, templateBytes: 12345, statements: 40, wildcardActions: 3, wildcardResources: 2, managedPolicies: 3,
};

/** A run in which nothing is remarkable, with what a test wants to be different. */
function results(different: Partial<Results> = {}): Results {
  return {
    synthesis: samples([950, 950, 950], [1000, 1000, 1000]),
    synthesisValidated: samples([950, 950, 950], [1000, 1000, 1000]),
    importing: samples([20, 21, 22], [30, 31, 32]),
    // 100 ms for the first pipeline and 50 for each further one.
    pipelines: { 1: samples([100], [100]), 5: samples([300], [300]), 50: samples([2550], [2550]) },
    sizes: { baseline: SIZES, library: { ...SIZES, lines: 10 } },
    ...different,
  };
}

describe('the verdicts', () => {
  test('keep all budgets when nothing is remarkable', () => {
    const rows = rowsOf(results());

    expect(broken(rows)).toEqual([]);
    expect(rows.filter(({ budget }) => budget !== undefined).map(({ measure }) => measure)).toEqual([
      'synthesis, whole process', 'synthesis with the validation, whole process', 'peak memory', 'peak memory with the validation',
      'import, beside the CDK modules that it loads', 'each further pipeline of 50, over that of 5',
    ]);
  });

  // The whole process takes 50 ms more than what it times itself: (1110 + 50) / (950 + 50) = 1.16, and 1.15 is still kept.
  test.each([
    ['synthesis', 1110, ['synthesis, whole process: 1.16x, budget at most 1.15x']],
    ['synthesis', 1100, []],
    ['synthesisValidated', 1110, ['synthesis with the validation, whole process: 1.16x, budget at most 1.15x']],
    ['synthesisValidated', 1100, []],
  ])('%s of %d ms against 950', (measure, milliseconds, problems) => {
    expect(broken(rowsOf(results({ [measure]: samples([950], [milliseconds]) })))).toEqual(problems);
  });

  test.each([[110, []], [111, ['peak memory: 1.11x, budget at most 1.1x']]])('%d MB against 100', (megabytes, problems) => {
    const synthesis = { baseline: [sample(1, 100)], library: [sample(1, megabytes)] };

    expect(broken(rowsOf(results({ synthesis })))).toEqual(problems);
  });

  test.each([[40, []], [41, ['import, beside the CDK modules that it loads: +21.0 ms, budget at most +20 ms']]])(
    'an import of %d ms beside 20', (milliseconds, problems) => {
      expect(broken(rowsOf(results({ importing: samples([20], [milliseconds]) })))).toEqual(problems);
    });

  // 49 further pipelines of 65 ms are 1.3 times 50 ms each, of 66 ms they are 1.32 times that.
  test.each([[65, []], [66, ['each further pipeline of 50, over that of 5: 1.32x, budget at most 1.3x']]])(
    '50 pipelines of %d ms each after 5 of 50', (milliseconds, problems) => {
      const fifty = 100 + 49 * milliseconds;
      const pipelines = { 1: samples([100], [100]), 5: samples([300], [300]), 50: samples([2550], [fifty]) };

      expect(broken(rowsOf(results({ pipelines })))).toEqual(problems);
    });
});

test('a further pipeline costs what the first one does not', () => {
  const pipelines = { 1: samples([100, 120, 110], [200, 220, 210]), 5: samples([310, 350], [610, 650]) };

  // (310 - 110) / 4, (350 - 110) / 4 and so on, with the medians 110 and 210 for the first.
  expect(marginal(pipelines, 'baseline', 5)).toEqual([50, 60]);
  expect(marginal(pipelines, 'library', 5)).toEqual([100, 110]);
});

describe('the table', () => {
  const lines = table(rowsOf(results())).split('\n').map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1));
  const row = (measure: string) => lines.find(([first]) => first === measure)?.slice(1);

  test('shows medians with the middle half, ratios and budgets', () => {
    expect(lines[0]).toEqual(['', 'stock L2s', 'library', 'compared', 'budget']);
    expect(row('synthesis, whole process')).toEqual(['1000 ms (1000 to 1000)', '1050 ms (1050 to 1050)', '1.05x', 'at most 1.15x: kept']);
    expect(row('import, beside the CDK modules that it loads'))
      .toEqual(['21.0 ms (20.5 to 21.5)', '31.0 ms (30.5 to 31.5)', '+10.0 ms', 'at most +20 ms: kept']);
    expect(row('each further pipeline of 50')).toEqual(['50.0 ms (50.0 to 50.0)', '50.0 ms (50.0 to 50.0)', '1.00x', '']);
    expect(row('template, bytes as CDK writes it')).toEqual(['12,345', '12,345', '1.00x', '']);
    expect(row('lines of code that the user writes')).toEqual(['100', '10', '0.10x', '']);
  });

  test('says BROKEN where a budget is', () => {
    expect(table(rowsOf(results({ importing: samples([20], [45]) })))).toContain('at most +20 ms: BROKEN');
  });
});

describe('lines of code', () => {
  test('are those that hold more than a comment', () => {
    const source = [
      '/** A comment', ' * of two lines. */', 'const a = 1; // with a comment', '', '// alone', 'const text = `two', '', 'lines`;', '/* before */ f(a);', '}',
    ].join('\n');

    // a, the three lines of the text, f(a) and the brace.
    expect(linesOfCode(source)).toBe(6);
  });

  test('of nothing are none', () => {
    expect(linesOfCode('\n// nothing\n')).toBe(0);
  });
});
