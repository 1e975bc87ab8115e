import { aws_logs as logs, Duration } from 'aws-cdk-lib';
import { TrafficShiftOptions } from './traffic-shift-options';

// The container and its logs.
export const DEFAULT_CONTAINER_PORT = 8080;
export const DEFAULT_HEALTH_CHECK_PATH = '/';
export const DEFAULT_LOG_RETENTION = logs.RetentionDays.ONE_MONTH;

// Tasks.
export const DEFAULT_CPU = 256;
export const DEFAULT_MEMORY_LIMIT_MIB = 512;
export const DEFAULT_TASK_COUNT = 2;
/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
export const TASK_COUNT_LIMITS = { min: 1, max: 5000 };
/** Percent of the CPU above which tasks are added, up to `maxTaskCount`. */
export const SCALING_CPU_UTILIZATION = 60;

// The load balancer.
export const DEFAULT_INTERNET_FACING = true;
/** Port of the listener that serves a new release before users reach it. */
export const TEST_PORT = 9000;

// The shift of the traffic.
export const DEFAULT_CANARY: TrafficShiftOptions = { percentage: 10, interval: Duration.minutes(5) };
export const PERCENTAGE_LIMITS = { min: 1, max: 99 };
export const INTERVAL_LIMITS = { min: Duration.minutes(1), max: Duration.days(2) };

// Rollbacks.
export const DEFAULT_ERROR_RATE = 5;
export const ERROR_RATE_LIMITS = { min: 1, max: 99 };
export const DEFAULT_MINIMUM_REQUESTS = 10;
export const MINIMUM_REQUESTS_LIMITS = { min: 1, max: 1_000_000 };
export const DEFAULT_TERMINATION_WAIT_TIME = Duration.minutes(10);
/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BlueInstanceTerminationOption.html */
export const TERMINATION_WAIT_TIME_LIMITS = { min: Duration.minutes(0), max: Duration.days(2) };
/** @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html */
export const MAX_ALARMS = 10;
/** The alarms of the construct itself. */
export const ROLLBACK_ALARMS = 5;

// The smoke test.
export const DEFAULT_STATUS = 200;
export const STATUS_LIMITS = { min: 200, max: 599 };
export const MAX_BODY_LENGTH = 1000;
/**
 * Lambda takes 4,096 bytes of variables for a function, of which the rest of the settings takes up to 256.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_SMOKE_TEST_BYTES = 3840;
export const DEFAULT_SMOKE_TEST_TIMEOUT = Duration.minutes(1);
export const SMOKE_TEST_TIMEOUT_LIMITS = { min: Duration.seconds(30), max: Duration.minutes(14) };

// The deployment as a whole.
/** @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html */
export const LONGEST_DEPLOYMENT = Duration.days(5);
/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
export const LONGEST_HOOK = Duration.hours(1);
