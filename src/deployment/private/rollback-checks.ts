import { struct } from '../../private/structs';
import { all, Check, duration, literal, wholeNumber } from '../../private/validation';
import {
  DEFAULT_ERROR_RATE, DEFAULT_MINIMUM_REQUESTS, DEFAULT_TERMINATION_WAIT_TIME, ERROR_RATE_LIMITS,
  MINIMUM_REQUESTS_LIMITS, TERMINATION_WAIT_TIME_LIMITS,
} from '../defaults';
import { RollbackOptions } from '../rollback-options';

/** Rate and requests are parts of strings: of the description of an alarm, and of the expression of its metric. */
export const rollbackOptions: Check = struct<RollbackOptions>({
  example: `{ errorRate: ${DEFAULT_ERROR_RATE} }`,
  fields: {
    errorRate: all(
      literal({ remedy: `pass a literal value, for example ${DEFAULT_ERROR_RATE}` }),
      wholeNumber({ code: 'BGP095', ...ERROR_RATE_LIMITS, example: DEFAULT_ERROR_RATE }),
    ),
    minimumRequests: all(
      literal({ remedy: `pass a literal value, for example ${DEFAULT_MINIMUM_REQUESTS}` }),
      wholeNumber({ code: 'BGP096', ...MINIMUM_REQUESTS_LIMITS, example: DEFAULT_MINIMUM_REQUESTS }),
    ),
    terminationWaitTime: duration({
      code: 'BGP093', ...TERMINATION_WAIT_TIME_LIMITS, example: DEFAULT_TERMINATION_WAIT_TIME,
    }),
  },
});
