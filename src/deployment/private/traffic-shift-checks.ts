import { struct } from '../../private/structs';
import { duration, literal, required, wholeNumber } from '../../private/validation';
import { INTERVAL_LIMITS, PERCENTAGE_LIMITS } from '../defaults';
import { TrafficShiftOptions } from '../traffic-shift-options';

/**
 * The values become part of a name and decide which of CodeDeploy's own configurations fits, so
 * they must be known.
 */
export const trafficShiftViolations = struct<TrafficShiftOptions>({
  example: '{ percentage: 10, interval: Duration.minutes(5) }',
  fields: {
    percentage: required(
      '10',
      literal({ remedy: 'pass a literal value, for example 10' }),
      wholeNumber({ code: 'BGP100', ...PERCENTAGE_LIMITS, example: 10 }),
    ),
    interval: required(
      'Duration.minutes(5)',
      literal({ remedy: 'pass a literal value, for example Duration.minutes(5)' }),
      duration({ code: 'BGP101', ...INTERVAL_LIMITS }),
    ),
  },
});
