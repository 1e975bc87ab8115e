import { Approval } from '../approval/approval';
import { EnvironmentOptions } from '../deployment/environment-options';

/** Options of a `PipelineEnvironment`. */
export interface PipelineEnvironmentOptions extends EnvironmentOptions {
  /**
   * The approval that a release needs before it reaches this environment.
   *
   * @default - approval by one of the pipeline's `approverEmails`
   */
  readonly approval?: Approval;
}
