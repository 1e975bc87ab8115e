/** Options for `PipelineSource.connection()`. */
export interface ConnectionSourceOptions {
  /**
   * ARN of the CodeConnections (formerly CodeStar Connections) connection to the Git host.
   *
   * A connection that CloudFormation or the AWS CLI created stays pending until you complete its handshake
   * in the console; until then every execution fails in the source stage.
   *
   * A connection is a global resource: you can use one that was created in another region. A connection of another
   * account must be shared with the account of the pipeline, which is not possible with a `codestar-connections` ARN.
   *
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html
   */
  readonly connectionArn: string;

  /**
   * Repository as `owner/name`, at most 1000 characters. GitLab groups may be nested
   * (`group/subgroup/name`).
   */
  readonly repository: string;

  /**
   * Branch whose pushes start an execution, at most 1000 characters, without `refs/heads/`.
   *
   * @default "main"
   */
  readonly branch?: string;
}
