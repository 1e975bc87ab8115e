import { UNSCOPABLE_ACTIONS } from '../../../scripts/iam/unscopable-actions';
import { allPrograms } from '../../helpers/programs';
import { identityStatements, listOf } from '../../helpers/templates';

/** The statements of the library's roles: not those of CDK's function that empties buckets, and not those of the user below `given`. */
const statements = allPrograms().flatMap(({ template, given }) =>
  identityStatements(template).filter(([id]) => !/^CustomS3AutoDeleteObjects/.test(id) && !given.includes(id)).map(([, statement]) => statement));

test('the list of actions that are allowed on every resource is complete, with a reason and an AWS page for each', () => {
  const everywhere = statements.filter(({ Effect, Resource }) => Effect === 'Allow' && listOf(Resource).includes('*'));

  expect([...new Set(everywhere.flatMap(({ Action }) => listOf(Action)))].sort()).toEqual(Object.keys(UNSCOPABLE_ACTIONS).sort());
  for (const { why, source } of Object.values(UNSCOPABLE_ACTIONS)) {
    expect(why).toMatch(/^[A-Z].{30,}\.$/);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/service-authorization\/latest\/reference\/list_[a-z0-9]+\.html$/);
  }
});

test('no statement has a wildcard in an action, or uses NotAction, NotResource or NotPrincipal', () => {
  for (const statement of statements) {
    expect(listOf(statement.Action).filter((action) => /[*?]/.test(action))).toEqual([]);
    expect(Object.keys(statement).filter((key) => key.startsWith('Not'))).toEqual([]);
  }
});
