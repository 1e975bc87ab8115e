import { tableOf } from './table';
import { Decision, evaluate, Policies, Request, Statement } from '../../src/cli/iam/evaluate';

interface Row {
  readonly page?: string;
  readonly what: string;
  /** The statements of the role, each in a separate policy. */
  readonly role?: Statement[];
  /** The statements of resources, by the resource. */
  readonly resources?: { readonly [resource: string]: Statement }[];
  readonly request: Request;
  readonly decision: Decision;
  readonly error: string;
}

const { 'not known': NOT_KNOWN, ...DECIDED } = tableOf<{ readonly [title: string]: Row[] }>('evaluate');

/** An account with one role. */
function accountOf({ role = [], resources = [] }: Row): Policies {
  const policies = role.map((statement) => ({ Version: '2012-10-17', Statement: statement }));
  return {
    account: '111111111111',
    roles: [{ name: 'Own', arn: 'arn:aws:iam::111111111111:role/Own', policies }],
    resourcePolicies: resources.flatMap((one) => Object.entries(one))
      .map(([resource, statement]) => ({ resource, document: { Statement: [statement] } })),
  };
}

describe.each(Object.entries(DECIDED))('%s', (_, rows) => {
  test.each(rows)('$page: $what', (row) => {
    expect(evaluate(row.request, accountOf(row))).toBe(row.decision);
  });
});

test.each(NOT_KNOWN)('$what throws', (row) => {
  expect(() => evaluate(row.request, accountOf(row))).toThrow(row.error);
});
