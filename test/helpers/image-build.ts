import { BUILDX, buildSpecOfProject, run, Run } from './code-build';
import { SynthesisedTemplate } from './synthesis';
import { plainVariables } from './templates';

export const IMAGE_REPOSITORY = '111111111111.dkr.ecr.us-east-1.amazonaws.com/repository-dev';
export const PASSWORD = 'pa55-w0rd';

/**
 * Runs the build of a template with stand-ins, as CodeBuild would: with the variables of the project and of the buildspec. Dockerfile and
 * context are there.
 */
export function build(template: SynthesisedTemplate, options: Parameters<typeof run>[1] = {}): Run {
  const spec = buildSpecOfProject(template, 'project-build-dev');
  const { DOCKERFILE, BUILD_CONTEXT } = spec.env?.variables ?? {};
  return run(spec, {
    environment: { ...plainVariables(template, 'project-build-dev'), IMAGE_REPOSITORY, ...options.environment },
    secrets: { REGISTRY_PASSWORD: PASSWORD, ...options.secrets },
    standIns: { docker: BUILDX, ...options.standIns },
    files: { ...(DOCKERFILE && { [DOCKERFILE]: 'FROM scratch\n', [`${BUILD_CONTEXT}/source`]: '' }), ...options.files },
  });
}

/** The arguments of the one image build of a run. */
export function words(result: Run): string[] {
  return result.exists('words') ? result.read('words').split('\0').slice(0, -1) : [];
}
