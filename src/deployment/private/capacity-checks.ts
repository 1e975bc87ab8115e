import { Token } from 'aws-cdk-lib';
import { Check, formatValue, isNumber, optional, wholeNumber } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { DEFAULT_CPU, DEFAULT_MEMORY_LIMIT_MIB, DEFAULT_TASK_COUNT, TASK_COUNT_LIMITS } from '../defaults';
import { EnvironmentOptions } from '../environment-options';

type At = (key: keyof EnvironmentOptions) => string;

/** The sizes of a task in MiB for the fewest CPU units. */
const SMALLEST_CPU = 256;
const SMALLEST_MEMORY = [512, 1024, 2048];

interface MemoryRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Memory in MiB that Fargate supports for more CPU units.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY: { readonly [cpu: number]: MemoryRange } = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};

export const cpu: Check = optional(isNumber(DEFAULT_CPU), (prop: string, value: number) => {
  const offered = Token.isUnresolved(value) || value === SMALLEST_CPU || value in MEMORY;
  return offered ? undefined : violation({
    code: 'BGP097',
    prop,
    rule: 'must be 256, 512, 1024, 2048, 4096, 8192 or 16384',
    got: formatValue(value),
    remedy: 'for example 512 with a memoryLimitMiB of 1024',
  });
});

export const memoryLimitMiB: Check = optional(isNumber(DEFAULT_MEMORY_LIMIT_MIB));

export const taskCount: Check = wholeNumber({ code: 'BGP090', ...TASK_COUNT_LIMITS, example: DEFAULT_TASK_COUNT });

export const maxTaskCount: Check = wholeNumber({ code: 'BGP091', ...TASK_COUNT_LIMITS, example: 12 });

/** Fargate offers some sizes of memory for each number of CPU units. */
export function sizeViolation(options: Partial<EnvironmentOptions>, at: At): Violations {
  const { cpu: units = DEFAULT_CPU, memoryLimitMiB: memory = DEFAULT_MEMORY_LIMIT_MIB } = options;
  const bothValid = 'cpu' in options && 'memoryLimitMiB' in options;
  if (!bothValid || Token.isUnresolved(units) || Token.isUnresolved(memory) || isOffered(units, memory)) {
    return undefined;
  }
  const offer = units === SMALLEST_CPU ? '512, 1024 or 2048' : formatRange(MEMORY[units]);
  return violation({
    code: 'BGP098',
    prop: at('memoryLimitMiB'),
    rule: `must be ${offer} for ${units} CPU units`,
    got: formatValue(memory),
    remedy: "change 'cpu' or 'memoryLimitMiB'",
  });
}

function isOffered(units: number, memory: number): boolean {
  if (units === SMALLEST_CPU) {
    return SMALLEST_MEMORY.includes(memory);
  }
  const { from, to, step } = MEMORY[units];
  return memory >= from && memory <= to && memory % step === 0;
}

function formatRange({ from, to, step }: MemoryRange): string {
  return `from ${from} to ${to} in steps of ${step}`;
}

/** Scaling starts at the number of tasks. */
export function scalingViolation(options: Partial<EnvironmentOptions>, at: At): Violations {
  const { taskCount: least = DEFAULT_TASK_COUNT, maxTaskCount: most } = options;
  const comparable = 'taskCount' in options
    && most !== undefined
    && !Token.isUnresolved(most)
    && !Token.isUnresolved(least);
  return !comparable || most >= least ? undefined : violation({
    code: 'BGP092',
    prop: at('maxTaskCount'),
    rule: `must be at least 'taskCount' (${formatValue(least)})`,
    got: formatValue(most),
    remedy: "change 'taskCount' or 'maxTaskCount'",
  });
}
