import { aws_ecr as ecr } from 'aws-cdk-lib';
import { releaseSpec } from './release-spec';
import { BoundSteps, BuildContext, Steps } from './steps';
import { MAKES_NO_IMAGE, requiredOutsidePipeline, TESTS_NO_IMAGE } from './steps-checks';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { CDK, cdkType } from '../../private/types';
import { keyMatching, map, required, text } from '../../private/validation';
import { ReleaseStepsOptions } from '../build-steps-options';

const FACTORY = 'BuildSteps.release';
const SETTINGS = 'deployment.releaseSettings';

/** Writes the release of an image that another build pushed: see `BuildSteps.release`. */
export function releaseSteps(options: ReleaseStepsOptions): Steps {
  throwIfInvalid({ type: FACTORY }, optionsViolations('options', options));
  return {
    repository: options.repository,
    violations: (_, context) => requiredOutsidePipeline({
      factory: FACTORY,
      prop: 'repository',
      value: options.repository ?? context.repository,
      example: CDK.repository.example,
    }),
    violationsAsBuildStage: () => MAKES_NO_IMAGE,
    violationsAsTestStage: () => TESTS_NO_IMAGE,
    bind: (context) => bindReleaseSteps(options, context),
  };
}

function bindReleaseSteps(
  { repository: own, releaseSettings }: ReleaseStepsOptions,
  context: BuildContext,
): BoundSteps {
  // `violations` has found one of the two.
  const repository = (own ?? context.repository) as ecr.IRepository;
  const environments = Object.keys(releaseSettings)
    .map((name, index) => ({ name, variable: `RELEASE_SETTINGS_${index + 1}` }));
  return {
    buildSpec: () => releaseSpec(environments),
    specVariables: ['TASK_DEFINITION_FILTER', 'APP_SPEC_FILTER'],
    variables: {
      // In variables, because a value that is known at deployment only could be more than a word of a shell.
      plain: {
        IMAGE_REPOSITORY: repository.repositoryUri,
        ...Object.fromEntries(environments.map(({ name, variable }) => [variable, releaseSettings[name]])),
      },
      secret: [],
    },
    privileged: false,
    needsCacheBucket: false,
    releaseFrom: repository,
    needsDigest: true,
    writesArtifact: true,
    reports: [],
  };
}

const optionsViolations = struct<ReleaseStepsOptions>({
  example: `{ releaseSettings: ${SETTINGS} }`,
  fields: {
    repository: cdkType(CDK.repository),
    releaseSettings: required(SETTINGS, map({
      example: SETTINGS,
      key: keyMatching({
        code: 'BGP178',
        pattern: /^[a-z][a-z0-9]*$/,
        rule: 'an environment name of lower-case letters and digits, starting with a letter',
        example: 'production',
      }),
      entry: text('{}'),
    })),
  },
});
