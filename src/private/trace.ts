import { dirname, sep } from 'path';

/**
 * The global under which the jsii runtime publishes its folder while it runs a program of another
 * language.
 */
const JSII_HOST = Symbol.for('jsii.context.hostDirName');

const LIBRARY = dirname(__dirname) + sep;

function jsiiHost(): string | undefined {
  return (global as { [JSII_HOST]?: string })[JSII_HOST];
}

/**
 * Returns the user's frames of a stack trace: none of this library, the CDK, Node.js or jsii. A Python program has no
 * others, so that only the message is below its own traceback.
 */
export function userFrames(
  frames: readonly string[],
  library: string = LIBRARY,
  host: string | undefined = jsiiHost(),
): string[] {
  return frames.filter((frame) => /^\s+at /.test(frame)
    && !frame.includes(library)
    && !(host !== undefined && frame.includes(host))
    && !/[\\/]node_modules[\\/](aws-cdk-lib|constructs)[\\/]/.test(frame)
    && !/\bnode:|\(<anonymous>\)$/.test(frame));
}

/**
 * Removes the frames of jsii's kernel from the error that a Python user reads. jsii wraps the error of a method,
 * unlike that of a constructor, in its own error, right after it was thrown.
 *
 * Without it, a dozen lines of JavaScript separate the message and the traceback. A jsii runtime that reports the
 * trace of the original error, as it does for constructors, would make it unnecessary; 1.140 does not.
 */
export function hideJsiiFrames(): void {
  const limit = Error.stackTraceLimit;
  // Zero when another error was just thrown and caught: that one restores the limit.
  if (jsiiHost() !== undefined && limit !== 0) {
    Error.stackTraceLimit = 0;
    setImmediate(() => { Error.stackTraceLimit = limit; });
  }
}
