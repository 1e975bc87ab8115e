import { aws_codebuild as codebuild, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { lengthViolation } from './build-spec-length';
import { loginVariables } from './login';
import { BoundSteps, BuildContext, Steps } from './steps';
import { throwIfInvalid } from '../../private/errors';
import { struct } from '../../private/structs';
import { cdkType } from '../../private/types';
import { boolean, Check, isInStack, isResolvedString, required, text } from '../../private/validation';
import { violation, Violations } from '../../private/violations';
import { BuildSpecStepsOptions } from '../build-steps-options';

/** Runs the user's buildspec: see `BuildSteps.buildSpec`. */
export function buildSpecSteps(spec: codebuild.BuildSpec, options: BuildSpecStepsOptions): Steps {
  throwIfInvalid({ type: 'BuildSteps.buildSpec' }, [
    specViolations('spec', spec),
    optionsViolations('options', options),
  ]);
  return {
    violations: () => undefined,
    violationsAsBuildStage: (scope) => exportedImageViolation(scope, spec),
    violationsAsTestStage: () => undefined,
    bind: (context) => bindBuildSpecSteps(spec, options, context),
  };
}

function bindBuildSpecSteps(
  spec: codebuild.BuildSpec,
  { docker = false, cached = false }: BuildSpecStepsOptions,
  { repository, registryLogin, makesImage }: BuildContext,
): BoundSteps {
  const login = loginVariables(registryLogin?._bind());
  return {
    buildSpec: () => spec,
    specVariables: [],
    variables: {
      plain: {
        ...login.plain,
        ...(repository && { IMAGE_REPOSITORY: repository.repositoryUri }),
      },
      secret: login.secret,
    },
    privileged: docker,
    needsCacheBucket: cached,
    writesArtifact: true,
    ...(makesImage ? { pushTo: repository } : { pullFrom: repository }),
    reports: [],
  };
}

const SPEC = 'codebuild.BuildSpec.fromSourceFilename("ci/buildspec.yml")';

const specText: Check<codebuild.BuildSpec> = (prop, spec) => {
  try {
    const rendered = spec.toBuildSpec();
    return spec.isImmediate
      ? lengthViolation(prop, isResolvedString(rendered) ? rendered.length : 0)
      : text('ci/buildspec.yml')(prop, rendered);
  } catch {
    return violation({
      code: 'BGP064',
      prop,
      rule: 'must be a buildspec object or the name of a file in the source',
      got: 'a BuildSpec of another kind',
      remedy: 'use BuildSpec.fromObject or BuildSpec.fromSourceFilename',
    });
  }
};

const specViolations = required(
  SPEC,
  cdkType({ type: 'a codebuild.BuildSpec', member: 'toBuildSpec', example: SPEC, isValue: true }),
  specText,
);

const optionsViolations = struct<BuildSpecStepsOptions>({
  example: '{ docker: true }',
  fields: { docker: boolean, cached: boolean },
});

/**
 * A buildspec that exports no image. CodeBuild reads a file of the source, so that its content is
 * unknown.
 */
function exportedImageViolation(scope: IConstruct, spec: codebuild.BuildSpec): Violations {
  if (!spec.isImmediate || !isInStack(scope)) {
    return undefined;
  }
  const rendered = JSON.stringify(Stack.of(scope).resolve(spec.toBuildSpec()));
  return rendered.includes('exported-variables') && rendered.includes('IMAGE_DIGEST') ? undefined : violation({
    code: 'BGP071',
    prop: 'buildSteps',
    rule: 'must export the digest of the image, and the buildspec of the steps does not',
    remedy: 'set IMAGE_DIGEST, and list it in exported-variables under env',
  });
}
