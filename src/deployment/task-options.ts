import { aws_iam as iam } from 'aws-cdk-lib';

/** Options of the tasks of an environment. */
export interface TaskOptions {
  /**
   * What the container runs instead of its image's own command, word by word. Takes effect with the
   * next release.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * What the application itself may do in AWS. Grants on the exposed `taskRole` add to it.
   *
   * @default - nothing
   */
  readonly policies?: iam.PolicyStatement[];
}
