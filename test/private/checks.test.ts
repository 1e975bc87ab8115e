import { App, aws_codepipeline as codepipeline, aws_ecs as ecs, aws_s3 as s3, Duration, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  architectureProblem, booleanProblem, durationProblem, emailsProblems, environmentNameProblem, environmentSuffixProblem, homeProblem, isArm,
  kindProblem, listProblems, mapProblems, optional, pathProblem, placeProblem, portProblem, propsProblems, resourceProblem, shown, stageProblem,
  takenStageProblem, textMatching, textProblem, tokenProblem, typeOf, wholeNumberProblem,
} from '../../src/private/checks';
import { broken, inWords, Problem } from '../../src/private/errors';
import { newStack } from '../helpers/synthesis';

const RUNS = { numRuns: 2000 };

const token = Lazy.string({ produce: () => 'later' });
const numberToken = Lazy.number({ produce: () => 7 });
const listToken = Lazy.list({ produce: () => ['later'] });

/** What each of the checks found, as a message shows it. */
function words(...problems: Problem[]): (string | undefined)[] {
  return problems.map((problem) => problem === undefined ? undefined : inWords(problem));
}

/** The words of the problems in a list that a check gave. */
function all(problems: Problem[]): (string | undefined)[] {
  return words(...problems).filter((problem) => problem !== undefined);
}

describe('a value is shown', () => {
  class Login {
    public readonly password = 'hunter2';
  }
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const list: unknown[] = [];
  list.push(list);
  const stack = newStack();

  test.each<[unknown, string]>([
    ['a"b', '"a\\"b"'], ['', '""'], [7, '7'], [-0, '-0'], [1.5, '1.5'], [NaN, 'NaN'], [Infinity, 'Infinity'], [true, 'true'], [null, 'null'],
    [undefined, 'undefined'], [12n, '12n'], [Symbol('x'), 'a symbol'], [() => 1, 'a function'],
    [[1, 'a', null], '[1,"a",null]'], [{ a: { b: [NaN, 3n] } }, '{"a":{"b":["NaN","3n"]}}'], [{ a: undefined }, '{}'], [Object.create(null), '{}'],
    [Duration.minutes(90), '1 hour 30 minutes'], [Duration.days(NaN), 'a Duration of NaN'], [{ wait: Duration.days(1) }, '{"wait":"1 day"}'],
    [new Map([['password', 'hunter2']]), 'a Map'], [new Error('hunter2'), 'an Error'], [new Login(), 'a Login'], [{ login: new Login() }, '{"login":"a Login"}'],
    [Object.create({ constructor: undefined }), 'an object'], [cycle, 'an object'], [list, 'a list'],
    [{ toJSON: () => { throw new Error('no JSON'); } }, 'an object'],
    [token, 'a token'], [numberToken, 'a token'], [listToken, 'a token'], [Duration.minutes(numberToken), 'a token'], [`arn:${token}`, 'a token'],
    [[token, 'x'], '["a token","x"]'], [SecretValue.unsafePlainText('hunter2'), 'a token'],
    [stack, 'the Stack at "Storefront"'], [new s3.Bucket(stack, 'Logs'), 'the Bucket at "Storefront/Logs"'], [{ scope: stack }, '{"scope":"the Stack at \\"Storefront\\""}'],
    [ecs.CpuArchitecture.ARM64, 'a CpuArchitecture'],
    ['x'.repeat(198), JSON.stringify('x'.repeat(198))],
    ['x'.repeat(199), `"${'x'.repeat(199)}… (201 characters)`],
    ['🙂'.repeat(200), `"${'🙂'.repeat(199)}… (202 characters)`],
  ])('as it is, or in a word (%#)', (value, expected) => {
    expect(shown(value)).toBe(expected);
  });

  test('or by its type alone, where it may be a secret', () => {
    expect(['hunter2', 7, ['hunter2'], { password: 'hunter2' }, null, undefined, true, new Login(), token].map(typeOf))
      .toEqual(['a text', 'a number', 'a list', 'an object', 'null', 'undefined', 'true', 'a Login', 'a token']);
  });

  test('whatever it is', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true });
    fc.assert(fc.property(anything, (value) =>
      typeof shown(value) === 'string' && shown(value) !== '' && typeof typeOf(value) === 'string'), RUNS);
  });

  test('without its secrets: a class shows no field, and a secret of the CDK is a token', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{8,20}$/), (secret) => {
      const wrapped = SecretValue.unsafePlainText(secret);
      const values = [new Map([[secret, secret]]), wrapped, { wrapped }, [new Set([secret])], new Error(secret)];
      return !values.some((value) => shown(value).includes(secret)) && !typeOf(secret).includes(secret) && !typeOf([secret]).includes(secret);
    }));
  });
});

test('a broken rule names prop, rule, value, remedy and code, and no value where there is none to show', () => {
  expect(words(broken('BGP017', 'containerPort', 'must be a port', '0', 'for example 8080'), broken('BGP015', 'addToPipeline', 'must be called once', undefined, 'make another')))
    .toEqual(["'containerPort' must be a port, got 0; for example 8080 [BGP017]", "'addToPipeline' must be called once; make another [BGP015]"]);
});

test('a prop that is left out has no problem, and null is a value of the wrong type', () => {
  const check = (value: unknown) => textProblem('x', value, 'y');

  expect(words(optional(undefined, check), optional(null, check))).toEqual([undefined, "'x' is required; for example \"y\" [BGP001]"]);
});

describe('props', () => {
  const check = (props: { readonly environmentSuffix: string }) => [environmentSuffixProblem(props.environmentSuffix)];
  const propsOf = (value: unknown) => all(propsProblems(value as { readonly environmentSuffix: string }, check));

  test('that are not there lack what they must hold', () => {
    const required = "'environmentSuffix' is required; for example \"dev\" [BGP001]";

    expect([propsOf(undefined), propsOf(null), propsOf({})]).toEqual([[required], [required], [required]]);
    expect(propsOf({ environmentSuffix: 'dev' })).toEqual([]);
  });

  test.each<[unknown, string]>([['x', '"x"'], [7, '7'], [[], '[]'], [() => 1, 'a function'], [false, 'false']])('must be an object, not %j', (value, got) => {
    expect(propsOf(value)).toEqual([`'props' must be an object, got ${got}; for example { environmentSuffix: "dev" } [BGP002]`]);
  });
});

describe('a text', () => {
  test.each<[unknown, string | undefined]>([
    ['x', undefined], [' x ', undefined], [token, undefined],
    [undefined, "'name' is required; for example \"a\" [BGP001]"],
    [null, "'name' is required; for example \"a\" [BGP001]"],
    [7, "'name' must be a text, got 7; for example \"a\" [BGP002]"],
    [['x'], "'name' must be a text, got [\"x\"]; for example \"a\" [BGP002]"],
    [numberToken, "'name' must be a text, got a token; for example \"a\" [BGP002]"],
    ['', "'name' must be a non-empty text, got \"\"; for example \"a\" [BGP004]"],
    [' \t', "'name' must be a non-empty text, got \" \\t\"; for example \"a\" [BGP004]"],
  ])('%j', (value, expected) => {
    expect(words(textProblem('name', value, 'a'))).toEqual([expected]);
  });

  test('may have to match a pattern, which is not asked of a token', () => {
    const check = (value: unknown) => textMatching('BGP006', 'name', value, /^[a-z]+$/, 'lower-case letters', 'a');

    expect(words(check('abc'), check(token), check('ABC'), check(''), check(7))).toEqual([
      undefined, undefined, "'name' must be lower-case letters, got \"ABC\"; for example \"a\" [BGP006]",
      "'name' must be a non-empty text, got \"\"; for example \"a\" [BGP004]", "'name' must be a text, got 7; for example \"a\" [BGP002]",
    ]);
  });

  test('that is needed at synthesis may not be a token', () => {
    const check = (value: unknown) => tokenProblem('name', value, 'known at synthesis', 'write it out');

    expect(words(check('x'), check(undefined), check(Duration.minutes(1)), check(token), check(Duration.minutes(numberToken)))).toEqual([
      undefined, undefined, undefined, "'name' must be known at synthesis, got a token; write it out [BGP003]",
      "'name' must be known at synthesis, got a token; write it out [BGP003]",
    ]);
  });
});

test('a boolean is true, false or left out, and no token, because something is made or not', () => {
  const check = (value: unknown) => booleanProblem('on', value);

  expect(words(check(true), check(false), check(undefined))).toEqual([undefined, undefined, undefined]);
  expect(words(check('true'), check(0), check(null), check(Lazy.any({ produce: () => true })))).toEqual(['"true"', '0', 'null', 'a token'].map((got) => `'on' must be true or false, got ${got}; for example true [BGP002]`));
});

describe('an environment suffix', () => {
  test.each(['a', 'dev', 'dev2', 'feature-123', 'a-b-c'])('may be %s', (suffix) => {
    expect(environmentSuffixProblem(suffix)).toBeUndefined();
  });

  test.each(['Dev', '1dev', '-dev', 'dev-', 'a--b', 'a_b', 'a.b', 'dév', 'dev\n', ' dev'])('may not be %j', (suffix) => {
    expect(words(environmentSuffixProblem(suffix))).toEqual(["'environmentSuffix' must be lower-case letters, digits and single hyphens, starting with a "
      + `letter and not ending in a hyphen, got ${JSON.stringify(suffix)}; for example "dev" [BGP005]`]);
  });

  test('may be a token', () => {
    expect(environmentSuffixProblem(token)).toBeUndefined();
  });

  test('is exactly what the rule says', () => {
    const parts = fc.array(fc.stringMatching(/^[a-z0-9]{1,5}$/), { minLength: 0, maxLength: 4 });
    const accepted = fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), parts).map(([first, others]) => [first, ...others].join('-'));
    fc.assert(fc.property(accepted, (suffix) => environmentSuffixProblem(suffix) === undefined));
    const byHand = (text: string) => text !== '' && 'abcdefghijklmnopqrstuvwxyz'.includes(text[0]) && !text.endsWith('-') && !text.includes('--')
      && [...text].every((character) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(character));
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,8}$/), (suffix) => (environmentSuffixProblem(suffix) === undefined) === byHand(suffix)), RUNS);
  });
});

describe('an environment name', () => {
  test.each(['a', 'staging', 'eu2'])('may be %s', (name) => {
    expect(environmentNameProblem('name', name)).toBeUndefined();
  });

  test.each(['pre-prod', 'Prod', '2nd', 'a\n', ' a', 'aB'])('may not be %j', (name) => {
    expect(words(environmentNameProblem('name', name)))
      .toEqual([`'name' must be lower-case letters and digits, starting with a letter, got ${JSON.stringify(name)}; for example "staging" [BGP006]`]);
  });

  test('may not be a token, because stages and files are named after it', () => {
    expect(words(environmentNameProblem('name', token)))
      .toEqual(["'name' must be known at synthesis, got a token; write the name out, for example \"staging\" [BGP003]"]);
  });

  test('is exactly what the rule says', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,4}$/), (name) => (environmentNameProblem('name', name) === undefined)
      === ([...name].every((character) => 'abcdefghijklmnopqrstuvwxyz0123456789'.includes(character)) && !'0123456789'.includes(name[0]))), RUNS);
  });
});

describe('e-mail addresses', () => {
  const problems = (value: unknown) => all(emailsProblems('emails', value));
  const label = (length: number) => 'b'.repeat(length);

  test.each([
    'team@example.com', 'a@b.co', 'A.Team@Example.COM', 'first.last+tag@sub.example-site.org', "o'brien@example.com", 'x@xn--bcher-kva.example', 'x@example.xn--p1ai',
    '1@2.org', '0@1and1.de', "!#$%&'*+/=?^_`{|}~-@example.com", 'a_b@example.museum', 'a@a.b.c.d.e.info', 'x@b2.c3d', `${'a'.repeat(64)}@example.com`,
    `a@${label(63)}.com`, `a@example.${label(63)}`, `a@${[label(63), label(63), label(63), label(60)].join('.')}`,
  ])('may be %s', (address) => {
    expect(problems([address])).toEqual([]);
  });

  test.each([
    'team', 'team@', '@example.com', 'team@example', 'team@@example.com', 'te@am@example.com', 'te am@example.com', '.team@example.com', 'team.@example.com',
    'te..am@example.com', 'team@-example.com', 'team@example-.com', 'team@example..com', 'team@.example.com', 'team@example.com.', 'team@example.com ', ' team@example.com',
    'team@example.com\n', 'team@example.com,b@c.de', 'team@example.com;b@c.de', 'Team <team@example.com>', '<team@example.com>', 'mailto:x@example.com ', '"team"@example.com',
    'team@[192.0.2.1]', 'team@192.0.2.1', 'team@example.c', 'team@example.1com', 'team@example.com-', 'team@exam_ple.com', 'tëam@example.com', 'team@exämple.com',
    'te(x)am@example.com', 'te,am@example.com', 'te:am@example.com', 'te\\am@example.com', `a@${label(64)}.com`, `a@example.${label(64)}`,
  ])('may not be %j', (address) => {
    expect(problems([address])).toEqual([`'emails[0]' must be an e-mail address, got ${JSON.stringify(address)}; for example "team@example.com" [BGP010]`]);
  });

  test.each([
    `${'a'.repeat(65)}@example.com`,
    `a@${[label(63), label(63), label(63), label(61)].join('.')}`,
  ])('may not be longer than SMTP allows: %s', (address) => {
    expect(problems([address])).toEqual(["'emails[0]' must be an e-mail address of at most 254 characters with at most 64 before the @, got "
      + `${shown(address)}; for example "team@example.com" [BGP010]`]);
  });

  test('are texts', () => {
    expect(problems([7, null, '', ['team@example.com']])).toEqual([
      "'emails[0]' must be a text, got 7; for example \"team@example.com\" [BGP002]", "'emails[1]' is required; for example \"team@example.com\" [BGP001]",
      "'emails[2]' must be a non-empty text, got \"\"; for example \"team@example.com\" [BGP004]",
      "'emails[3]' must be a text, got [\"team@example.com\"]; for example \"team@example.com\" [BGP002]",
    ]);
  });

  test('stand in a list once, and holes in it are missing addresses', () => {
    expect(problems(['a@b.co', 'c@b.co', 'a@b.co'])).toEqual(["'emails[2]' must not repeat an address, got \"a@b.co\" twice; remove one [BGP011]"]);
    expect(problems(new Array(1))).toEqual(["'emails[0]' is required; for example \"team@example.com\" [BGP001]"]);
  });

  test.each<[unknown, string]>([
    [undefined, "'emails' is required; for example [\"team@example.com\"] [BGP001]"],
    [null, "'emails' is required; for example [\"team@example.com\"] [BGP001]"],
    [[], "'emails' must be a list of at least one e-mail address, got []; for example [\"team@example.com\"] [BGP009]"],
    ['team@example.com', "'emails' must be a list, got \"team@example.com\"; for example [\"team@example.com\"] [BGP002]"],
    [{}, "'emails' must be a list, got {}; for example [\"team@example.com\"] [BGP002]"],
    [listToken, "'emails' must be a list whose length is known at synthesis, got a token; write it out, for example [\"team@example.com\"] [BGP003]"],
  ])('must come as a list, not %j', (value, expected) => {
    expect(problems(value)).toEqual([expected]);
  });

  test('may be tokens', () => {
    expect(problems([token, `${token}@example.com`])).toEqual([]);
  });

  test('are exactly the dot-atoms of RFC 5322 at a host name', () => {
    const byHand = (address: string) => {
      const at = address.indexOf('@');
      const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
      const labels = domain.split('.');
      const letter = (character: string) => /[a-z]/i.test(character);
      return at > 0 && local.split('.').every((atom) => atom !== '' && [...atom].every((character) => letter(character) || "0123456789!#$%&'*+/=?^_`{|}~-".includes(character)))
        && labels.length > 1 && labels.every((one) => one !== '' && !one.startsWith('-') && !one.endsWith('-') && [...one].every((character) => letter(character) || '0123456789-'.includes(character)))
        && letter(labels[labels.length - 1][0]) && labels[labels.length - 1].length > 1;
    };
    fc.assert(fc.property(fc.stringMatching(/^[aZ1._@-]{1,4}@[aZ1._@-]{1,7}$/), (address) => (problems([address]).length === 0) === byHand(address)), { numRuns: 5000 });
  });

  test('never make the check itself fail', () => {
    fc.assert(fc.property(fc.anything(), (value) => Array.isArray(emailsProblems('emails', value))), RUNS);
  });
});

describe('a number', () => {
  const check = (value: unknown) => wholeNumberProblem('BGP017', 'count', value, 1, 10, 2);

  test.each([1, 10, numberToken, undefined])('from 1 to 10 may be %s', (value) => {
    expect(check(value)).toBeUndefined();
  });

  test.each([[0, '0'], [11, '11'], [1.5, '1.5'], [NaN, 'NaN'], [Infinity, 'Infinity'], [-1, '-1'], [-0, '-0']])('from 1 to 10 may not be %s', (value, got) => {
    expect(words(check(value))).toEqual([`'count' must be a whole number from 1 to 10, got ${got}; for example 2 [BGP017]`]);
  });

  test.each<[unknown, string]>([['7', '"7"'], [null, 'null'], [[7], '[7]'], [true, 'true'], [7n, '7n'], [newStack(), 'the Stack at "Storefront"']])('is a number, not %s', (value, got) => {
    expect(words(check(value))).toEqual([`'count' must be a number, got ${got}; for example 2 [BGP002]`]);
  });

  test('of a port is from 1 to 65535', () => {
    expect(words(portProblem('port', 1), portProblem('port', 65535), portProblem('port', 0), portProblem('port', 65536))).toEqual([
      undefined, undefined, ...[0, 65536].map((port) => `'port' must be a whole number from 1 to 65535, got ${port}; for example 8080 [BGP017]`),
    ]);
  });
});

describe('a path', () => {
  const check = (value: unknown) => pathProblem('path', value);

  test.each(['/', '/healthz', '/a?b=c&d=%20#~!', `/${'x'.repeat(1023)}`])('may be %s', (path) => {
    expect(check(path)).toBeUndefined();
  });

  test.each(['healthz', 'http://x/', '/a b', '/ä', '/a\n', ' /', `/${'x'.repeat(1024)}`])('may not be %j', (path) => {
    expect(words(check(path))).toEqual([`'path' must be a path of at most 1024 printable ASCII characters that starts with "/", got ${shown(path)}; for example "/healthz" [BGP018]`]);
  });
});

describe('a duration', () => {
  const check = (value: unknown) => durationProblem('BGP080', 'wait', value, Duration.minutes(5), Duration.hours(1));

  test.each([undefined, Duration.minutes(5), Duration.seconds(300), Duration.hours(1), Duration.minutes(numberToken)])('in its range may be %s', (value) => {
    expect(check(value)).toBeUndefined();
  });

  test.each([
    [Duration.seconds(299), '4 minutes 59 seconds'], [Duration.minutes(4), '4 minutes'], [Duration.seconds(3601), '1 hour 1 second'], [Duration.minutes(61), '1 hour 1 minute'],
    [Duration.seconds(330), '5 minutes 30 seconds'], [Duration.minutes(0), '0 minutes'], [Duration.minutes(NaN), 'a Duration of NaN'], [Duration.millis(300000.5), '5 minutes 0.5 millis'],
  ])('out of its range, or not whole, may not be %s', (value, got) => {
    expect(words(check(value))).toEqual([`'wait' must be whole minutes from 5 minutes to 1 hour, got ${got}; for example Duration.minutes(5) [BGP080]`]);
  });

  test.each<[unknown, string]>([
    [5, '5'], ['5m', '"5m"'], [null, 'null'], [{ minutes: 5 }, '{"minutes":5}'], [{ toMilliseconds: () => 300000 }, '{"toMilliseconds":"a function"}'],
  ])('is a Duration, not %j', (value, got) => {
    expect(words(check(value))).toEqual([`'wait' must be a Duration, got ${got}; for example Duration.minutes(5) [BGP002]`]);
  });

  test('that is a token must be in the unit of the service, because the CDK cannot convert it', () => {
    expect(words(check(Duration.hours(numberToken)))).toEqual([
      "'wait' must be in minutes when it is known at deployment only, got a token in hours; use Duration.minutes [BGP003]",
    ]);
  });

  test.each([
    ['seconds', Duration.millis(1500), '1 second 500 millis', Duration.seconds(2)],
    ['hours', Duration.minutes(90), '1 hour 30 minutes', Duration.minutes(120)],
    ['days', Duration.hours(36), '1 day 12 hours', Duration.hours(48)],
  ] as const)('of %s is whole', (unit, bad, got, good) => {
    const [min, max] = [Duration[unit](1), Duration[unit](7)];

    expect(words(durationProblem('BGP080', 'keep', bad, min, max, unit), durationProblem('BGP080', 'keep', good, min, max, unit))).toEqual([
      `'keep' must be whole ${unit} from ${min.toHumanString()} to ${max.toHumanString()}, got ${got}; for example Duration.${unit}(1) [BGP080]`, undefined,
    ]);
  });

  test('is exactly what the rule says', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4000 }), (seconds) => (check(Duration.seconds(seconds)) === undefined)
      === (seconds >= 300 && seconds <= 3600 && Math.floor(seconds / 60) * 60 === seconds)), RUNS);
  });
});

describe('a collection', () => {
  const each = (at: string, value: unknown) => textProblem(at, value, 'a');

  test('has each of its elements checked, under a path of its own', () => {
    expect(all(listProblems('names', ['a', 7], '["a"]', each))).toEqual(["'names[1]' must be a text, got 7; for example \"a\" [BGP002]"]);
    expect(all(mapProblems('names', { x: 'a', y: 7 }, '{}', (at, key, value) => [each(at, value), key === 'x' ? undefined : each(at, key)])))
      .toEqual(["'names.y' must be a text, got 7; for example \"a\" [BGP002]"]);
  });

  test('may be left out', () => {
    expect([listProblems('names', undefined, '["a"]', each), mapProblems('names', undefined, '{}', each)]).toEqual([[], []]);
  });

  test.each<[unknown, string]>([[null, 'null'], ['x', 'a text'], [7, 'a number'], [[], 'a list'], [Lazy.any({ produce: () => ({}) }), 'a token']])('of keys is an object, not %j', (value, got) => {
    expect(all(mapProblems('names', value, '{ a: 1 }', each))).toEqual([`'names' must be an object, got ${got}; for example { a: 1 } [BGP002]`]);
  });
});

test('a thing is known by a member that only its kind has', () => {
  const check = (value: unknown) => kindProblem('source', value, 'bind', 'a source', 'Source.of()');

  expect(words(check({ bind: 1 }), check(undefined))).toEqual([undefined, undefined]);
  expect(words(check(null), check('bind'), check({}))).toEqual(['null', '"bind"', '{}'].map((got) => `'source' must be a source, got ${got}; for example Source.of() [BGP002]`));
});

test('the processor is one that Fargate and CodeBuild both have', () => {
  const check = (value: unknown) => architectureProblem('cpu', value as ecs.CpuArchitecture);

  expect(words(check(undefined), check(ecs.CpuArchitecture.ARM64), check(ecs.CpuArchitecture.X86_64))).toEqual([undefined, undefined, undefined]);
  expect(words(check(ecs.CpuArchitecture.of('RISCV')), check('ARM64'))).toEqual([
    "'cpu' must be CpuArchitecture.X86_64 or CpuArchitecture.ARM64, got \"RISCV\"; for example CpuArchitecture.ARM64 [BGP012]",
    "'cpu' must be an ecs.CpuArchitecture, got \"ARM64\"; for example CpuArchitecture.ARM64 [BGP002]",
  ]);
  expect([isArm(ecs.CpuArchitecture.ARM64), isArm(ecs.CpuArchitecture.X86_64), isArm(undefined)]).toEqual([true, false, false]);
});

describe('a place', () => {
  const stack = newStack();
  const inner = new Construct(stack, 'Inner');
  const place = (scope: unknown, id: unknown) => words(placeProblem(scope as Construct, id as string))[0];

  test('is in a stack, under an id that is free', () => {
    expect([place(stack, 'It'), place(inner, 'It'), place(inner, 'a/b')]).toEqual([undefined, undefined, undefined]);
  });

  test.each<[unknown, string]>([
    [undefined, 'undefined'], [null, 'null'], ['Stack', '"Stack"'], [{ node: {} }, '{"node":{}}'], [new App(), 'the App at ""'], [new Construct(new App(), 'Alone'), 'the Construct at "Alone"'],
  ])('is not %j', (scope, got) => {
    expect(place(scope, 'It')).toBe(`'scope' must be a construct within a Stack, got ${got}; for example the Stack itself [BGP013]`);
  });

  test.each<[unknown, string]>([
    ['Inner', "'id' must differ from the ids beside it, got \"Inner\" twice; give the second construct an id of its own [BGP014]"],
    [undefined, "'id' is required; for example \"Pipeline\" [BGP001]"],
    ['', "'id' must be a non-empty text, got \"\"; for example \"Pipeline\" [BGP004]"],
    [7, "'id' must be a text, got 7; for example \"Pipeline\" [BGP002]"],
    [token, "'id' must be known at synthesis, got a token; write the id out, for example \"Pipeline\" [BGP003]"],
  ])('has no room for %j', (id, expected) => {
    expect(place(stack, id)).toBe(expected);
  });

  test('of a stage is a pipeline in the same stack, and its name is free there', () => {
    const pipeline = new codepipeline.Pipeline(stack, 'Pipeline');
    pipeline.addStage({ stageName: 'DeployLive' });
    const elsewhere = new codepipeline.Pipeline(new Stack(stack, 'Other'), 'Pipeline');
    const stage = (given: unknown, child = 'Role') => words(stageProblem(inner, child, given as codepipeline.Pipeline))[0];
    new Construct(inner, 'Made');

    expect([stage(pipeline), words(takenStageProblem(pipeline, 'DeployTest'))[0]]).toEqual([undefined, undefined]);
    expect([stage(pipeline, 'Made'), stage(undefined), stage({ addStage: 1 }), stage(inner), stage(elsewhere), words(takenStageProblem(pipeline, 'DeployLive'))[0]]).toEqual([
      "'addToPipeline' must be called only once; make another construct for another stage [BGP015]",
      "'pipeline' is required; for example new codepipeline.Pipeline(…) [BGP001]",
      "'pipeline' must be a codepipeline.Pipeline, got {\"addStage\":1}; for example new codepipeline.Pipeline(…) [BGP002]",
      "'pipeline' must be a codepipeline.Pipeline, got the Construct at \"Storefront/Inner\"; for example new codepipeline.Pipeline(…) [BGP002]",
      "'pipeline' must be in the same stack, got one in \"Storefront/Other\" for a construct in \"Storefront\"; move one of them [BGP016]",
      "'pipeline' must have no stage \"DeployLive\" yet, got one that has; give each stage a name of its own [BGP019]",
    ]);
  });
});

describe('a resource', () => {
  const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
  const bucket = s3.Bucket.fromBucketName(stack, 'Here', 'acme-here');
  const inRegion = (region: string) => s3.Bucket.fromBucketAttributes(stack, region, { bucketName: 'acme-there', region });

  test('is a construct with the members of its kind', () => {
    const check = (value: unknown) => resourceProblem('bucket', value, 'bucketName', 'an s3.IBucket', 'new s3.Bucket(…)');

    expect(words(check(bucket), check(undefined))).toEqual([undefined, undefined]);
    expect(words(check({ bucketName: 'acme' }), check(stack))).toEqual(['{"bucketName":"acme"}', 'the Stack at "Storefront"']
      .map((got) => `'bucket' must be an s3.IBucket, got ${got}; for example new s3.Bucket(…) [BGP002]`));
  });

  test('is where the stack is, as far as both are known', () => {
    const check = (value: s3.IBucket | undefined, scope: unknown, parts?: ('account' | 'region')[]) =>
      words(homeProblem('BGP083', 'bucket', value, scope as Construct, parts))[0];
    const there = inRegion('eu-west-1');

    expect([check(bucket, stack), check(undefined, stack), check(there, undefined), check(there, newStack({ env: {} })), check(there, stack, ['account'])])
      .toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(check(there, stack)).toBe("'bucket' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP083]");
  });
});

describe('whatever is handed in', () => {
  const checks: ((value: unknown) => unknown)[] = [
    (value) => environmentSuffixProblem(value), (value) => environmentNameProblem('name', value), (value) => portProblem('port', value), (value) => pathProblem('path', value),
    (value) => booleanProblem('on', value), (value) => durationProblem('BGP080', 'wait', value, Duration.minutes(5), Duration.hours(1)),
    (value) => architectureProblem('cpu', value as ecs.CpuArchitecture), (value) => placeProblem(value as Construct, 'It'), (value) => placeProblem(newStack(), value as string),
    (value) => resourceProblem('bucket', value, 'bucketName', 'a bucket', 'x'), (value) => tokenProblem('name', value, 'known', 'x'),
    (value) => listProblems('names', value, 'x', (at, one) => textProblem(at, one, 'a')), (value) => mapProblems('names', value, 'x', (at, _, one) => textProblem(at, one, 'a')),
  ];

  test('no check fails itself', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (value) => {
      checks.forEach((check) => check(value));
    }));
  });
});
