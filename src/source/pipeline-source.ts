import { ConnectionSourceOptions } from './connection-source-options';
import { connectionSource } from './private/connection-source';
import { Source } from './private/source';

/**
 * Where the code comes from.
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
   * A branch of a repository on GitHub, GitLab, Bitbucket or another host that CodeConnections
   * reaches.
   *
   * Every push to the branch starts an execution. The whole tree is handed to the build as one ZIP,
   * without its history.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
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
