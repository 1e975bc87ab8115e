/** The limit of CodePipeline. */
export const MAX_STAGE_NAME_LENGTH = 100;
