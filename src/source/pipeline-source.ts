import { ConnectionSourceOptions } from './connection-source-options';
import { connectionSource } from './private/connection-source';
import { Source } from './private/source';

/**
 * The source repository of a pipeline.
 *
 * @example
 *
 * const source = PipelineSource.connection({
 *   connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
 *   repository: 'acme/storefront',
 * });
 */
export class PipelineSource {
  /**
   * Uses a branch on GitHub, GitLab, Bitbucket or another Git host that CodeConnections supports.
   *
   * Every push to the branch starts an execution. The build receives the files of the commit as one ZIP file, without
   * the Git history.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
   * @param options the connection, the repository and the branch
   */
  public static connection(options: ConnectionSourceOptions): PipelineSource {
    return new PipelineSource(connectionSource(options));
  }

  private constructor(private readonly source: Source) {}

  /** @internal */
  public _bind(): Source {
    return this.source;
  }
}
