/** One point for each period; `undefined` is a missing point. */
export type Series = readonly (number | undefined)[];

/** Behaviour that the documentation of CloudWatch leaves open, so that an alarm must be right either way. */
export interface Readings {
  /** True if FILL gives points to a series that never had one. */
  readonly fillsEmptySeries: boolean;
  /** True if arithmetic takes a missing operand as 0, as the documentation says; otherwise the result is missing. */
  readonly missingIsZero: boolean;
}

type Value = number | Series | readonly Series[];

/** A part of an expression: what it is worth for the series of the metrics. */
type Node = (metrics: Metrics) => Value;

interface Metrics {
  readonly [id: string]: Series;
}

/**
 * Evaluates a metric math expression; anything that it does not know is an error.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateExpression(expression: string, metrics: Metrics, readings: Readings): Series {
  const node = new Parser(tokensOf(expression), readings).parse();
  const value = node(metrics);
  const { length } = Object.values(metrics)[0] ?? [];
  return typeof value === 'number' ? Array.from({ length }, () => value) : seriesOf(value);
}

const TOKEN = /\s*([A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|==|!=|&&|\|\||[-+*/^<>()[\],])/y;

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(expression) ?? unknown(expression.slice(start));
    tokens.push(token);
  }
  return tokens;
}

function unknown(what: string): never {
  throw new Error(`Unknown in a metric math expression: ${what}`);
}

type Operation = (left: number, right: number) => number;

function or(left: number, right: number): number {
  return Number(left !== 0 || right !== 0);
}

function and(left: number, right: number): number {
  return Number(left !== 0 && right !== 0);
}

interface Level {
  readonly arithmetic: boolean;
  readonly operations: { readonly [operator: string]: Operation };
}

/** From the operators that bind least to those that bind most. */
const LEVELS: Level[] = [
  { arithmetic: false, operations: { '||': or, 'OR': or } },
  { arithmetic: false, operations: { '&&': and, 'AND': and } },
  {
    arithmetic: false,
    operations: {
      '>=': (left, right) => Number(left >= right),
      '<=': (left, right) => Number(left <= right),
      '>': (left, right) => Number(left > right),
      '<': (left, right) => Number(left < right),
      '==': (left, right) => Number(left === right),
      '!=': (left, right) => Number(left !== right),
    },
  },
  { arithmetic: true, operations: { '+': (left, right) => left + right, '-': (left, right) => left - right } },
  { arithmetic: true, operations: { '*': (left, right) => left * right, '/': (left, right) => left / right } },
];

/** Minimum and maximum number of parameters of each function. */
const PARAMETERS: { readonly [name: string]: readonly [number, number] } = {
  IF: [2, 3], FILL: [2, 2], MAX: [1, 1], MIN: [1, 1], SUM: [1, 1],
};

class Parser {
  private next = 0;

  constructor(private readonly tokens: readonly string[], private readonly readings: Readings) {}

  public parse(): Node {
    const node = this.binary(0);
    return this.next === this.tokens.length ? node : unknown(this.tokens.slice(this.next).join(' '));
  }

  private binary(level: number): Node {
    if (level === LEVELS.length) {
      return this.primary();
    }
    const { arithmetic, operations } = LEVELS[level];
    let left = this.binary(level + 1);
    while (Object.hasOwn(operations, this.peek())) {
      const operation = operations[this.take()];
      const right = this.binary(level + 1);
      left = arithmetic ? this.arithmetic(operation, left, right) : comparison(operation, left, right);
    }
    return left;
  }

  private arithmetic(operation: Operation, left: Node, right: Node): Node {
    const { missingIsZero } = this.readings;
    return (metrics) => pointwise([left(metrics), right(metrics)], ([a, b]) => {
      const isMissing = missingIsZero ? a === undefined && b === undefined : a === undefined || b === undefined;
      const result = isMissing ? undefined : operation(a ?? 0, b ?? 0);
      // A division by 0 gives no point.
      return Number.isFinite(result) ? result : undefined;
    });
  }

  private primary(): Node {
    const token = this.take();
    if (token === '-') {
      return this.arithmetic((left, right) => left - right, () => 0, this.primary());
    }
    if (token === '(') {
      return this.closed(this.binary(0), ')');
    }
    if (token === '[') {
      const elements = this.list(']');
      return (metrics) => elements.map((element) => seriesOf(element(metrics)));
    }
    if (/^\d/.test(token)) {
      return () => Number(token);
    }
    return this.peek() === '('
      ? this.call(token)
      : (metrics) => (Object.hasOwn(metrics, token) ? metrics[token] : unknown(token));
  }

  private call(name: string): Node {
    this.take();
    const parameters = this.list(')');
    const make = this.functionOf(name);
    const [least, most] = PARAMETERS[name];
    if (parameters.length < least || parameters.length > most) {
      unknown(`${name} with ${parameters.length} parameters`);
    }
    return (metrics) => make(...parameters.map((parameter) => parameter(metrics)));
  }

  private functionOf(name: string): (...values: Value[]) => Value {
    switch (name) {
      // Where the condition is true, a missing point is 0; where it is false, it stays missing.
      case 'IF': return (condition, whenTrue, whenFalse = []) => pointwise(
        [condition, whenTrue, whenFalse],
        ([test, yes, no]) => (test === undefined ? undefined : [yes ?? 0, no][Number(test === 0)]),
      );
      case 'FILL': return (value, filling) => (isArray(value)
        ? value.map((series) => this.fill(series, filling))
        : this.fill(seriesOf(value), filling));
      case 'MAX': return (value) => aggregate(value, (points) => Math.max(...points));
      case 'MIN': return (value) => aggregate(value, (points) => Math.min(...points));
      case 'SUM': return (value) => aggregate(value, (points) => points.reduce((sum, point) => sum + point));
      default: return unknown(`${name}(…)`);
    }
  }

  private fill(series: Series, filling: Value): Series {
    if (typeof filling !== 'number') {
      return unknown('FILL with anything but a number');
    }
    const isEmpty = series.every((point) => point === undefined);
    return isEmpty && !this.readings.fillsEmptySeries ? series : series.map((point) => point ?? filling);
  }

  private list(end: string): Node[] {
    const nodes = [this.binary(0)];
    while (this.peek() === ',') {
      this.take();
      nodes.push(this.binary(0));
    }
    this.expect(end);
    return nodes;
  }

  private closed(node: Node, end: string): Node {
    this.expect(end);
    return node;
  }

  private expect(token: string): void {
    if (this.take() !== token) {
      unknown(`an expression without ${token}`);
    }
  }

  private peek(): string {
    return this.tokens[this.next] ?? '';
  }

  private take(): string {
    this.next += 1;
    return this.tokens[this.next - 1] ?? unknown('an expression that ends early');
  }
}

/**
 * Evaluates a comparison, or a logical operator. Of two series, the missing point of one counts as 0; a series and a
 * number have a result only where the series has a point.
 */
function comparison(operation: Operation, left: Node, right: Node): Node {
  return (metrics) => {
    const values = [left(metrics), right(metrics)];
    const hasNumber = values.some((value) => typeof value === 'number');
    return pointwise(values, ([a, b]) => {
      const isMissing = hasNumber ? a === undefined || b === undefined : a === undefined && b === undefined;
      return isMissing ? undefined : operation(a ?? 0, b ?? 0);
    });
  };
}

function isArray(value: Value): value is readonly Series[] {
  return typeof value !== 'number' && Array.isArray(value[0]);
}

function seriesOf(value: Value): Series {
  return typeof value === 'number' || isArray(value) ? unknown('a number or an array where one series belongs') : value;
}

/** A series of what each period is worth; a number is the same in each. */
function pointwise(values: Value[], point: (points: (number | undefined)[]) => number | undefined): Value {
  const series = values.filter((value): value is Series => typeof value !== 'number').map(seriesOf);
  const at = (index: number) =>
    point(values.map((value) => (typeof value === 'number' ? value : seriesOf(value)[index])));
  const length = Math.max(0, ...series.map((one) => one.length));
  if (series.length > 0) {
    return Array.from({ length }, (_, index) => at(index));
  }
  return at(0) ?? unknown('arithmetic of numbers without a result');
}

/**
 * Aggregates the points of each period over the series that have one. Of a single series CloudWatch makes one number,
 * which depends on the number of periods that an alarm happens to read, so that is an error.
 */
function aggregate(value: Value, reduce: (points: number[]) => number): Series {
  const array = isArray(value) ? value : unknown('a function of one series');
  const length = Math.max(...array.map((series) => series.length));
  return Array.from({ length }, (_, index) => {
    const points = array.map((series) => series[index]).filter((point) => point !== undefined);
    return points.length === 0 ? undefined : reduce(points);
  });
}
