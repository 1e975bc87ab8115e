import { beside, Check, isFaulty } from './checks';
import { Expectation, expectationOf } from './expectations';
import { Mutant, mutantsOf } from './mutants';
import { full, rooms, smallest } from '../helpers/programs';

/** Flaws that change no decision, and why. */
const EQUIVALENT: readonly [flaw: RegExp, reason: string][] = [
  [
    /^role-pipeline-\w+-us-east-1: gone, in \{"Action":"sts:AssumeRole"/,
    'Within an account it is enough that the trust policy of the other role names this one: '
    + 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html',
  ],
  [
    /: Bool changed to BoolIfExists, in \{[^}]*"Condition":\{"Bool":\{"aws:SecureTransport":"false"\}\},"Effect":"Deny"/,
    'The key is in every request: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport',
  ],
];

describe.each([
  { make: smallest, noticed: 1237, equivalent: 13 },
  { make: full, noticed: 2071, equivalent: 16 },
  { make: rooms, noticed: 522, equivalent: 5 },
])('each flaw of each statement of $make.name', ({ make, noticed, equivalent }) => {
  const expectation = expectationOf(make());
  const mutants = mutantsOf(expectation.program.policies);
  const survivors = survivorsOf(mutants, expectation);

  test('changes a decision, unless it is known to change none', () => {
    expect(survivors.filter((flaw) => !EQUIVALENT.some(([known]) => known.test(flaw)))).toEqual([]);
  });

  // The number of flaws is pinned, so that none drops out of the count in silence.
  test(`is noticed ${noticed} times of ${noticed + equivalent}, and the rest changes nothing`, () => {
    expect({ noticed: mutants.length - survivors.length, equivalent: survivors.length }).toEqual({ noticed, equivalent });
  });
});

function survivorsOf(mutants: readonly Mutant[], { bystanders, checks }: Expectation): string[] {
  const touched = new Map<string, Check[]>();
  return mutants.filter(({ policies, owner, touches }) => {
    const matter = touched.get(owner) ?? checks.filter(({ request }) => touches(request));
    touched.set(owner, matter);
    return !isFaulty(beside(policies, bystanders), matter);
  }).map(({ flaw }) => flaw);
}
