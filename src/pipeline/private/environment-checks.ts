import { Approval } from '../../approval/approval';
import { EnvironmentContext, environmentChecks } from '../../deployment/deployment-checks';
import { struct, StructOptions } from '../../private/structs';
import { instanceOf } from '../../private/types';
import { Check, optional } from '../../private/validation';
import { listViolations, Violations } from '../../private/violations';
import { PipelineEnvironmentOptions } from '../pipeline-environment-options';

/**
 * The checks of the options of an environment; what only its place decides is left out where the
 * place is not known.
 */
export function optionsChecks(context: EnvironmentContext): StructOptions<PipelineEnvironmentOptions> {
  const deployment = environmentChecks(context);
  const approvalInPlace: Check<Approval> = (prop, approval) => approval._bind().placeViolations(prop, context.scope);
  return {
    example: '{ taskCount: 3 }',
    fields: {
      ...deployment.fields,
      approval: optional(
        instanceOf(Approval, 'Approval.byEmail({ emails: ["leads@example.com"] })', { article: 'an' }),
        approvalInPlace,
      ),
    },
    combination: deployment.combination,
  };
}

/**
 * The unknown keys of the options and of the structs in them. Everything else waits for the
 * pipeline, which knows the place and reports all violations together.
 */
export function unknownKeyViolations(options: unknown): Violations {
  const check = struct(optionsChecks({ scope: undefined }));
  return listViolations(check('options', options)).filter(({ code }) => code === 'BGP151');
}
