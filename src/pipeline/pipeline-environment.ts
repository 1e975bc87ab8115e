import { STAGING } from './defaults';
import { PipelineEnvironmentOptions } from './pipeline-environment-options';
import { unknownKeyViolations } from './private/environment-checks';
import { dropUndefined } from '../private/drop-undefined';
import { throwIfInvalid } from '../private/errors';

/**
 * An environment of a `BlueGreenFargatePipeline`, with the approval that it requires.
 *
 * The defaults suit an environment with users, at any position in the list: two tasks, a canary of 10 % for 5 minutes,
 * and old tasks that are kept for 10 minutes after the shift. `PipelineEnvironment.staging()` has faster defaults.
 *
 * @example
 *
 * const environments = [
 *   PipelineEnvironment.staging(),
 *   new PipelineEnvironment('production', { taskCount: 3, maxTaskCount: 12 }),
 * ];
 */
export class PipelineEnvironment {
  /**
   * Creates the environment `staging`, which runs one task, shifts all traffic in one step and keeps old tasks
   * for 2 minutes.
   *
   * @param options options of the environment, which override these defaults
   */
  public static staging(options: PipelineEnvironmentOptions = {}): PipelineEnvironment {
    throwIfInvalid({ type: 'PipelineEnvironment.staging' }, unknownKeyViolations(options));
    return new PipelineEnvironment('staging', {
      ...STAGING,
      ...dropUndefined(options),
      rollback: { ...STAGING.rollback, ...dropUndefined(options.rollback ?? {}) },
    });
  }

  /**
   * Creates the environment `production`, with the defaults of `PipelineEnvironment`.
   *
   * @param options options of the environment, which override these defaults
   */
  public static production(options: PipelineEnvironmentOptions = {}): PipelineEnvironment {
    throwIfInvalid({ type: 'PipelineEnvironment.production' }, unknownKeyViolations(options));
    return new PipelineEnvironment('production', options);
  }

  constructor(
    /**
     * Name of the environment: lower-case letters and digits, starting with a letter.
     *
     * Its stages are `Approve<Name>` and `Deploy<Name>`. Must not change after the first deployment.
     */
    public readonly name: string,
    /** Values that differ from the defaults. */
    public readonly options: PipelineEnvironmentOptions = {},
  ) {
    throwIfInvalid({ type: 'PipelineEnvironment' }, unknownKeyViolations(options));
  }
}
