import { Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { smallestProps } from '../../scripts/programs';
import { BlueGreenFargatePipeline, PipelineEnvironment } from '../../src';
import { closestKey, propsViolations, struct, StructOptions, warnOfUnknownKeys } from '../../src/private/structs';
import { boolean, text } from '../../src/private/validation';
import { listViolations, violation } from '../../src/private/violations';
import { warningsOf } from '../helpers/inputs';
import { newStack } from '../helpers/synthesis';

interface Shop {
  readonly taskCount: string;
  readonly healthCheckPath?: string;
  readonly isPublic?: boolean;
}

const options: StructOptions<Shop> = {
  example: '{ taskCount: "2" }',
  fields: { taskCount: text('2'), healthCheckPath: text('/'), isPublic: boolean },
  combination: (shop, at, isSet) => (shop.isPublic === true && !isSet('healthCheckPath')
    ? violation({ code: 'BGP083', prop: at('isPublic'), rule: `must come with ${String(shop.taskCount)}`, remedy: 'add it' })
    : undefined),
};

const valid = { taskCount: '2', healthCheckPath: '/' };
const inStruct = (value: unknown, prop = 'shop') => listViolations(struct(options)(prop, value)).map((found) => found.text);
const inProps = (value: unknown) => listViolations(propsViolations(value, options)).map((found) => found.text);

test.each([
  ['helthCheckPath', 'healthCheckPath'],
  ['healthCheckPth', 'healthCheckPath'],
  ['haelthCheckPath', 'healthCheckPath'],
  ['health-check-path', 'healthCheckPath'],
  ['taskCuont', 'taskCount'],
  ['tsakCuont', 'taskCount'],
  ['task_count', 'taskCount'],
  ['TaskCount', 'taskCount'],
  ['TASK_COUNT', 'taskCount'],
  ['count', 'taskCount'],
  ['taskCounts', 'taskCount'],
  ['desiredTaskCount', 'taskCount'],
  ['public', 'isPublic'],
])('the key %s is close to %s', (key, closest) => {
  expect(closestKey(key, options.fields)).toBe(closest);
  expect(inProps({ ...valid, [key]: 1 })).toEqual([`'${key}' is not a valid key; use '${closest}'`]);
  expect(inStruct({ ...valid, [key]: 1 })).toEqual([`'shop.${key}' is not a valid key; use '${closest}'`]);
});

test.each(['zebra', 'taskDefinition', 'healthProbeUrl', 'x', '', '__proto__x', 'constructor'])(
  'the key %j is close to no other key, so that a struct rejects it and a construct warns about it once', (key) => {
    const construct = new Construct(newStack(), 'Shop');
    warnOfUnknownKeys(construct, { ...valid, [key]: 1 }, options);

    expect(inStruct({ ...valid, [key]: 1 }, 'options'))
      .toEqual([`'${key}' is not a valid key; remove it, or use one of taskCount, healthCheckPath, isPublic`]);
    expect(inProps({ ...valid, [key]: 1 })).toEqual([]);
    expect(warningsOf(construct)).toEqual([
      expect.stringMatching(`^'${key}' has no effect: Construct has no such prop; remove it \\[BGP152\\] .*:Construct.unknownKey\\]$`),
    ]);
  });

test.each([
  [new BlueGreenFargatePipeline(newStack(), 'P', { ...smallestProps(), certificate: 'c' } as never), "use 'certificate' of a PipelineEnvironment"],
  [new BlueGreenFargatePipeline(newStack(), 'P', { ...smallestProps(), internetFacing: false } as never),
    "use 'loadBalancer.internetFacing' of a PipelineEnvironment"],
  [new BlueGreenFargatePipeline(newStack(), 'P', { ...smallestProps(), maxImageCount: 9 } as never), "use 'storage.maxImageCount'"],
])('a construct names the place of a key that belongs into another value: %#', (construct, remedy) => {
  expect(warningsOf(construct)).toContainEqual(expect.stringContaining(`has no effect: BlueGreenFargatePipeline has no such prop; ${remedy} [BGP152]`));
});

test('an environment names the place of a key that belongs into one of its groups', () => {
  expect(() => new PipelineEnvironment('internal', { internetFacing: false } as never))
    .toThrow("PipelineEnvironment: 'internetFacing' is not a valid key; use 'loadBalancer.internetFacing' [BGP151]");
});

test('the warning about an unknown key can be acknowledged', () => {
  const construct = new Construct(newStack(), 'Shop');
  warnOfUnknownKeys(construct, { zebra: 1 }, options);
  Validations.of(construct).acknowledge({ id: '@org/bluegreen-pipeline:Construct.unknownKey', reason: 'It is for another construct.' });

  expect(warningsOf(construct)).toEqual([]);
});

test('the props of a stack have no effect on a construct inside the stack', () => {
  const stack = newStack();
  const keys = [
    'analyticsReporting', 'crossRegionReferences', 'description', 'env', 'notificationArns', 'permissionsBoundary', 'propertyInjectors',
    'stackName', 'suppressTemplateIndentation', 'synthesizer', 'tags', 'terminationProtection',
  ];
  const props = { ...valid, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
  warnOfUnknownKeys(stack, props, options);

  expect(inProps(props)).toEqual([]);
  expect(warningsOf(stack)).toEqual([]);
  expect(inStruct({ ...valid, stackName: 'Shop' })).toHaveLength(1);
});

const REQUIRED = ["'taskCount' is required; for example \"2\"", "'healthCheckPath' is required; for example \"/\""];

test('an omitted struct lacks the required props, and null is not a struct', () => {
  expect(inStruct(undefined, 'options')).toEqual(REQUIRED);
  expect(inStruct({}, 'props')).toEqual(REQUIRED);
  expect(inStruct(null)).toEqual(["'shop' must be an object, got null; for example { taskCount: \"2\" }"]);
  expect(inStruct({ taskCount: 7, healthCheckPath: '/' })).toEqual(["'shop.taskCount' must be a string, got 7; for example \"2\""]);
});

test.each([undefined, null])('props that are %p lack the required props', (value) => {
  expect(inProps(value)).toEqual(REQUIRED);
});

test.each<[unknown, string]>([['x', '"x"'], [[], '[]'], [() => 1, 'a function'], [new Date(0), 'a Date']])(
  'props are an object, and not %p', (value, got) => {
    expect(inProps(value)).toEqual([`'props' must be an object, got ${got}; for example { taskCount: "2" }`]);
  });

test('a rule over several props gets the valid ones, and the names of those that are set', () => {
  const together = "'shop.isPublic' must come with undefined; add it";

  expect(inStruct({ taskCount: 7, isPublic: true })).toContain(together);
  expect(inStruct({ taskCount: 7, healthCheckPath: 7, isPublic: true })).not.toContain(together);
  expect(inStruct({ ...valid, isPublic: true })).toEqual([]);
});
