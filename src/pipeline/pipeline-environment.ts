import { aws_iam as iam } from 'aws-cdk-lib';
import { EnvironmentOptions } from '../deployment/environment-options';

/** One environment of a `BlueGreenFargatePipeline`, with the approval that stands before it. */
export interface PipelineEnvironment extends EnvironmentOptions {
  /** The name of the environment; lower-case letters and digits. Its stages are `Approve<Name>` and `Deploy<Name>`. */
  readonly name: string;

  /**
   * Who is asked before a release goes to this environment.
   *
   * @default - the approvers of the pipeline
   */
  readonly approverEmails?: string[];

  /**
   * The roles that may answer for this environment, and for no other.
   *
   * @default - no role gets a permission
   */
  readonly approverRoles?: iam.IRole[];
}
