import { Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import {
  durationProblem, emailsProblems, environmentNameProblem, environmentSuffixProblem, shown, wholeNumberProblem,
} from '../../src/private/checks';

const token = Lazy.string({ produce: () => 'later' });

describe('an environment suffix', () => {
  test.each(['a', 'dev', 'dev2', 'feature-123', 'a-b-c'])('may be %s', (suffix) => {
    expect(environmentSuffixProblem(suffix)).toBeUndefined();
  });

  test.each(['', ' ', 'Dev', '1dev', '-dev', 'dev-', 'a--b', 'a_b', 'a.b', 'dév', 'dev\n', ' dev', null, 7, ['dev'], {}])('may not be %j', (suffix) => {
    expect(environmentSuffixProblem(suffix)).toMatch(/^'environmentSuffix' (is required|must be)/);
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
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9_-]{1,8}$/), (suffix) => (environmentSuffixProblem(suffix) === undefined) === byHand(suffix)),
      { numRuns: 2000 });
  });
});

describe('an environment name', () => {
  test.each(['a', 'staging', 'eu2'])('may be %s', (name) => {
    expect(environmentNameProblem('name', name)).toBeUndefined();
  });

  test.each(['', 'pre-prod', 'Prod', '2nd', undefined])('may not be %j', (name) => {
    expect(environmentNameProblem('name', name)).toMatch(/^'name' (is required|must be)/);
  });

  test('may not be a token, because stages and files are named after it', () => {
    expect(environmentNameProblem('name', token)).toBe("'name' must be known at synthesis, got a token; write the name out, for example \"staging\"");
  });
});

describe('e-mail addresses', () => {
  const problems = (value: unknown) => emailsProblems('emails', value).filter((problem) => problem !== undefined);

  test.each([
    'team@example.com', 'a@b.co', 'first.last+tag@sub.example-site.org', "o'brien@example.com", 'x@xn--bcher-kva.example', `${'a'.repeat(64)}@example.com`,
  ])('may be %s', (address) => {
    expect(problems([address])).toEqual([]);
  });

  test.each([
    '', 'team', 'team@', '@example.com', 'team@example', 'team@@example.com', 'te am@example.com', '.team@example.com', 'team.@example.com',
    'te..am@example.com', 'team@-example.com', 'team@example-.com', 'team@example..com', 'team@example.com.', 'team@example.com ', 'team@example.com,b@c.de',
    'Team <team@example.com>', 'tëam@example.com', `${'a'.repeat(65)}@example.com`, `a@${'b.'.repeat(130)}com`, 7, null,
  ])('may not be %j', (address) => {
    expect(problems([address])).toHaveLength(1);
  });

  test('may be tokens, but their list may not', () => {
    expect(problems([token])).toEqual([]);
    expect(problems(Lazy.list({ produce: () => ['team@example.com'] }))).toEqual([
      "'emails' must be a list whose length is known at synthesis, got a token; write the addresses out, for example [\"team@example.com\"]",
    ]);
  });

  test('never make the check itself fail', () => {
    fc.assert(fc.property(fc.anything(), (value) => Array.isArray(emailsProblems('emails', value))));
  });
});

describe('bounds', () => {
  test.each([[1, true], [10, true], [0, false], [11, false], [1.5, false], [NaN, false], [Infinity, false]])('%d from 1 to 10', (value, fine) => {
    expect(wholeNumberProblem('count', value, 1, 10) === undefined).toBe(fine);
  });

  test('are not asked of a number that is not there or not known', () => {
    expect(wholeNumberProblem('count', undefined, 1, 10)).toBeUndefined();
    expect(wholeNumberProblem('count', Lazy.number({ produce: () => 99 }), 1, 10)).toBeUndefined();
  });

  test.each([
    [Duration.minutes(5), undefined],
    [Duration.hours(1), undefined],
    [Duration.seconds(299), "'wait' must be from 5 minutes to 1 hour, got 4 minutes 59 seconds"],
    [Duration.seconds(3601), "'wait' must be from 5 minutes to 1 hour, got 1 hour 1 second"],
    [Duration.seconds(330), "'wait' must be whole minutes, got 5 minutes 30 seconds"],
  ])('of a duration: %s', (value, problem) => {
    expect(durationProblem('wait', value, Duration.minutes(5), Duration.hours(1))).toBe(problem);
  });

  test('of days are whole days', () => {
    expect(durationProblem('keep', Duration.hours(36), Duration.days(1), Duration.days(7), 'days')).toBe("'keep' must be whole days, got 1 day 12 hours");
    expect(durationProblem('keep', Duration.hours(48), Duration.days(1), Duration.days(7), 'days')).toBeUndefined();
  });
});

test('a value is shown as JSON, and what has no JSON as a word', () => {
  expect([shown('a"b'), shown(undefined), shown([1]), shown(Duration.minutes(90))]).toEqual(['"a\\"b"', 'undefined', '[1]', '1 hour 30 minutes']);
});
