import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { smallestProps } from '../../scripts/programs';
import * as library from '../../src';
import { expectGuarantees } from '../helpers/guarantees';
import { acceptedProps, RandomProps } from '../helpers/random-props';
import { refusal } from '../helpers/refusals';
import { newStack, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

type BlueGreenFargatePipelineProps = library.BlueGreenFargatePipelineProps;
const { BlueGreenFargatePipeline, PipelineEnvironment } = library;

/**
 * Whole pipelines of random props. The gate takes the same ones each time, and few, because each takes a synthesis;
 * `PROPERTY_RUNS=500 npx jest test/contract/properties` takes as many others.
 */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 12);
const REPEATED = process.env.PROPERTY_RUNS === undefined ? { seed: 6 } : {};
jest.setTimeout(60_000 + RUNS * 5000);

function synthesised({ make }: RandomProps): SynthesisedTemplate {
  const stack = newStack();
  new BlueGreenFargatePipeline(stack, 'P', make(new Construct(stack, 'Given')));
  return templateOf(stack);
}

/** Fails for a broken guarantee; the resources that were passed to the pipeline have IDs that start with their scope. */
function check(template: SynthesisedTemplate, { suffix, environmentNames }: RandomProps): void {
  expectGuarantees(template, suffix, environmentNames, Object.keys(template.Resources).filter((id) => id.startsWith('Given')));
}

test('accepted props synthesise, keep every guarantee, and give the same template every time', () => {
  fc.assert(fc.property(acceptedProps, (props) => {
    const template = synthesised(props);

    check(template, props);
    expect(JSON.stringify(synthesised(props))).toBe(JSON.stringify(template));
  }), { numRuns: RUNS, ...REPEATED });
});

/** A value that a prop of the pipeline, or of its first environment, rejects together with any valid values. */
interface Breaker {
  readonly prop: string;
  readonly value: (scope: Construct) => unknown;
}

interface Row {
  readonly subject: string;
  readonly prop: string;
  readonly bad: unknown[];
}

interface Values {
  readonly TABLE: Row[];
  readonly valueOf: (entry: unknown, scope: Construct, ours: object, theirs: object) => unknown;
}

const { TABLE, valueOf } = jest.requireActual<Values>('../consumers/values.cjs');

/** The options of an environment that the table has for a deployment, and whose bad values are bad beside any others. */
const OPTIONS = [
  'taskCount', 'containerEnvironment', 'certificate', 'trafficShift', 'tasks.command', 'loadBalancer.testListenerCidrs',
  'loadBalancer.internetFacing', 'rollback.errorRate', 'rollback.minimumRequests', 'rollback.terminationWaitTime', 'hooks.smokeTest',
];
const OTHER_OPTIONS = [
  'cpu', 'memoryLimitMiB', 'maxTaskCount', 'containerSecrets', 'tasks', 'tasks.policies', 'loadBalancer', 'loadBalancer.accessLogsBucket',
  'rollback', 'hooks', 'approval',
];
const WRONG_TYPES = [null, '', 7n, Symbol('x'), () => 7, new Date(0)];

const BREAKERS: Breaker[] = [
  ...TABLE.flatMap(({ subject, prop, bad }) => {
    const isOption = subject === 'EcsBlueGreenDeployment' && OPTIONS.includes(prop);
    const isProp = subject === 'BlueGreenFargatePipeline' && prop !== 'environments';
    // Thirteen characters of a suffix are too many only with a long environment name.
    const always = isOption || isProp ? bad.filter((entry) => entry !== 'abcdefghijklm') : [];
    const path = isOption ? `environments[0].${prop}` : prop;
    return always.map((entry): Breaker => ({ prop: path, value: (scope) => valueOf(entry, new Construct(scope, path), library, cdk) }));
  }),
  ...OTHER_OPTIONS.flatMap((prop) => WRONG_TYPES.map((value): Breaker => ({ prop: `environments[0].${prop}`, value: () => value }))),
];
const PROPS = [...new Set(BREAKERS.map(({ prop }) => prop))];
const breakers = fc.uniqueArray(
  fc.constantFrom(...PROPS).chain((prop) => fc.constantFrom(...BREAKERS.filter((breaker) => breaker.prop === prop))),
  { minLength: 1, maxLength: 4, selector: ({ prop }) => prop });

/** A copy of an object with a value at a path. */
function withValue(object: object | undefined, [key, ...path]: string[], value: unknown): object {
  const inner = (object as { [key: string]: object | undefined } | undefined)?.[key];
  return { ...object, [key]: path.length === 0 ? value : withValue(inner, path, value) };
}

/** Good props with other values of the pipeline or of its first environment, which names them beside `environments[0].`. */
function replaceValues(good: BlueGreenFargatePipelineProps, values: [prop: string, value: unknown][]): BlueGreenFargatePipelineProps {
  const [{ name, options }, ...others] = good.environments ?? [PipelineEnvironment.staging(), PipelineEnvironment.production()];
  // The shorter path first, so that it does not overwrite the longer one.
  const sorted = [...values].sort(([one], [other]) => one.length - other.length).map(([prop, value]): [string[], unknown] => [prop.split('.'), value]);
  const changed = sorted.filter(([[first]]) => first === 'environments[0]').reduce<object>((all, [[, ...path], value]) => withValue(all, path, value), options);
  const own = sorted.filter(([[first]]) => first !== 'environments[0]').reduce<object>((all, [path, value]) => withValue(all, path, value), good);
  return {
    ...own as BlueGreenFargatePipelineProps,
    ...changed !== options && { environments: [new PipelineEnvironment(name, changed), ...others] },
  };
}

test('rejected props are listed in one error that names each, and the stack is unchanged', () => {
  fc.assert(fc.property(acceptedProps, breakers, (props, broken) => {
    const stack = newStack();
    const given = new Construct(stack, 'Given');
    const good = props.make(given);
    const bad = replaceValues(good, broken.map(({ prop, value }) => [prop, value(given)]));
    const constructs = stack.node.findAll().length;

    const message = refusal(() => new BlueGreenFargatePipeline(stack, 'P', bad));

    expect(broken.filter(({ prop }) => !message?.includes(`'${prop}`)).map(({ prop }) => `${prop} is not in ${message}`)).toEqual([]);
    expect(stack.node.findAll()).toHaveLength(constructs);
  }), { numRuns: RUNS * 50, ...REPEATED });
});

test('a rejected pipeline can be corrected under the same id', () => {
  fc.assert(fc.property(acceptedProps, breakers, (props, broken) => {
    const stack = newStack();
    const given = new Construct(stack, 'Given');
    const good = props.make(given);
    const bad = replaceValues(good, broken.map(({ prop, value }) => [prop, value(given)]));
    refusal(() => new BlueGreenFargatePipeline(stack, 'P', bad));

    new BlueGreenFargatePipeline(stack, 'P', good);

    check(templateOf(stack), props);
  }), { numRuns: Math.ceil(RUNS / 2), ...REPEATED });
});

test('no value for the props, or for one prop, causes any error other than a validation error', () => {
  const anything = fc.anything({
    withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true, withTypedArray: true,
  });
  const props = fc.oneof(
    anything.map((value) => () => value),
    fc.tuple(fc.constantFrom(...PROPS), anything).map((value) => () => replaceValues(smallestProps(), [value])),
  );

  fc.assert(fc.property(props, (given) => {
    refusal(() => new BlueGreenFargatePipeline(newStack(), 'P', given() as BlueGreenFargatePipelineProps));
  }), { numRuns: RUNS * 50, ...REPEATED });
});
