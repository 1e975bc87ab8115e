/** The limit of CodePipeline. */
export const MAX_STAGE_NAME_LENGTH = 100;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const MAX_ALARMS_IN_WIDGET = 100;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MAX_PATTERN_LENGTH = 2048;

/**
 * Maximum number of projects on a dashboard: a widget shows 500 metrics, and the widget of the build times has two
 * for each project.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
export const MAX_PROJECTS = 250;
