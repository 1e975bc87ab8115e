import { aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { smallestProps } from '../../scripts/programs';
import * as library from '../../src';
import { importedPipeline } from '../helpers/inputs';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

/*
 * Values that callers from plain JavaScript pass as scope, id and props. Values of each prop are in
 * test/consumers/values.json.
 */

type Props = object;
type Constructor = new (scope: unknown, id: unknown, props: unknown) => Construct;

interface Row {
  readonly subject: string;
  readonly prop: string;
}

const { TABLE } = jest.requireActual<{ TABLE: Row[] }>('../consumers/values.cjs');

/** The required props of each construct beside the suffix. */
const REQUIRED: { readonly [name: string]: (stack: Stack) => Props } = {
  ApprovalGate: () => ({ environmentName: 'production', approverEmails: ['leads@example.com'] }),
  BlueGreenFargatePipeline: () => smallestProps(),
  CachedBuildProject: () => ({ steps: library.BuildSteps.commands(['npm test']) }),
  EcsBlueGreenDeployment: (stack) => ({
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), environmentName: 'production',
  }),
  PipelineAlarms: (stack) => ({ pipeline: importedPipeline(stack), notificationEmails: ['oncall@example.com'] }),
  PipelineDashboard: (stack) => ({ pipeline: importedPipeline(stack) }),
  RegistryCredentials: () => ({}),
  SecureArtifactBucket: () => ({}),
};

describe.each(Object.entries(REQUIRED))('%s', (name, required) => {
  const stack = newStack();
  const good = { environmentSuffix: 'dev', ...required(stack) };
  const refused = (scope: unknown, id: unknown, props: unknown) =>
    problemsOf(() => new (library[name as keyof typeof library] as unknown as Constructor)(scope, id, props));
  const codes = (scope: unknown, id: unknown, props: unknown = good) =>
    refused(scope, id, props).map((problem) => problem.slice(-7, -1));

  test.each([undefined, null, {}])('the constructor rejects %p as props with the required props', (props) => {
    const found = refused(stack, 'It', props).map((problem) => /^'(\w+)' is required;/.exec(problem)?.[1]);

    expect(found.sort()).toEqual(Object.keys(good).sort());
  });

  test.each(['dev', [['dev']], 7, () => 1])('the constructor rejects %p as props', (props) => {
    expect(refused(stack, 'It', props))
      .toEqual([expect.stringMatching(/^'props' must be an object, got .*\[BGP002\]$/)]);
  });

  test('the constructor rejects an invalid scope and id together with all other violations', () => {
    new Construct(stack, 'Taken');

    expect([undefined, null, 'x', {}, [], stack.node.root].map((scope) => codes(scope, 'It')))
      .toEqual(Array(6).fill(['BGP013']));
    expect([undefined, null, '', ' ', 7, {}, Symbol('x'), 'Taken'].map((id) => codes(stack, id)))
      .toEqual([['BGP001'], ['BGP001'], ['BGP004'], ['BGP004'], ['BGP002'], ['BGP002'], ['BGP002'], ['BGP014']]);
    expect(codes(undefined, 'It', { ...good, environmentSuffix: 'Dev' })).toEqual(['BGP013', 'BGP005']);
  });

  test('the constructor either accepts any value, or rejects it with a message that starts with the prop', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    const rows = TABLE.filter(({ subject }) => subject === name);
    const props = fc.constantFrom(...rows.map(({ prop }) => prop.split('.')[0]));
    const sane = (given: unknown, prop = '') => {
      const child = new Stack(undefined, 'Child', { env: { region: 'us-east-1' } });
      const problems = refused(child, 'It', given);
      return problems.every((problem) => /^'.+' (key ".*" must|must|is required|is not a valid key).*; .+ \[BGP\d{3}\]$/.test(problem))
        && problems.every((problem) => problem.startsWith(`'${prop}`))
        && (child.node.tryFindChild('It') === undefined) === (problems.length > 0);
    };

    fc.assert(fc.property(anything, (given) => sane(given)), { numRuns: 200 });
    fc.assert(fc.property(props, anything, (prop, value) => sane({ ...good, [prop]: value }, prop)), { numRuns: 300 });
  });
});
