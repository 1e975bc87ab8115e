import { ReleaseTest } from './release-test';
import { throwIfInvalid } from '../../private/errors';
import { httpPath } from '../../private/shared-checks';
import { struct } from '../../private/structs';
import { all, duration, isResolvedString, literal, matching, optional, wholeNumber } from '../../private/validation';
import { violation } from '../../private/violations';
import {
  DEFAULT_SMOKE_TEST_TIMEOUT, DEFAULT_STATUS, MAX_BODY_LENGTH, MAX_SMOKE_TEST_BYTES, SMOKE_TEST_TIMEOUT_LIMITS,
  STATUS_LIMITS,
} from '../defaults';
import { HttpSmokeTestOptions } from '../http-smoke-test-options';

/** A request by HTTP or HTTPS: see `SmokeTest.http`. */
export function httpReleaseTest(options: HttpSmokeTestOptions): ReleaseTest {
  throwIfInvalid({ type: 'SmokeTest.http' }, httpSmokeTestViolations('options', options));
  const { path, status = DEFAULT_STATUS, body, host, timeout = DEFAULT_SMOKE_TEST_TIMEOUT } = options;
  return {
    timeout,
    expectedAnswer: ({ loadBalancerDnsName }) => ({ host: host ?? loadBalancerDnsName, path, status, body }),
  };
}

/** Labels of at most 63 characters, 253 in all. */
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`, 'i');

/** The longest name that Elastic Load Balancing gives a load balancer. */
const LONGEST_DEFAULT_HOST = 'x'.repeat(96);

/**
 * The bytes of a string in the variables of a function. They hold JSON, and Lambda measures them as JSON.
 */
function bytesInVariable(value: unknown): number {
  return isResolvedString(value)
    ? Buffer.byteLength(JSON.stringify(JSON.stringify(value))) - JSON.stringify('""').length
    : 0;
}

/** The function compares status and time, so they must be known; the rest reaches it as text. */
const httpSmokeTestViolations = struct<HttpSmokeTestOptions>({
  example: '{ path: "/healthz" }',
  fields: {
    path: httpPath,
    status: all(
      literal({ remedy: `pass a literal value, for example ${DEFAULT_STATUS}` }),
      wholeNumber({ code: 'BGP110', ...STATUS_LIMITS, example: DEFAULT_STATUS }),
    ),
    body: optional(matching({
      code: 'BGP111',
      pattern: new RegExp(`^[^]{1,${MAX_BODY_LENGTH}}$`),
      rule: `a string of at most ${MAX_BODY_LENGTH} characters`,
      example: 'In stock',
    })),
    host: optional(matching({
      code: 'BGP112',
      pattern: HOST,
      rule: 'a host name without a scheme or port',
      example: 'shop.example.com',
    })),
    timeout: all(
      literal({ remedy: 'pass a literal value, for example Duration.minutes(1)' }),
      duration({ code: 'BGP113', ...SMOKE_TEST_TIMEOUT_LIMITS, unit: 'seconds' }),
    ),
  },
  combination: ({ path, body, host = LONGEST_DEFAULT_HOST }, at) => {
    const bytes = [path, body, host].reduce((sum, value) => sum + bytesInVariable(value), 0);
    return bytes <= MAX_SMOKE_TEST_BYTES ? undefined : violation({
      code: 'BGP163',
      prop: at('body'),
      rule: `must be at most ${MAX_SMOKE_TEST_BYTES} bytes in UTF-8 together with 'path' and 'host', with quotes and `
        + 'backslashes escaped: Lambda allows 4096 bytes of environment variables',
      got: `${bytes} bytes`,
      remedy: 'use a shorter part of the response',
    });
  },
});
