import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { textLengthViolation } from './build-spec-length';
import { RELEASE_ARTIFACT, writeRelease } from './shell';
import { Steps } from './steps';
import { MAKES_NO_IMAGE, releaseFiles as releaseFileMap, TESTS_NO_IMAGE } from './steps-checks';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { required } from '../../private/validation';
import { ReleaseStepsOptions } from '../build-steps-options';

/** Writes the release of an image that another build pushed: see `BuildSteps.release`. */
export function releaseSteps(options: ReleaseStepsOptions): Steps {
  throwIfInvalid({ type: 'BuildSteps.release' }, optionsViolations('options', options));
  return {
    writesRelease: true,
    violations: () => undefined,
    violationsAsBuildStage: () => MAKES_NO_IMAGE,
    violationsAsTestStage: () => TESTS_NO_IMAGE,
    bind: () => ({
      buildSpec: () => releaseSpec(options.releaseFiles),
      specVariables: [],
      variables: { plain: {}, secret: [] },
      privileged: false,
      needsCacheBucket: false,
      reports: [],
    }),
  };
}

const optionsViolations = struct<ReleaseStepsOptions>({
  example: '{ releaseFiles: deployment.releaseFiles }',
  fields: { releaseFiles: required('deployment.releaseFiles', releaseFileMap) },
  together: ({ releaseFiles }) => textLengthViolation(releaseFiles),
});

const CHECK_IMAGE = [
  'if ! [[ "$IMAGE_URI" =~ ^[^[:space:]\\"@]+@sha256:[0-9a-f]{64}$ ]]; then',
  'echo "IMAGE_URI is \\"$IMAGE_URI\\" instead of <repository>@sha256:<digest>: the build must export it";',
  'exit 1; fi',
].join(' ');

function releaseSpec(releaseFiles: { readonly [name: string]: string }): codebuild.BuildSpec {
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      build: {
        commands: [
          CHECK_IMAGE,
          ...writeRelease(releaseFiles),
          'echo "Released $IMAGE_URI"',
        ],
      },
    },
    artifacts: RELEASE_ARTIFACT,
  });
}
