import { aws_iam as iam } from 'aws-cdk-lib';
import { Violations } from '../../private/violations';

/** One kind of approval. */
export interface ApprovalMethod {
  /** The addresses of the approvers; undefined for the approvers of the pipeline. */
  readonly emails?: string[];

  /** The roles that may approve. */
  readonly roles?: iam.IRole[];

  /**
   * Checks the approval for a pipeline in this place, if it is known; `prop` is the path to the
   * approval.
   */
  placeViolations(prop: string, scope: unknown): Violations;
}
