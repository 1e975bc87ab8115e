import { dirname, sep } from 'path';

/** Where jsii's own code is, which it tells while it runs a program that is written in another language. */
const JSII_HOST = Symbol.for('jsii.context.hostDirName');

/** This library. */
const OWN = dirname(__dirname) + sep;

/** Where jsii's own code is; `undefined` in a program of JavaScript or TypeScript. */
function jsiiHost(): string | undefined {
  return (global as { [JSII_HOST]?: string })[JSII_HOST];
}

/**
 * The frames of a trace that are the user's: none of this library, the CDK, Node.js or jsii. A program in Python has no others,
 * and sees the message alone below its own trace.
 */
export function usersFrames(frames: readonly string[], own: string = OWN, host: string | undefined = jsiiHost()): string[] {
  return frames.filter((frame) => /^\s+at /.test(frame)
    && !frame.includes(own)
    && !(host !== undefined && frame.includes(host))
    && !/[\\/]node_modules[\\/](aws-cdk-lib|constructs)[\\/]/.test(frame)
    && !/\bnode:|\(<anonymous>\)$/.test(frame));
}

/**
 * Keeps jsii's frames out of what a method throws: jsii hands on what a constructor throws as it is, but wraps what a method
 * throws in an error of its own, whose trace is that of its kernel. It makes that error before it goes on to anything else.
 */
export function hideJsiiFrames(): void {
  const limit = Error.stackTraceLimit;
  // Zero when another error was just thrown and caught: that one puts the limit back.
  if (jsiiHost() !== undefined && limit !== 0) {
    Error.stackTraceLimit = 0;
    setImmediate(() => { Error.stackTraceLimit = limit; });
  }
}
