/** Placeholder that CodeDeployToECS replaces by the image: `<IMAGE1_NAME>` in the task definition. */
export const IMAGE_PLACEHOLDER = 'IMAGE1_NAME';

export interface ReleaseFileNames {
  readonly taskDefinition: string;
  readonly appSpec: string;
}

/** The names of the release files of an environment. */
export function releaseFileNames(environmentName: string): ReleaseFileNames {
  return {
    taskDefinition: `taskdef-${environmentName}.json`,
    appSpec: `appspec-${environmentName}.yaml`,
  };
}
