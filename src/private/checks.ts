import { aws_ecs as ecs, Duration, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Problem } from './errors';

/** How a value is shown in a message. */
export function shown(value: unknown): string {
  if (value instanceof Duration) {
    return value.isUnresolved() ? 'a token' : value.toHumanString();
  }
  return JSON.stringify(value) ?? String(value);
}

/** `value` as text, when it is a text that is known at synthesis. */
function known(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value);
}

/** Whether a required text is there; tokens count as there. */
export function requiredText(prop: string, value: unknown, example: string): Problem {
  if (typeof value === 'string' && value.trim() !== '') {
    return undefined;
  }
  return value === undefined || value === null
    ? `'${prop}' is required; for example ${shown(example)}`
    : `'${prop}' must be a non-empty text, got ${shown(value)}; for example ${shown(example)}`;
}

/** A text that must match a pattern; the value of a token is not known, so a token passes. */
export function textMatching(prop: string, value: unknown, pattern: RegExp, rule: string, example: string): Problem {
  const missing = requiredText(prop, value, example);
  if (missing || !known(value) || pattern.test(value)) {
    return missing;
  }
  return `'${prop}' must be ${rule}, got ${shown(value)}; for example ${shown(example)}`;
}

const SUFFIX = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The suffix that ends every name. */
export function environmentSuffixProblem(value: unknown): Problem {
  return textMatching('environmentSuffix', value, SUFFIX,
    'lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen', 'dev');
}

const ENVIRONMENT = /^[a-z][a-z0-9]*$/;

/** The name of an environment becomes a stage name and a file name, so it must be known at synthesis. */
export function environmentNameProblem(prop: string, value: unknown): Problem {
  if (Token.isUnresolved(value)) {
    return `'${prop}' must be known at synthesis, got a token; write the name out, for example "staging"`;
  }
  return textMatching(prop, value, ENVIRONMENT, 'lower-case letters and digits, starting with a letter', 'staging');
}

/** Local part and domain as SNS accepts them: ASCII, dots only between other characters. */
const EMAIL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

/** A list of at least one e-mail address; addresses may be tokens, the list itself may not. */
export function emailsProblems(prop: string, value: unknown): Problem[] {
  const example = `${shown(['team@example.com'])}`;
  if (value === undefined || value === null) {
    return [`'${prop}' is required; for example ${example}`];
  }
  if (Token.isUnresolved(value)) {
    return [`'${prop}' must be a list whose length is known at synthesis, got a token; write the addresses out, for example ${example}`];
  }
  if (!Array.isArray(value) || value.length === 0) {
    return [`'${prop}' must be a list of at least one e-mail address, got ${shown(value)}; for example ${example}`];
  }
  return value.map((address: unknown, index) => {
    const at = `${prop}[${index}]`;
    if (known(address) && (address.length > 254 || address.indexOf('@') > 64)) {
      return `'${at}' must be an e-mail address of at most 254 characters with at most 64 before the @, got ${shown(address)}`;
    }
    if (value.indexOf(address) < index) {
      return `'${at}' must not repeat an address, got ${shown(address)} twice; remove one`;
    }
    return textMatching(at, address, EMAIL, 'an e-mail address', 'team@example.com');
  });
}

/** A whole number within bounds. */
export function wholeNumberProblem(prop: string, value: number | undefined, min: number, max: number): Problem {
  if (value === undefined || Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) {
    return undefined;
  }
  return `'${prop}' must be a whole number from ${min} to ${max}, got ${Number.isNaN(value) ? 'NaN' : shown(value)}`;
}

/** A duration within bounds, both included, in the whole units that the service counts in. */
export function durationProblem(
  prop: string, value: Duration | undefined, min: Duration, max: Duration, unit: 'seconds' | 'minutes' | 'days' = 'minutes',
): Problem {
  if (value === undefined || value.isUnresolved()) {
    return undefined;
  }
  const milliseconds = value.toMilliseconds();
  if (milliseconds < min.toMilliseconds() || milliseconds > max.toMilliseconds()) {
    return `'${prop}' must be from ${min.toHumanString()} to ${max.toHumanString()}, got ${shown(value)}`;
  }
  const whole = { seconds: Duration.seconds(1), minutes: Duration.minutes(1), days: Duration.days(1) }[unit];
  return milliseconds % whole.toMilliseconds() === 0 ? undefined : `'${prop}' must be whole ${unit}, got ${shown(value)}`;
}

/** Whether this is ARM64; what is not said is x86-64. */
export function isArm(architecture: ecs.CpuArchitecture | undefined): boolean {
  return architecture?._cpuArchitecture === ecs.CpuArchitecture.ARM64._cpuArchitecture;
}

/** One of the two processors that Fargate and CodeBuild both have. */
export function architectureProblem(prop: string, value: ecs.CpuArchitecture | undefined): Problem {
  const offered = [undefined, ecs.CpuArchitecture.X86_64._cpuArchitecture, ecs.CpuArchitecture.ARM64._cpuArchitecture];
  return offered.includes(value?._cpuArchitecture) ? undefined
    : `'${prop}' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got ${shown(value?._cpuArchitecture)}`;
}

/**
 * A construct stands in one pipeline, at one place (`child` is there once it does), and in the pipeline's own stack: its roles
 * and those of the pipeline name each other, which two stacks cannot do.
 */
export function placeProblem(construct: Construct, child: string, pipeline: Construct): Problem {
  if (construct.node.tryFindChild(child) !== undefined) {
    return "'addToPipeline' must be called only once; make another construct for another stage";
  }
  const [own, other] = [Stack.of(construct), Stack.of(pipeline)];
  return own === other ? undefined
    : `'pipeline' must be in the same stack, got one in ${shown(other.node.path)} for a construct in ${shown(own.node.path)}; move one of them`;
}
