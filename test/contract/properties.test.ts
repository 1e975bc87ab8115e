import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { BlueGreenFargatePipeline, BlueGreenFargatePipelineProps } from '../../src';
import { namesOf, usedTwice } from '../helpers/names';
import { brokenPromises } from '../helpers/promises';
import { acceptedProps, RandomProps, suffixes } from '../helpers/random-props';
import { newStack, pipelineIn, smallestProps, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

/**
 * Whole pipelines of random props. The gate takes the same ones each time, and few, because each takes a synthesis;
 * `PROPERTY_RUNS=500 npx jest test/contract/properties` takes as many others.
 */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 12);
const REPEATED = process.env.PROPERTY_RUNS === undefined ? { seed: 6 } : {};
jest.setTimeout(60_000 + RUNS * 5000);

function synthesised(props: RandomProps): SynthesisedTemplate {
  const stack = newStack();
  new BlueGreenFargatePipeline(stack, 'P', props.make(new Construct(stack, 'Given')));
  return templateOf(stack);
}

/** What a pipeline breaks; what it was given has ids that begin with the construct around it. */
function promisesBrokenIn(template: SynthesisedTemplate, { suffix, environmentNames }: RandomProps): string[] {
  return brokenPromises(template, suffix, environmentNames, Object.keys(template.Resources).filter((id) => id.startsWith('Given')));
}

test('whatever is accepted synthesises, keeps every promise, and gives the same template again', () => {
  fc.assert(fc.property(acceptedProps, (props) => {
    const template = synthesised(props);

    expect(promisesBrokenIn(template, props)).toEqual([]);
    expect(JSON.stringify(synthesised(props))).toBe(JSON.stringify(template));
  }), { numRuns: RUNS, ...REPEATED });
});

/** A value that a prop of the pipeline, or of its first environment, must not have. */
interface Breaker {
  readonly prop: string;
  readonly value: unknown;
}

const ofNoUse: fc.Arbitrary<unknown>[] = [fc.constant(null), fc.boolean(), fc.bigInt(), fc.constant(() => 'a function'), fc.constant(Symbol('a symbol'))];
const texts = fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9 ./:-]{1,9}$/));
const numbers = fc.oneof(fc.double(), fc.integer());
const objects = fc.oneof(fc.constant({}), fc.dictionary(fc.string(), fc.anything()), fc.array(fc.anything()));
const outside = (min: number, max: number): fc.Arbitrary<unknown> => fc.oneof(...ofNoUse, texts, objects, fc.constantFrom(min - 1, max + 1, NaN),
  numbers.filter((value) => !Number.isInteger(value) || value < min || value > max));
const noText: fc.Arbitrary<unknown>[] = [...ofNoUse, numbers, objects, fc.constantFrom('', ' ', '\n')];
const noConstruct = fc.oneof(...ofNoUse, numbers, texts, objects);
const noAddress = fc.oneof(...noText, texts.filter((text) => !text.includes('@')), fc.constantFrom('a@b', '@b.co', 'a b@c.co', 'a@b.co\n'));
const noAddresses = fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom([], {}, Lazy.list({ produce: () => [] })),
  noAddress.map((one) => ['team@example.com', one]));

/** What no prop takes, by prop; those of an environment are of the first one. */
const BREAKERS: { readonly [prop: string]: fc.Arbitrary<unknown> } = {
  'environmentSuffix': fc.oneof(...noText, fc.constant(undefined), texts.filter((text) => !/^[a-z]/.test(text)), fc.constantFrom('a--b', 'a-', 'dev\n', 'a'.repeat(60))),
  'source': fc.oneof(noConstruct, fc.constant(undefined)),
  'notificationEmails': fc.oneof(noAddresses, fc.constant(undefined)),
  'approverEmails': noAddresses,
  'buildImage': noConstruct,
  'buildSteps': noConstruct,
  'testSteps': noConstruct,
  'dockerfile': fc.oneof(...noText, fc.constantFrom('/Dockerfile', '../Dockerfile', 'Dockerfile\n')),
  'buildContext': fc.oneof(...noText, fc.constantFrom('/', '..', 'a/../..')),
  'containerPort': outside(1, 65_535),
  'healthCheckPath': fc.oneof(...noText, texts.filter((text) => !text.startsWith('/')), fc.constantFrom('/a b', '/\n', '/é')),
  'vpc': noConstruct,
  'repository': noConstruct,
  'cpuArchitecture': noConstruct,
  'bootstrapImage': noConstruct,
  'accessLogsBucket': noConstruct,
  'registryCredentials': noConstruct,
  'environments[0].cpu': outside(Infinity, -Infinity),
  'environments[0].memoryLimitMiB': outside(Infinity, -Infinity),
  'environments[0].taskCount': outside(1, 5000),
  'environments[0].maxTaskCount': outside(1, 5000),
  'environments[0].rollbackErrorRate': outside(1, 99),
  'environments[0].rollbackMinimumRequests': outside(1, 1_000_000),
  'environments[0].containerEnvironment': fc.oneof(...ofNoUse, numbers, texts, fc.constant({ A: 7 }), fc.array(fc.string())),
  'environments[0].containerSecrets': fc.oneof(...ofNoUse, numbers, texts, fc.constant({ A: 'plain' })),
  'environments[0].containerCommand': fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom([7], {})),
  'environments[0].taskPolicies': fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom([{}], [null], {})),
  'environments[0].certificate': noConstruct,
  'environments[0].publicLoadBalancer': fc.oneof(fc.constant(null), numbers, texts, objects),
  'environments[0].loadBalancerLogsBucket': noConstruct,
  'environments[0].trafficShift': noConstruct,
  'environments[0].terminationWaitTime': noConstruct,
  'environments[0].testListenerCidrs': fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom(['0.0.0.0/0'], ['10.0.0.0'], [7], [null], {})),
  'environments[0].smokeTest': noConstruct,
  'environments[0].hooks': fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom({ afterInstall: {} }, { beforeInstall: 'a function' })),
  'environments[0].approverEmails': noAddresses,
  'environments[0].approverRoles': fc.oneof(...ofNoUse, numbers, texts, fc.constantFrom([{}], [null], ['leads'], {})),
};
const breakers: fc.Arbitrary<Breaker[]> = fc.uniqueArray(
  fc.constantFrom(...Object.keys(BREAKERS)).chain((prop) => BREAKERS[prop].map((value): Breaker => ({ prop, value }))),
  { minLength: 1, maxLength: 4, selector: ({ prop }) => prop });

/** Good props with some of them broken. */
function brokenBy(good: BlueGreenFargatePipelineProps, broken: Breaker[]): BlueGreenFargatePipelineProps {
  const [own, nested] = [false, true].map((inEnvironment) => Object.fromEntries(broken
    .filter(({ prop }) => prop.includes('.') === inEnvironment).map(({ prop, value }) => [prop.replace('environments[0].', ''), value])));
  const [first, ...others] = good.environments ?? [{ name: 'staging' }, { name: 'production' }];
  const environments = Object.keys(nested).length > 0 ? { environments: [{ ...first, ...nested }, ...others] } : {};
  return { ...good, ...own, ...environments } as BlueGreenFargatePipelineProps;
}

/** The library's refusal; undefined when there is none. Another error is thrown on. */
function refusalOf(make: () => unknown): Error | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if ((error as Error).name !== 'InvalidInputError') {
      throw error;
    }
    return error as Error;
  }
}

const children = (stack: Stack): string[] => stack.node.children.map(({ node }) => node.id);

test('whatever is rejected is told in one error that names each broken prop, and leaves nothing behind', () => {
  fc.assert(fc.property(acceptedProps, breakers, (props, broken) => {
    const stack = newStack();
    const good = props.make(new Construct(stack, 'Given'));
    const before = children(stack);

    const refusal = refusalOf(() => new BlueGreenFargatePipeline(stack, 'P', brokenBy(good, broken)));

    const untold = broken.filter(({ prop }) => !refusal?.message.includes(`'${prop}`));
    expect(untold.map(({ prop }) => `${prop} is not in ${refusal?.message}`)).toEqual([]);
    expect(children(stack)).toEqual(before);
  }), { numRuns: RUNS * 50, ...REPEATED });
});

test('what was rejected can be put right in the same place', () => {
  fc.assert(fc.property(acceptedProps, breakers, (props, broken) => {
    const stack = newStack();
    const good = props.make(new Construct(stack, 'Given'));
    refusalOf(() => new BlueGreenFargatePipeline(stack, 'P', brokenBy(good, broken)));

    new BlueGreenFargatePipeline(stack, 'P', good);

    expect(promisesBrokenIn(templateOf(stack), props)).toEqual([]);
  }), { numRuns: Math.ceil(RUNS / 2), ...REPEATED });
});

test('nothing at all in the place of the props, or of one prop, leads to another error', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true, withTypedArray: true });
  const props: fc.Arbitrary<unknown> = fc.oneof(anything, fc.constantFrom(...Object.keys(BREAKERS)).chain((prop) =>
    anything.map((value) => brokenBy(smallestProps(), [{ prop, value }]))));

  fc.assert(fc.property(props, (given) => {
    refusalOf(() => new BlueGreenFargatePipeline(newStack(), 'P', given as BlueGreenFargatePipelineProps));
  }), { numRuns: RUNS * 50, ...REPEATED });
});

test('two suffixes never meet in a name', () => {
  fc.assert(fc.property(fc.uniqueArray(suffixes, { minLength: 2, maxLength: 2 }), ([one, other]) => {
    const app = new App();
    const stacks = [one, other].map((environmentSuffix) => {
      const stack = new Stack(app, `Stack-${environmentSuffix}`, { env: { region: 'us-east-1' } });
      pipelineIn(stack, { environmentSuffix });
      return stack;
    });
    const assembly = app.synth();
    const names = stacks.flatMap((stack) => namesOf(assembly.getStackArtifact(stack.artifactId).template as SynthesisedTemplate));

    expect(names.length).toBeGreaterThan(100);
    expect(usedTwice(names)).toEqual([]);
  }), { numRuns: Math.ceil(RUNS / 3), ...REPEATED });
});
