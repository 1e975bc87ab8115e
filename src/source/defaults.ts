/** The branch whose pushes start a pipeline. */
export const DEFAULT_BRANCH = 'main';
