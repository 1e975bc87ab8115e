import { Approval } from '../approval/approval';
import { EnvironmentOptions } from '../deployment/environment-options';

/** Options for a `PipelineEnvironment`. */
export interface PipelineEnvironmentOptions extends EnvironmentOptions {
  /**
   * Approval that a release needs before it is deployed to this environment.
   *
   * @default - an approval that is requested from the pipeline's `approverEmails`
   */
  readonly approval?: Approval;
}
