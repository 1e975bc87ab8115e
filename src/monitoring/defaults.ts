/** The limit of CodePipeline. */
export const MAX_STAGE_NAME_LENGTH = 100;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const MAX_ALARMS_IN_WIDGET = 100;
