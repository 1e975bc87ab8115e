import { aws_codepipeline as codepipeline, aws_iam as iam, aws_s3 as s3 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Problem, refuseValue } from '../private/errors';
import { NameParts } from '../private/names';
import { ScopedRole } from '../private/scoped-role';
import { connectionPlaceProblems, connectionProblems } from './private/connection-checks';

/** Where `PipelineSource.connection()` finds the code. */
export interface ConnectionSourceProps {
  /**
   * The connection to the Git host, of CodeConnections or of its former name CodeStar Connections.
   *
   * A connection that CloudFormation or the CLI made stays pending until a person completes its handshake in the
   * console; until then every execution fails at its source.
   *
   * It is of the region of the pipeline. One of another account must be shared with the account of the pipeline, which
   * CodeStar connections cannot be.
   */
  readonly connectionArn: string;

  /** The repository as `owner/name`, at most 1000 characters; GitLab groups may nest (`group/subgroup/name`). */
  readonly repository: string;

  /**
   * The branch whose pushes start the pipeline, at most 1000 characters, without `refs/heads/`.
   *
   * @default "main"
   */
  readonly branch?: string;
}

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
export abstract class PipelineSource {
  /**
   * A branch of a repository on GitHub, GitLab, Bitbucket or another host that CodeConnections reaches.
   *
   * Every push to the branch starts an execution. The whole tree is handed to the build as one ZIP, without its history.
   *
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
   */
  public static connection(props: ConnectionSourceProps): PipelineSource {
    refuseValue('PipelineSource.connection', connectionProblems(props));
    return new ConnectionSource(props);
  }

  /**
   * What is wrong about this source for a pipeline in this place.
   *
   * @internal
   */
  public abstract _placeProblems(scope: Construct): Problem[];

  /**
   * Adds the source stage to a pipeline.
   *
   * @internal
   */
  public abstract _addToPipeline(scope: Construct, pipeline: codepipeline.Pipeline, names: NameParts): codepipeline.Artifact;
}

/** CDK's own action takes owner and name apart, which nested groups and tokens do not survive, and grants one prefix of two. */
class ConnectionSource extends PipelineSource {
  constructor(private readonly props: ConnectionSourceProps) {
    super();
  }

  public _placeProblems(scope: Construct): Problem[] {
    return connectionPlaceProblems(scope, this.props.connectionArn);
  }

  public _addToPipeline(scope: Construct, pipeline: codepipeline.Pipeline, names: NameParts): codepipeline.Artifact {
    const source = new codepipeline.Artifact('Source');
    const role = new ScopedRole(scope, 'SourceRole', {
      ...names,
      purpose: 'source',
      assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
      description: 'Fetches the source through the connection and stores it as an artifact',
    });
    // The prefix must match that of the connection, and AWS documents the older one for connections made in the console.
    role.allow(['codeconnections:UseConnection', 'codestar-connections:UseConnection'], [this.props.connectionArn]);
    allowArtifactWrite(role, pipeline.artifactBucket);
    pipeline.addStage({
      stageName: 'Source',
      actions: [new ConnectionSourceAction(role, source, this.props)],
    });
    return source;
  }
}

function allowArtifactWrite(role: ScopedRole, bucket: s3.IBucket): void {
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket.bucketArn]);
  role.allowObjects(bucket, ['s3:PutObject', 's3:PutObjectAcl']);
}

class ConnectionSourceAction extends codepipeline.Action {
  protected readonly providedActionProperties: codepipeline.ActionProperties;

  constructor(role: iam.IRole, output: codepipeline.Artifact, private readonly props: ConnectionSourceProps) {
    super();
    this.providedActionProperties = {
      actionName: 'Source',
      category: codepipeline.ActionCategory.SOURCE,
      provider: 'CodeStarSourceConnection',
      artifactBounds: { minInputs: 0, maxInputs: 0, minOutputs: 1, maxOutputs: 1 },
      outputs: [output],
      role,
      variablesNamespace: 'Source',
    };
  }

  protected bound(): codepipeline.ActionConfig {
    return {
      configuration: {
        ConnectionArn: this.props.connectionArn,
        FullRepositoryId: this.props.repository,
        BranchName: this.props.branch ?? 'main',
        DetectChanges: true,
      },
    };
  }
}
