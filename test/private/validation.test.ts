import { aws_ecs as ecs, Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import {
  cpuArchitecture, emails, environmentName, environmentSuffix, httpPath, isArm64, logRetention, optionalEmails, port,
} from '../../src/private/shared-checks';
import { CDK, cdkType, cdkTypeList, instanceOf, requiredCdkType } from '../../src/private/types';
import {
  all, boolean, Check, duration, keyMatching, list, literal, map, matching, optional, passes, required, secretText, text, wholeNumber,
} from '../../src/private/validation';
import { formatViolation, listViolations, violation } from '../../src/private/violations';
import { MANY_RUNS, INVALID_VALUES, withoutLink } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

/** The violations of a value, without their links. */
function found(check: Check<never>, value: unknown): string[] {
  return listViolations((check as Check)('x', value)).map((each) => withoutLink(formatViolation(each)));
}

const token = Lazy.string({ produce: () => 'later' });
const numberToken = Lazy.number({ produce: () => 7 });
const listToken = Lazy.list({ produce: () => ['later'] });

const even = wholeNumber({ code: 'BGP017', min: 1, max: 10, example: 2 });
const wait = duration({ code: 'BGP080', min: Duration.minutes(5), max: Duration.hours(1) });
const names = list({ example: '["a"]', each: (prop, element) => text('a')(prop, element) });
const variables = map({
  example: '{ a: 1 }',
  key: keyMatching({ code: 'BGP059', pattern: /^[a-z]+$/, rule: 'lower-case letters', example: 'a' }),
  entry: (prop, value) => secretText('v')(prop, value),
});
const lowerCase = matching({ code: 'BGP006', pattern: /^[a-z]+$/, rule: 'lower-case letters', example: 'a' });
const stack = newStack();

test.each<[string, Check<never>, unknown[]]>([
  ['a string', text('a'), ['x', ' x ', token]],
  ['a string that matches a pattern', lowerCase, ['abc', token]],
  ['a boolean', boolean, [true, false, undefined]],
  ['a whole number', even, [1, 10, numberToken, undefined]],
  ['a duration', wait, [undefined, Duration.minutes(5), Duration.seconds(300), Duration.hours(1), Duration.minutes(numberToken)]],
  ['a literal', literal({ remedy: 'write it out' }), ['x', undefined, Duration.minutes(1), stack]],
  ['a list', names, [undefined, [], ['a', token]]],
  ['a map', variables, [undefined, {}, { a: '' }]],
  ['a suffix', environmentSuffix, ['a', 'dev2', 'feature-123', token]],
  ['a port', port, [1, 65535]],
  ['a path', httpPath, ['/', '/a?b=c&d=%20~!', '/{x,y}"', `/${'x'.repeat(1023)}`]],
  ['a retention', logRetention, [undefined, 1, 3653, numberToken]],
  ['an architecture', cpuArchitecture, [undefined, ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.X86_64]],
  ['an optional list of addresses', optionalEmails, [undefined, ['a@b.co']]],
  ['a resource', cdkType({ type: 'a Stack', member: 'stackName', example: 'stack' }), [undefined, stack]],
  ['an instance', instanceOf(Map, 'new Map()'), [undefined, new Map(), new (class extends Map {})()]],
])('a check accepts %s', (_, check, values) => {
  expect(values.flatMap((value) => found(check, value))).toEqual([]);
});

const NAME = 'must be lower-case letters and digits, starting with a letter';
const ADDRESS = 'must be an e-mail address of at most 254 characters with at most 64 before the @';
const WAIT = 'must be a whole number of minutes from 5 minutes to 1 hour';
const days = duration({ code: 'BGP082', min: Duration.days(1), max: Duration.days(7), unit: 'days' });

test.each<[Check<never>, unknown, string]>([
  [required('"a"'), undefined, "'x' is required; for example \"a\" [BGP001]"],
  [required('"a"'), null, "'x' is required; for example \"a\" [BGP001]"],
  [optional(text('a')), null, "'x' is required; for example \"a\" [BGP001]"],
  [text('a'), 7, "'x' must be a string, got 7; for example \"a\" [BGP002]"],
  [text('a'), numberToken, "'x' must be a string, got a token; for example \"a\" [BGP002]"],
  [text('a'), ' \t', "'x' must not be empty or blank, got \" \\t\"; for example \"a\" [BGP004]"],
  [secretText('a'), 7, "'x' must be a string, got a number; for example \"a\" [BGP002]"],
  [lowerCase, 'ABC', "'x' must be lower-case letters, got \"ABC\"; for example \"a\" [BGP006]"],
  [literal({ remedy: 'write it out' }), token, "'x' must be known at synthesis, got a token; write it out [BGP003]"],
  [literal({ remedy: 'write it out' }), Duration.days(numberToken), "'x' must be known at synthesis, got a token; write it out [BGP003]"],
  [boolean, 'true', "'x' must be true or false, got \"true\"; for example true [BGP002]"],
  [boolean, Lazy.any({ produce: () => true }), "'x' must be true or false, got a token; for example true [BGP002]"],
  [even, '7', "'x' must be a number, got \"7\"; for example 2 [BGP002]"],
  ...[0, 11, 1.5, NaN, -0].map((value): [Check, unknown, string] => [even, value,
    `'x' must be a whole number from 1 to 10, got ${Object.is(value, -0) ? '-0' : value}; for example 2 [BGP017]`]),
  [port, 65536, "'x' must be a whole number from 1 to 65535, got 65536; for example 8080 [BGP017]"],
  [wait, 5, "'x' must be a Duration, got 5; for example Duration.minutes(5) [BGP002]"],
  [wait, { toMilliseconds: () => 1 }, "'x' must be a Duration, got {\"toMilliseconds\":\"a function\"}; for example Duration.minutes(5) [BGP002]"],
  [wait, Duration.seconds(299), `'x' ${WAIT}, got 4 minutes 59 seconds; for example Duration.minutes(5) [BGP080]`],
  [wait, Duration.minutes(61), `'x' ${WAIT}, got 1 hour 1 minute; for example Duration.minutes(5) [BGP080]`],
  [wait, Duration.seconds(330), `'x' ${WAIT}, got 5 minutes 30 seconds; for example Duration.minutes(5) [BGP080]`],
  [wait, Duration.minutes(NaN), `'x' ${WAIT}, got a Duration of NaN; for example Duration.minutes(5) [BGP080]`],
  [wait, Duration.hours(numberToken), "'x' must be in minutes when its value is known only at deployment, got a token in hours; use Duration.minutes [BGP003]"],
  [days, Duration.hours(36), "'x' must be a whole number of days from 1 day to 7 days, got 1 day 12 hours; for example Duration.days(1) [BGP082]"],
  [names, 'a', "'x' must be a list, got \"a\"; for example [\"a\"] [BGP002]"],
  [names, ['a', 7], "'x[1]' must be a string, got 7; for example \"a\" [BGP002]"],
  [names, new Array(1), "'x[0]' is required; for example \"a\" [BGP001]"],
  [names, listToken, "'x' must be a list whose length is known at synthesis, got a token; pass a literal list, for example [\"a\"] [BGP003]"],
  ...[[null, 'null'], ['x', 'a string'], [[], 'a list'], [Lazy.any({ produce: () => ({}) }), 'a token']]
    .map(([value, got]): [Check, unknown, string] => [variables, value, `'x' must be an object, got ${String(got)}; for example { a: 1 } [BGP002]`]),
  [variables, { a: 7 }, "'x.a' must be a string, got a number; for example \"v\" [BGP002]"],
  [variables, { B: '' }, "'x' key \"B\" must be lower-case letters; for example \"a\" [BGP059]"],
  [variables, { [token]: '' }, "'x' must have keys known at synthesis, got a token; pass a literal key, for example \"a\" [BGP003]"],
  [environmentSuffix, 'Dev', "'x' must be lower-case letters, digits and single hyphens, starting with a letter and not ending in a hyphen, got "
    + '"Dev"; for example "dev" [BGP005]'],
  [environmentName, 'pre-prod', `'x' ${NAME}, got "pre-prod"; for example "staging" [BGP006]`],
  [environmentName, token, "'x' must be known at synthesis, got a token; pass a literal name, for example \"staging\" [BGP003]"],
  [httpPath, '/a b', "'x' must be a path of at most 1024 printable ASCII characters, without \"#\", that starts with \"/\", got \"/a b\"; for example \"/healthz\" [BGP018]"],
  [httpPath, '/a#b', "'x' must be a path of at most 1024 printable ASCII characters, without \"#\", that starts with \"/\", got \"/a#b\"; for example \"/healthz\" [BGP018]"],
  [emails, [], "'x' must be a list of at least one e-mail address, got []; for example [\"team@example.com\"] [BGP009]"],
  [emails, ['team@'], "'x[0]' must be an e-mail address, got \"team@\"; for example \"team@example.com\" [BGP010]"],
  [emails, [`${'a'.repeat(65)}@b.co`], `'x[0]' ${ADDRESS}, got "${'a'.repeat(65)}@b.co"; for example "team@example.com" [BGP010]`],
  [emails, ['a@b.co', 'c@b.co', 'a@b.co'], "'x[2]' must be a unique address, got \"a@b.co\" again; remove the duplicate [BGP011]"],
  [logRetention, '30', "'x' must be a logs.RetentionDays, got \"30\"; for example RetentionDays.ONE_MONTH [BGP002]"],
  [logRetention, 13, "'x' must be a number of days that CloudWatch Logs supports, got 13; for example RetentionDays.ONE_MONTH [BGP051]"],
  [cpuArchitecture, ecs.CpuArchitecture.of('RISCV'), "'x' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got \"RISCV\"; "
    + 'for example CpuArchitecture.ARM64 [BGP012]'],
  [cpuArchitecture, 'ARM64', "'x' must be an ecs.CpuArchitecture, got \"ARM64\"; for example CpuArchitecture.ARM64 [BGP002]"],
  [requiredCdkType(CDK.project), { projectName: 'a' }, "'x' must be a codebuild.IProject, got {\"projectName\":\"a\"}; for example build.project [BGP002]"],
  [requiredCdkType(CDK.project), stack, "'x' must be a codebuild.IProject, got the Stack at \"Storefront\"; for example build.project [BGP002]"],
  [requiredCdkType(CDK.project), undefined, "'x' is required; for example build.project [BGP001]"],
  [requiredCdkType(CDK.pipeline), 'a', "'x' must be a codepipeline.IPipeline, got \"a\"; "
    + "for example codepipeline.Pipeline.fromPipelineArn(this, 'Theirs', arn) [BGP002]"],
  [cdkType(CDK.repository), {}, "'x' must be an ecr.IRepository, got {}; for example new ecr.Repository(this, 'Images') [BGP002]"],
  [cdkType(CDK.secret), 'hunter2', "'x' must be a secretsmanager.ISecret, got a string; for example secretsmanager.Secret.fromSecretNameV2(this, 'Npm', 'npm') [BGP002]"],
  [cdkTypeList(CDK.project), [undefined], "'x[0]' is required; for example build.project [BGP001]"],
  [instanceOf(Map, 'new Map()'), {}, "'x' must be a Map, got {}; for example new Map() [BGP002]"],
  [all(text('a'), () => violation({ code: 'BGP004', prop: 'y', rule: 'must not run', remedy: 'stop' })), 7, "'x' must be a string, got 7; for example \"a\" [BGP002]"],
])('a check rejects a violation of its rule (%#)', (check, value, message) => {
  expect(found(check, value)).toEqual([message]);
});

test('only the value ARM64 is treated as ARM64', () => {
  expect([ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.X86_64, undefined].map(isArm64)).toEqual([true, false, false]);
});

const LETTERS = /^[a-z]$/i;
const isSuffix = (value: string) => /^[a-z]/.test(value) && !value.endsWith('-') && !value.includes('--') && !/[A-Z_]/.test(value);
const isName = (value: string) => !/[A-Z_-]/.test(value) && !/^\d/.test(value);
const isAddress = (value: string) => {
  const at = value.indexOf('@');
  const [atoms, labels] = [value.slice(0, at).split('.'), value.slice(at + 1).split('.')];
  const top = labels[labels.length - 1];
  return atoms.every((atom) => atom !== '')
    && labels.length > 1 && top.length > 1 && LETTERS.test(top[0])
    && labels.every((label) => label !== '' && !label.startsWith('-') && !label.endsWith('-') && !/[@_]/.test(label));
};

test.each<[string, Check, RegExp, (value: string) => boolean]>([
  ['suffix', environmentSuffix, /^[a-zA-Z0-9_-]{1,8}$/, isSuffix],
  ['suffix of valid characters', environmentSuffix, /^[a-z][a-z0-9]{0,2}(-[a-z0-9]{0,2}){0,3}$/, isSuffix],
  ['environment name', environmentName, /^[a-zA-Z0-9_-]{1,4}$/, isName],
  ['address', (prop, value) => emails(prop, [value]), /^[aZ1._-]{1,4}@[aZ1._@-]{1,7}$/, isAddress],
])('the rule for a %s agrees with its description', (_, check, pattern, isValid) => {
  fc.assert(fc.property(fc.stringMatching(pattern), (value) => passes(check, value) === isValid(value)), { numRuns: 5000 });
});

test('the rule for a duration agrees with its description', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4000 }), (seconds) =>
    passes(wait, Duration.seconds(seconds)) === (seconds >= 300 && seconds <= 3600 && seconds % 60 === 0)), { numRuns: MANY_RUNS });
});

test('no check throws an unexpected error', () => {
  const checks = [
    environmentSuffix, environmentName, port, httpPath, boolean, wait, even, cpuArchitecture, emails, logRetention, names, variables,
    literal({ remedy: 'x' }), requiredCdkType(CDK.project), cdkTypeList(CDK.project), instanceOf(Map, 'x'),
  ];
  const anything = fc.oneof(fc.constantFrom(...INVALID_VALUES), fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }));

  fc.assert(fc.property(anything, (value) => checks.forEach((check) => passes(check, value))));
});
