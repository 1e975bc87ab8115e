import { App, Stack, Validations } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { SecureArtifactBucket } from '../../src';
import { throwIfInvalid, warn } from '../../src/private/errors';
import { hideJsiiFrames, userFrames } from '../../src/private/trace';
import { firstViolation, isValid, listViolations, violation } from '../../src/private/violations';
import { newStack } from '../helpers/synthesis';

const JSII_HOST = Symbol.for('jsii.context.hostDirName');
const PAGE = 'https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md';

const port = violation({ code: 'BGP017', prop: 'port', rule: 'must be a port', got: '0', remedy: 'for example 8080' });
const path = violation({ code: 'BGP018', prop: 'path', rule: 'must be set', remedy: 'add it' });
const PORT = `'port' must be a port, got 0; for example 8080 [BGP017] ${PAGE}#bgp017`;

function thrownBy(refused: () => void): Error {
  try {
    refused();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was refused');
}

const refuse = (scope: unknown, id: unknown) => thrownBy(() => throwIfInvalid({ type: 'ApprovalGate', scope, id }, port));

test('an error names the construct and the violation, with a link to its code', () => {
  const error = refuse(newStack(), 'It');

  expect(error.name).toBe('InvalidInputError');
  expect(error.message).toBe(`Storefront/It (ApprovalGate): ${PORT}`);
});

test('an error lists several violations, each once', () => {
  const violations = [port, [undefined, [path, port]]];

  expect(thrownBy(() => throwIfInvalid({ type: 'BuildSteps.probe' }, violations)).message)
    .toBe(`BuildSteps.probe has 2 problems:\n  - ${PORT}\n  - 'path' must be set; add it [BGP018] ${PAGE}#bgp018`);
});

test('the first violation of several checks ends the validation', () => {
  expect(firstViolation(() => [undefined], () => port, () => path)).toBe(port);
  expect([isValid(undefined), isValid([[]]), isValid([port])]).toEqual([true, true, false]);
  expect(listViolations([port, [path]])).toEqual([port, path]);
  expect(() => throwIfInvalid({ type: 'BuildSteps.probe' }, [undefined, [[undefined]]])).not.toThrow();
});

test.each<[unknown, unknown, string]>([
  [undefined, undefined, 'ApprovalGate'],
  [{ node: { path: 7 } }, 'It', 'It (ApprovalGate)'],
  ['x', Symbol('It'), 'ApprovalGate'],
  [new App(), '', 'ApprovalGate'],
  [newStack(), '', 'Storefront (ApprovalGate)'],
])('an error names its subject whatever the scope and id are (%#)', (scope, id, subject) => {
  expect(refuse(scope, id).message).toBe(`${subject}: ${PORT}`);
});

test('an error can be created from anything', () => {
  fc.assert(fc.property(fc.anything(), fc.anything(), (scope, id) => refuse(scope, id).name === 'InvalidInputError'));
});

test('the stack trace of an error has its message and the frames of the user', () => {
  const { stack = '', message } = thrownBy(() => new SecureArtifactBucket(newStack(), 'It', { environmentSuffix: 'Dev' }));
  const [header, frames] = [`InvalidInputError: ${message}`, stack.slice(stack.indexOf(message) + message.length).split('\n').slice(1)];

  expect(stack.startsWith(header)).toBe(true);
  expect(frames[0]).toMatch(/^ {4}at .*errors\.test\.ts:\d+:\d+\)?$/);
  expect(frames.filter((frame) => /[\\/]src[\\/]|aws-cdk-lib|[\\/]constructs[\\/]|node:/.test(frame))).toEqual([]);
});

test('an id that looks like a frame does not change the stack trace', () => {
  const error = refuse(newStack(), 'a\n    at here (x.js:1:1)');

  expect(error.stack?.startsWith(`InvalidInputError: ${error.message}\n    at `)).toBe(true);
});

const SHOP = '/home/ada/shop/node_modules/';

test.each([
  ['    at main (/home/ada/shop/app.ts:3:1)', true],
  ['    at main (C:\\Users\\ada\\shop\\app.ts:3:1)', true],
  ['    at file:///home/ada/shop/app.mjs:3:1', true],
  [`    at build (${SHOP}acme-constructs/lib/index.js:3:1)`, true],
  [`    at new Gate (${SHOP}@org/bluegreen-pipeline/lib/approval/approval-gate.js:3:1)`, false],
  [`    at Stack.make (${SHOP}aws-cdk-lib/core/lib/stack.js:3:1)`, false],
  ['    at Stack.make (C:\\shop\\node_modules\\aws-cdk-lib\\core\\lib\\stack.js:3:1)', false],
  [`    at new Node (${SHOP}constructs/lib/construct.js:3:1)`, false],
  ['    at Module._compile (node:internal/modules/cjs/loader:1554:14)', false],
  ['    at node:internal/main/run_main_module:36:49', false],
  ['    at Array.map (<anonymous>)', false],
  ['    at Kernel.create (/tmp/jsii-host/lib/program.js:1:1)', false],
  ['not a frame', false],
])('the frame %s belongs to the user: %s', (frame, kept) => {
  expect(userFrames([frame], `${SHOP}@org/bluegreen-pipeline/lib/`, '/tmp/jsii-host/lib')).toEqual(kept ? [frame] : []);
  expect(userFrames(['    at main (/undefined/app.js:1:1)'], '/own/', undefined)).toHaveLength(1);
});

test('an error that wraps another one in a jsii program has no stack trace, and the next one has one', async () => {
  const jsii = global as { [JSII_HOST]?: string };
  const limit = Error.stackTraceLimit;
  jsii[JSII_HOST] = '/tmp/jsii-host/lib';
  refuse(undefined, 'One');
  refuse(undefined, 'Two');
  const wrapped = new Error('wrapped');
  await new Promise(setImmediate);
  delete jsii[JSII_HOST];

  expect(wrapped.stack).toBe('Error: wrapped');
  expect(Error.stackTraceLimit).toBe(limit);
  hideJsiiFrames();
  expect(new Error('outside of jsii').stack).toMatch(/\n {4}at /);
});

test('a warning that is already acknowledged on the app is not added', () => {
  const app = new App();
  Validations.of(app).acknowledge({ id: '@org/bluegreen-pipeline:Topic.known', reason: 'It is meant.' });
  const stack = new Stack(app, 'Storefront');
  warn(stack, 'Topic.known', 'BGP109', 'it answers over HTTP');
  warn(stack, 'Topic.unknown', 'BGP109', 'it answers over HTTP');

  const warnings = app.synth().stacks.flatMap(({ messages }) => messages).filter(({ level }) => level === 'warning');
  expect(warnings.map(({ entry }) => /\[ack: (.*)\]/.exec(String(entry.data))?.[1])).toEqual([expect.stringContaining('Topic.unknown')]);
});
