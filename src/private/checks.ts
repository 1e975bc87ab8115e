import { aws_codepipeline as codepipeline, aws_ecs as ecs, aws_logs as logs, Duration, IResource, ResourceEnvironment, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Code } from './catalogue';
import { broken, Problem } from './errors';
import { isDuration, isToken, shown, typeOf } from './shown';

export { isToken, shown, typeOf };

/** `value` as text, when it is a text that is known at synthesis. */
export function known(value: unknown): value is string {
  return typeof value === 'string' && !Token.isUnresolved(value);
}

function missing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** What is wrong about a value that may be left out. */
export function optional<T>(value: T | undefined, check: (value: T) => Problem): Problem {
  return value === undefined ? undefined : check(value);
}

/** Runs the checks on props that are an object; JavaScript callers may forget them or hand over something else. */
export function propsProblems<T extends object>(props: T, check: (props: T) => Problem[]): Problem[] {
  return structProblems('props', props ?? undefined, '{ environmentSuffix: "dev" }', (given) => check(given as T));
}

/** A required value that is not there. */
export function requiredProblem(prop: string, value: unknown, example: string): Problem {
  return missing(value) ? broken('BGP001', prop, 'is required', undefined, `for example ${example}`) : undefined;
}

/** A value of another type than the prop's. */
export function wrongType(prop: string, type: string, value: unknown, example: string): Problem {
  return broken('BGP002', prop, `must be ${type}`, shown(value), `for example ${example}`);
}

/** A value that names, counts or orders something at synthesis. */
export function tokenProblem(prop: string, value: unknown, what: string, remedy: string): Problem {
  return isToken(value) ? broken('BGP003', prop, `must be ${what}`, 'a token', remedy) : undefined;
}

/** A required text that says something; a token does. */
export function textProblem(prop: string, value: unknown, example: string): Problem {
  return requiredProblem(prop, value, JSON.stringify(example))
    ?? (typeof value === 'string' ? undefined : wrongType(prop, 'a text', value, JSON.stringify(example)))
    ?? ((value as string).trim() === '' ? broken('BGP004', prop, 'must be a non-empty text', shown(value), `for example ${JSON.stringify(example)}`) : undefined);
}

/** A required text that matches a pattern; the value of a token is not known, so a token passes. */
export function textMatching(code: Code, prop: string, value: unknown, pattern: RegExp, rule: string, example: string): Problem {
  return textProblem(prop, value, example)
    ?? (known(value) && !pattern.test(value) ? broken(code, prop, `must be ${rule}`, shown(value), `for example ${JSON.stringify(example)}`) : undefined);
}

/** A boolean that may be left out; it decides something at synthesis, so it is no token. */
export function booleanProblem(prop: string, value: unknown): Problem {
  return optional(value, () => typeof value === 'boolean' ? undefined : wrongType(prop, 'true or false', value, 'true'));
}

/** A whole number within bounds, both included. */
export function wholeNumberProblem(code: Code, prop: string, value: unknown, min: number, max: number, example: number): Problem {
  return optional(value, () => {
    if (typeof value !== 'number') {
      return wrongType(prop, 'a number', value, String(example));
    }
    return Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max) ? undefined
      : broken(code, prop, `must be a whole number from ${min} to ${max}`, shown(value), `for example ${example}`);
  });
}

/** A TCP port. */
export function portProblem(prop: string, value: unknown): Problem {
  return wholeNumberProblem('BGP017', prop, value, 1, 65535, 8080);
}

/** A path that an HTTP client may ask for as it stands. */
export function pathProblem(prop: string, value: unknown): Problem {
  return textMatching('BGP018', prop, value, /^\/[!-~]{0,1023}$/, 'a path of at most 1024 printable ASCII characters that starts with "/"', '/healthz');
}

const WHOLE = { seconds: Duration.seconds(1), minutes: Duration.minutes(1), hours: Duration.hours(1), days: Duration.days(1) };

/** A duration within bounds, both included, in the whole units that the service counts in; a token must be in that unit already. */
export function durationProblem(
  code: Code, prop: string, value: unknown, min: Duration, max: Duration, unit: keyof typeof WHOLE = 'minutes',
): Problem {
  return optional(value, () => {
    const whole = WHOLE[unit].toMilliseconds();
    const example = `Duration.${unit}(${min.toMilliseconds() / whole})`;
    if (!isDuration(value)) {
      return wrongType(prop, 'a Duration', value, example);
    }
    if (value.isUnresolved()) {
      return value.unitLabel() === unit ? undefined
        : broken('BGP003', prop, `must be in ${unit} when it is known at deployment only`, `a token in ${value.unitLabel()}`, `use Duration.${unit}`);
    }
    const milliseconds = value.toMilliseconds({ integral: false });
    return milliseconds >= min.toMilliseconds() && milliseconds <= max.toMilliseconds() && milliseconds % whole === 0 ? undefined
      : broken(code, prop, `must be whole ${unit} from ${min.toHumanString()} to ${max.toHumanString()}`, shown(value), `for example ${example}`);
  });
}

/** A list whose length is known at synthesis, with a check of each element. */
export function listProblems(
  prop: string, value: unknown, example: string, each: (at: string, element: unknown, index: number) => Problem | Problem[],
): Problem[] {
  if (value === undefined) {
    return [];
  }
  const wrong = tokenProblem(prop, value, 'a list whose length is known at synthesis', `write it out, for example ${example}`)
    ?? (Array.isArray(value) ? undefined : wrongType(prop, 'a list', value, example));
  // Holes in a list are elements, too.
  return wrong ? [wrong] : Array.from(value as unknown[]).flatMap((element, index) => each(`${prop}[${index}]`, element, index));
}

/** An object whose keys are the user's, with a check of each entry. */
export function mapProblems(
  prop: string, value: unknown, example: string, each: (at: string, key: string, entry: unknown) => Problem | Problem[],
): Problem[] {
  if (value === undefined) {
    return [];
  }
  return typeof value !== 'object' || value === null || Array.isArray(value) || isToken(value)
    // Of what the user names, a part may be secret.
    ? [broken('BGP002', prop, 'must be an object', typeOf(value), `for example ${example}`)]
    : Object.entries(value).flatMap(([key, entry]) => each(`${prop}.${key}`, key, entry));
}

/**
 * What looks like the right kind of thing: interfaces of the CDK have no class to ask for, so a member that only they have decides.
 *
 * @param kind what it must be, as in "an ec2.IVpc"
 */
export function kindProblem(prop: string, value: unknown, member: string, kind: string, example: string): Problem {
  return optional(value, () => (typeof value === 'object' && value !== null && member in value) ? undefined : wrongType(prop, kind, value, example));
}

const SUFFIX = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** The suffix that ends every name. */
export function environmentSuffixProblem(value: unknown): Problem {
  return textMatching('BGP005', 'environmentSuffix', value, SUFFIX,
    'lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen', 'dev');
}

const ENVIRONMENT = /^[a-z][a-z0-9]*$/;

/** The name of an environment becomes a stage name and a file name, so it must be known at synthesis. */
export function environmentNameProblem(prop: string, value: unknown): Problem {
  return tokenProblem(prop, value, 'known at synthesis', 'write the name out, for example "staging"')
    ?? textMatching('BGP006', prop, value, ENVIRONMENT, 'lower-case letters and digits, starting with a letter', 'staging');
}

/** Local part and domain as SNS accepts them: ASCII, dots only between other characters. */
const EMAIL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

/** A required list of at least one e-mail address; addresses may be tokens, the list itself may not. */
export function emailsProblems(prop: string, value: unknown): Problem[] {
  const example = '["team@example.com"]';
  const absent = requiredProblem(prop, value, example)
    ?? (Array.isArray(value) && value.length === 0 ? broken('BGP009', prop, 'must be a list of at least one e-mail address', '[]', `for example ${example}`) : undefined);
  return absent ? [absent] : listProblems(prop, value, example, (at, address, index) => {
    if (known(address) && (address.length > 254 || address.indexOf('@') > 64)) {
      return broken('BGP010', at, 'must be an e-mail address of at most 254 characters with at most 64 before the @', shown(address), 'for example "team@example.com"');
    }
    return textMatching('BGP010', at, address, EMAIL, 'an e-mail address', 'team@example.com')
      ?? ((value as unknown[]).indexOf(address) < index ? broken('BGP011', at, 'must not repeat an address', `${shown(address)} twice`, 'remove one') : undefined);
  });
}

/** Whether this is ARM64; what is not said is x86-64. */
export function isArm(architecture: ecs.CpuArchitecture | undefined): boolean {
  return architecture?._cpuArchitecture === ecs.CpuArchitecture.ARM64._cpuArchitecture;
}

/** One of the two processors that Fargate and CodeBuild both have. */
export function architectureProblem(prop: string, value: ecs.CpuArchitecture | undefined): Problem {
  const offered = [ecs.CpuArchitecture.X86_64._cpuArchitecture, ecs.CpuArchitecture.ARM64._cpuArchitecture];
  return kindProblem(prop, value, '_cpuArchitecture', 'an ecs.CpuArchitecture', 'CpuArchitecture.ARM64')
    ?? optional(value, ({ _cpuArchitecture: name }) => offered.includes(name) ? undefined
      : broken('BGP012', prop, 'must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64', shown(name), 'for example CpuArchitecture.ARM64'));
}

/** Whether this is a construct from which account, region and names can be told. */
export function placed(scope: unknown): scope is Construct {
  return Construct.isConstruct(scope) && scope.node.scopes.some((parent) => Stack.isStack(parent));
}

/** A construct must have a place: an id that is free, in a scope within a stack. */
export function placeProblem(scope: Construct, id: string): Problem {
  if (!placed(scope)) {
    return broken('BGP013', 'scope', 'must be a construct within a Stack', shown(scope), 'for example the Stack itself');
  }
  return tokenProblem('id', id, 'known at synthesis', 'write the id out, for example "Pipeline"')
    ?? textProblem('id', id, 'Pipeline')
    ?? (scope.node.tryFindChild(id) === undefined ? undefined
      : broken('BGP014', 'id', 'must differ from the ids beside it', `${shown(id)} twice`, 'give the second construct an id of its own'));
}

/**
 * A construct stands in one pipeline, at one place (`child` is there once it does), and in the pipeline's own stack: its roles
 * and those of the pipeline name each other, which two stacks cannot do.
 */
export function stageProblem(construct: Construct, child: string, pipeline: codepipeline.Pipeline): Problem {
  if (construct.node.tryFindChild(child) !== undefined) {
    return broken('BGP015', 'addToPipeline', 'must be called only once', undefined, 'make another construct for another stage');
  }
  const wrong = requiredProblem('pipeline', pipeline, 'new codepipeline.Pipeline(…)')
    ?? resourceProblem('pipeline', pipeline, 'addStage', 'a codepipeline.Pipeline', 'new codepipeline.Pipeline(…)');
  if (wrong) {
    return wrong;
  }
  const [own, other] = [Stack.of(construct), Stack.of(pipeline)];
  return own === other ? undefined
    : broken('BGP016', 'pipeline', 'must be in the same stack', `one in ${shown(other.node.path)} for a construct in ${shown(own.node.path)}`, 'move one of them');
}

/** A pipeline has each stage once; `pipeline` has passed `stageProblem`. */
export function takenStageProblem(pipeline: codepipeline.Pipeline, stageName: string): Problem {
  return pipeline.stages.some((stage) => stage.stageName === stageName)
    ? broken('BGP019', 'pipeline', `must have no stage ${shown(stageName)} yet`, 'one that has', 'give each stage a name of its own') : undefined;
}

/** A resource of the CDK, made or imported; it is a construct, and a member that only its kind has tells it from others. */
export function resourceProblem(prop: string, value: unknown, member: string, kind: string, example: string): Problem {
  return optional(value, () => Construct.isConstruct(value) && member in value ? undefined : wrongType(prop, kind, value, example));
}

/** The pipeline that is watched, made by whomever. */
export function pipelineProblem(value: unknown): Problem {
  const example = "codepipeline.Pipeline.fromPipelineArn(this, 'Theirs', arn)";
  return requiredProblem('pipeline', value, example) ?? resourceProblem('pipeline', value, 'pipelineName', 'a codepipeline.IPipeline', example);
}

/** A list of resources, none of which is missing. */
export function resourcesProblems(
  prop: string, value: unknown, member: string, kind: string, example: string, each: (at: string, resource: IResource) => Problem = () => undefined,
): Problem[] {
  return listProblems(prop, value, `[${example}]`, (at, element) => requiredProblem(at, element, example)
    ?? resourceProblem(at, element, member, kind, example) ?? each(at, element as IResource));
}

/** Where something must be that works with a construct of ours; what is only known at deployment passes. */
export function homeProblem(
  code: Code, prop: string, value: IResource | undefined, scope: Construct, parts: readonly (keyof ResourceEnvironment)[] = ['account', 'region'],
): Problem {
  if (value?.env === undefined || !placed(scope)) {
    return undefined;
  }
  const [theirs, ours] = [value.env, { account: Stack.of(scope).account, region: Stack.of(scope).region }];
  const part = parts.find((one) => !Token.isUnresolved(theirs[one]) && !Token.isUnresolved(ours[one]) && theirs[one] !== ours[one]);
  return part === undefined ? undefined
    : broken(code, prop, `must be in the ${part} of the stack, ${ours[part]}`, `one in ${theirs[part]}`, 'use one from there');
}

/** Runs the checks on a struct that may be left out; anything but an object in its place, null included, is no struct. */
export function structProblems<T extends object>(
  prop: string, value: T | undefined, example: string, check: (given: Partial<T>) => Problem[],
): Problem[] {
  if (value === undefined) {
    return check({});
  }
  return typeof value !== 'object' || value === null || Array.isArray(value) || isToken(value) ? [wrongType(prop, 'an object', value, example)] : check(value);
}

/** A value class of this library; another class of it may have the same members. */
export function valueProblem(prop: string, value: unknown, kind: { readonly name: string; readonly prototype: object }, example: string): Problem {
  return optional(value, () => Object.prototype.isPrototypeOf.call(kind.prototype, Object(value)) ? undefined : wrongType(prop, `a ${kind.name}`, value, example));
}

/** A text that may be a secret: the message tells its type alone. */
export function hiddenTextProblem(prop: string, value: unknown, example: string): Problem {
  return typeof value === 'string' ? undefined : broken('BGP002', prop, 'must be a text', typeOf(value), `for example ${JSON.stringify(example)}`);
}

/** A retention that CloudWatch Logs offers; the enum is a mere number to JavaScript callers. */
export function retentionProblem(prop: string, value: unknown): Problem {
  const example = 'for example RetentionDays.ONE_MONTH';
  return optional(value, () => typeof value !== 'number' ? broken('BGP002', prop, 'must be a logs.RetentionDays', shown(value), example)
    : Token.isUnresolved(value) || value in logs.RetentionDays ? undefined
      : broken('BGP051', prop, 'must be a number of days that CloudWatch Logs offers', shown(value), example));
}

/** A repository of images, made or imported. */
export function repositoryProblem(prop: string, value: unknown): Problem {
  return resourceProblem(prop, value, 'repositoryUriForTag', 'an ecr.IRepository', "new ecr.Repository(this, 'Images')");
}
