import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { PROBE_SCRIPT } from './probe-script';
import { ecrLogin, FIND_IMAGE, pull, START_DOCKER } from './shell';

export interface ProbeSpecOptions {
  readonly repositoryUri: string;
  readonly port: string;
  readonly startupSeconds: string;
}

/** The variables that the buildspec sets. */
export const PROBE_VARIABLES = ['IMAGE_REPOSITORY', 'CONTAINER_PORT', 'STARTUP_SECONDS'];

/**
 * Runs the released image and requests its health check path: see `BuildSteps.probe`. Variables of the project hold
 * the settings of the container.
 */
export function probeSpec(options: ProbeSpecOptions): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: {
      shell: 'bash',
      variables: {
        IMAGE_REPOSITORY: options.repositoryUri,
        CONTAINER_PORT: options.port,
        STARTUP_SECONDS: options.startupSeconds,
      },
    },
    phases: {
      install: { commands: START_DOCKER },
      pre_build: { commands: [ecrLogin('IMAGE_REPOSITORY'), ...FIND_IMAGE, pull('IMAGE_URI')] },
      build: { commands: [PROBE_SCRIPT] },
    },
  });
}
