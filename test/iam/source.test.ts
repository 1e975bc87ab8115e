import { DeployedProgram } from './account';
import { beside, isFaulty } from './checks';
import { expectationOf } from './expectations';
import { ScopedRole } from '../../src/private/scoped-role';
import { smallest } from '../helpers/programs';

type Allow = Parameters<ScopedRole['allow']>;

const allow = ScopedRole.prototype.allow;
const { bystanders, checks } = expectationOf(smallest());

afterEach(() => jest.restoreAllMocks());

/** The smallest program, made while something else happens at each call that allows something. */
function madeWith(instead: (call: number, args: Allow) => Allow | undefined): { calls: Allow[]; faulty: () => boolean } {
  const calls: Allow[] = [];
  jest.spyOn(ScopedRole.prototype, 'allow').mockImplementation(function (this: ScopedRole, ...args) {
    const changed = instead(calls.length, args);
    calls.push(args);
    if (changed) {
      allow.apply(this, changed);
    }
  });
  const { policies } = new DeployedProgram(smallest());
  return { calls, faulty: () => isFaulty(beside(policies, bystanders), checks) };
}

const { calls } = madeWith((_, args) => args);
const numbers = calls.map((__, call) => call);

test('what the sources allow is what is expected', () => {
  expect(calls).toHaveLength(61);
  expect(madeWith((_, args) => args).faulty()).toBe(false);
});

test('no line that allows something can be left out', () => {
  expect(numbers.filter((number) => !madeWith((call, args) => (call === number ? undefined : args)).faulty())).toEqual([]);
});

test('no line with a condition can do without it', () => {
  const conditional = numbers.filter((number) => calls[number][2] !== undefined);

  expect(conditional).toHaveLength(6);
  expect(conditional.filter((number) => !madeWith((call, [actions, resources, conditions]) =>
    [actions, resources, call === number ? undefined : conditions]).faulty())).toEqual([]);
});

test('without the closing of roles CDK attaches policies that nobody wrote by hand', () => {
  jest.spyOn(ScopedRole.prototype, 'ignoringGrants').mockImplementation((make) => make());

  expect(() => madeWith((_, args) => args)).toThrow('the managed policy arn:aws:iam::aws:policy/AWSCodeDeployRoleForECS is not known');
});
