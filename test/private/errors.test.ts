import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { SecureArtifactBucket } from '../../src';
import { broken, refuse, refuseValue } from '../../src/private/errors';
import { hideJsiiFrames, usersFrames } from '../../src/private/trace';
import { newStack } from '../helpers/synthesis';

const PAGE = 'Codes are explained in https://github.com/org/bluegreen-pipeline/blob/main/docs/errors.md';
const JSII_HOST = Symbol.for('jsii.context.hostDirName');

const port = broken('BGP017', 'port', 'must be a port', '0', 'for example 8080');
const path = broken('BGP018', 'path', 'must be a path', '""', 'for example "/"');

function thrownBy(refused: () => void): Error {
  try {
    refused();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was refused');
}

describe('a refusal', () => {
  test('names the construct, the problem with its code, and where codes are explained', () => {
    const error = thrownBy(() => refuse(newStack(), 'It', 'ApprovalGate', [undefined, port]));

    expect(error.name).toBe('InvalidInputError');
    expect(error.message).toBe(`Storefront/It (ApprovalGate): 'port' must be a port, got 0; for example 8080 [BGP017]\n${PAGE}`);
  });

  test('lists several problems, each once', () => {
    expect(thrownBy(() => refuseValue('BuildSteps.probe', [port, path, port, undefined])).message).toBe([
      'BuildSteps.probe has 2 problems:',
      "'port' must be a port, got 0; for example 8080 [BGP017]",
      "'path' must be a path, got \"\"; for example \"/\" [BGP018]",
    ].join('\n  - ') + `\n${PAGE}`);
  });

  test('is not made without a problem', () => {
    expect(() => refuse(newStack(), 'It', 'ApprovalGate', [undefined])).not.toThrow();
    expect(() => refuseValue('BuildSteps.probe', [])).not.toThrow();
  });

  test.each<[unknown, unknown, string]>([
    [undefined, undefined, 'ApprovalGate'], [{ node: { path: 7 } }, 'It', 'It (ApprovalGate)'], ['x', Symbol('It'), 'ApprovalGate'], [new App(), '', 'ApprovalGate'],
    [newStack(), '', 'Storefront (ApprovalGate)'],
  ])('is told whatever scope and id are (%#)', (scope, id, subject) => {
    expect(thrownBy(() => refuse(scope as Construct, id as string, 'ApprovalGate', [port])).message).toBe(`${subject}: 'port' must be a port, got 0; for example 8080 [BGP017]\n${PAGE}`);
  });

  test('never fails itself', () => {
    fc.assert(fc.property(fc.anything(), fc.anything(), (scope, id) =>
      thrownBy(() => refuse(scope as Construct, id as string, 'ApprovalGate', [port])).name === 'InvalidInputError'));
  });
});

describe('the trace of a refusal', () => {
  test('begins with the message, and then in the code of the user', () => {
    const { stack, message } = thrownBy(() => new SecureArtifactBucket(newStack(), 'It', { environmentSuffix: 'Dev' }));
    const [header, frames] = [stack?.slice(0, `InvalidInputError: ${message}`.length), stack?.slice(`InvalidInputError: ${message}`.length).split('\n').slice(1)];

    expect(header).toBe(`InvalidInputError: ${message}`);
    expect(frames?.[0]).toMatch(/^ {4}at .*errors\.test\.ts:\d+:\d+\)?$/);
    expect(frames?.filter((frame) => /[\\/]src[\\/]|aws-cdk-lib|[\\/]constructs[\\/]|node:/.test(frame))).toEqual([]);
  });

  test('is not led astray by an id that looks like a frame', () => {
    const error = thrownBy(() => refuse(newStack(), 'a\n    at here (x.js:1:1)', 'ApprovalGate', [port]));

    expect(error.stack?.startsWith(`InvalidInputError: ${error.message}\n    at `)).toBe(true);
  });

  test.each([
    ['    at main (/home/ada/shop/app.ts:3:1)', true],
    ['    at main (C:\\Users\\ada\\shop\\app.ts:3:1)', true],
    ['    at file:///home/ada/shop/app.mjs:3:1', true],
    ['    at build (/home/ada/shop/node_modules/acme-constructs/lib/index.js:3:1)', true],
    ['    at new Gate (/home/ada/shop/node_modules/@org/bluegreen-pipeline/lib/approval/approval-gate.js:3:1)', false],
    ['    at Stack.make (/home/ada/shop/node_modules/aws-cdk-lib/core/lib/stack.js:3:1)', false],
    ['    at Stack.make (C:\\Users\\ada\\shop\\node_modules\\aws-cdk-lib\\core\\lib\\stack.js:3:1)', false],
    ['    at new Node (/home/ada/shop/node_modules/constructs/lib/construct.js:3:1)', false],
    ['    at Module._compile (node:internal/modules/cjs/loader:1554:14)', false],
    ['    at node:internal/main/run_main_module:36:49', false],
    ['    at Array.map (<anonymous>)', false],
    ['    at Kernel.create (/tmp/jsii-host/lib/program.js:1:1)', false],
    ['not a frame', false],
  ])('has the frame %s: %s', (frame, kept) => {
    expect(usersFrames([frame], '/home/ada/shop/node_modules/@org/bluegreen-pipeline/lib/', '/tmp/jsii-host/lib')).toEqual(kept ? [frame] : []);
  });

  test('of a program that is not run by jsii may have frames of any folder', () => {
    expect(usersFrames(['    at main (/undefined/app.js:1:1)'], '/own/', undefined)).toHaveLength(1);
  });
});

describe('beside jsii', () => {
  const jsii = global as { [JSII_HOST]?: string };

  afterEach(() => {
    delete jsii[JSII_HOST];
  });

  test('the error into which a thrown one is wrapped has no trace, and the next one has', async () => {
    jsii[JSII_HOST] = '/tmp/jsii-host/lib';
    const limit = Error.stackTraceLimit;
    thrownBy(() => refuseValue('BuildSteps.probe', [port]));
    thrownBy(() => refuseValue('BuildSteps.probe', [port]));
    const wrapped = new Error('wrapped');
    await new Promise(setImmediate);

    expect(wrapped.stack).toBe('Error: wrapped');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(limit).toBeGreaterThan(0);
  });

  test('only: other programs keep all traces', () => {
    hideJsiiFrames();

    expect(new Error('theirs').stack).toMatch(/\n {4}at /);
  });
});

test('a stack that is refused leaves the tree as it was', () => {
  const stack = new Stack(new App(), 'Storefront');
  thrownBy(() => new SecureArtifactBucket(stack, 'It', { environmentSuffix: 'Dev' }));

  expect(stack.node.children).toEqual([]);
});
