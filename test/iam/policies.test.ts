import { UNSCOPABLE_ACTIONS } from '../../scripts/iam/unscopable-actions';
import { allPrograms, Program } from '../helpers/programs';
import { all, identityStatements, listOf, rendered, Statement } from '../helpers/templates';

/** The function that empties buckets is CDK's, with a role of CDK's. */
const PROVIDER = /^CustomS3AutoDeleteObjects/;

/** The allowed statements of the library's roles; a user's are in `given`. */
function allowed({ template, given }: Program): Statement[] {
  return identityStatements(template).filter(([id, { Effect }]) => Effect === 'Allow' && !PROVIDER.test(id) && !given.includes(id)).map(([, statement]) => statement);
}

function onEverything(program: Program): Statement[] {
  return allowed(program).filter(({ Resource }) => listOf(Resource).includes('*'));
}

/** The wildcards that stand for the parts of one resource, whose names AWS chooses. */
const PARTS: { readonly [what: string]: RegExp } = {
  'the objects of a bucket': /^\$\{\w+\.Arn\}\/\*$/,
  'the part of a cache bucket that belongs to a project': /^\$\{\w+\.Arn\}\/[a-z0-9]+\/\*$/,
  'the task sets of a service': /:task-set\/\$\{\w+\}\/\$\{\w+\.Name\}\/\*$/,
  'the rules of a listener': /:listener-rule\/\$\{\w+\[1\]\}\/\*$/,
  'the revisions of a task definition': /:task-definition\/task-[a-z0-9]+-[a-z0-9-]+:\*$/,
  'the network interfaces that Lambda makes': /:ec2:us-east-1:\$\{AWS::AccountId\}:network-interface\/\*$/,
  'a subnet, whoever shares it': /:ec2:us-east-1:\*:subnet\/(\$\{\w+\}|subnet-\w+)$/,
};

describe.each(allPrograms())('$name', (program) => {
  const { template, name } = program;

  test('only actions that AWS narrows to no resource are allowed on every resource', () => {
    expect(onEverything(program).flatMap(({ Action }) => listOf(Action)).filter((action) => !(action in UNSCOPABLE_ACTIONS))).toEqual([]);
  });

  test('such an action stands beside no other in its statement, and no resource beside the wildcard', () => {
    for (const { Action, Resource } of onEverything(program)) {
      expect(new Set(listOf(Action).map((action) => action.split(':')[0])).size).toBe(1);
      expect(Resource).toBe('*');
    }
  });

  test('every other wildcard in a resource stands for the parts of one resource', () => {
    const resources = allowed(program).flatMap(({ Resource }) => listOf(Resource)).map(rendered).filter((resource) => /[*?]/.test(resource) && resource !== '*');

    expect(resources.filter((resource) => !Object.values(PARTS).some((part) => part.test(resource)))).toEqual([]);
  });

  test('no statement has a wildcard in an action, or names what it does not mean', () => {
    for (const [id, statement] of identityStatements(template).filter(([holder]) => !PROVIDER.test(holder))) {
      expect([id, listOf(statement.Action).filter((action) => /[*?]/.test(action))]).toEqual([id, []]);
      expect(Object.keys(statement).filter((key) => /^Not/.test(key))).toEqual([]);
    }
  });

  test('no role has a managed policy, and none is made', () => {
    const roles = all(template, 'AWS::IAM::Role');

    expect(roles.filter(([id, { ManagedPolicyArns }]) => ManagedPolicyArns !== undefined && !PROVIDER.test(id))).toEqual([]);
    expect(Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')).toEqual([]);
    // What the filter leaves out is there, and has the one policy that CDK gives it.
    expect(roles.filter(([id]) => PROVIDER.test(id)).map(([, { ManagedPolicyArns }]) => ManagedPolicyArns.length)).toEqual([1]);
  });

  if (name.startsWith('the smallest program')) {
    test('the smallest program has eight statements on every resource', () => {
      expect(onEverything(program).map(({ Action }) => listOf(Action)[0]).sort()).toEqual([
        ...Array<string>(4).fill('ecr:GetAuthorizationToken'),
        ...Array<string>(2).fill('ecs:RegisterTaskDefinition'),
        ...Array<string>(2).fill('elasticloadbalancing:DescribeListeners'),
      ]);
    });
  }
});

test('every action of the list is used, and has a reason and a page of AWS', () => {
  const used = new Set(allPrograms().flatMap(onEverything).flatMap(({ Action }) => listOf(Action)));

  expect(Object.keys(UNSCOPABLE_ACTIONS).filter((action) => !used.has(action))).toEqual([]);
  for (const { why, source } of Object.values(UNSCOPABLE_ACTIONS)) {
    expect(why).toMatch(/^[A-Z].{30,}\.$/);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/service-authorization\/latest\/reference\/list_[a-z0-9]+\.html$/);
  }
});

test('every kind of part is used', () => {
  const resources = allPrograms().flatMap(allowed).flatMap(({ Resource }) => listOf(Resource)).map(rendered);

  expect(Object.entries(PARTS).filter(([, part]) => !resources.some((resource) => part.test(resource))).map(([what]) => what)).toEqual([]);
});
