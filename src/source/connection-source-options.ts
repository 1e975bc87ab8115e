/** Where `PipelineSource.connection()` finds the code. */
export interface ConnectionSourceOptions {
  /**
   * The connection to the Git host, of CodeConnections or of its former name CodeStar Connections.
   *
   * A connection that CloudFormation or the CLI made stays pending until a person completes its
   * handshake in the console; until then every execution fails at its source.
   *
   * A connection is a global resource: one that was created in another region works, too. A
   * connection of another account must be shared with the account of the pipeline, which CodeStar
   * connections cannot be.
   *
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html
   */
  readonly connectionArn: string;

  /**
   * The repository as `owner/name`, at most 1000 characters; GitLab groups may nest
   * (`group/subgroup/name`).
   */
  readonly repository: string;

  /**
   * The branch whose pushes start the pipeline, at most 1000 characters, without `refs/heads/`.
   *
   * @default "main"
   */
  readonly branch?: string;
}
