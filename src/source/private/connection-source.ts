import { aws_codepipeline as codepipeline, aws_iam as iam, aws_s3 as s3 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { connectionPlaceViolations, connectionViolations } from './connection-checks';
import { Source } from './source';
import { throwIfInvalid } from '../../private/errors';
import { Names } from '../../private/names';
import { ScopedRole } from '../../private/scoped-role';
import { ConnectionSourceOptions } from '../connection-source-options';
import { DEFAULT_BRANCH } from '../defaults';

/** A branch behind a connection: see `PipelineSource.connection`. */
export function connectionSource(options: ConnectionSourceOptions): Source {
  throwIfInvalid({ type: 'PipelineSource.connection' }, connectionViolations('options', options));
  return {
    connectionArn: options.connectionArn,
    placeViolations: (scope) => connectionPlaceViolations(scope, options.connectionArn),
    addToPipeline: (scope, pipeline, names) => addSourceStage({ scope, pipeline, names, options }),
  };
}

interface SourceStageOptions {
  readonly scope: Construct;
  readonly pipeline: codepipeline.Pipeline;
  readonly names: Names;
  readonly options: ConnectionSourceOptions;
}

function addSourceStage({ scope, pipeline, names, options }: SourceStageOptions): codepipeline.Artifact {
  const artifact = new codepipeline.Artifact('Source');
  const role = new ScopedRole(scope, 'SourceRole', {
    names,
    purpose: 'source',
    assumedBy: new iam.ArnPrincipal(pipeline.role.roleArn),
    description: 'Fetches the source through the connection and stores it as an artifact',
  });
  // The prefix must match that of the connection, and AWS documents the older one for connections made in the console.
  const prefixes = ['codeconnections', 'codestar-connections'];
  role.allow(prefixes.map((prefix) => `${prefix}:UseConnection`), [options.connectionArn], {
    StringEqualsIfExists: Object.assign({}, ...prefixes.map((prefix) => onBranch(prefix, options))),
  });
  allowArtifactWrite(role, pipeline.artifactBucket);
  pipeline.addStage({
    stageName: 'Source',
    actions: [new ConnectionSourceAction(role, artifact, options)],
  });
  return artifact;
}

/**
 * Keys that AWS sends with a request for one repository or one branch. CodePipeline is not documented to send
 * them with each request, and releases fail if it is refused: a request without them is allowed.
 *
 * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html#permissions-reference-connections-use
 */
function onBranch(prefix: string, { repository, branch = DEFAULT_BRANCH }: ConnectionSourceOptions): object {
  return { [`${prefix}:FullRepositoryId`]: repository, [`${prefix}:BranchName`]: branch };
}

function allowArtifactWrite(role: ScopedRole, bucket: s3.IBucket): void {
  role.allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'], [bucket.bucketArn]);
  role.allowObjects(bucket, ['s3:PutObject', 's3:PutObjectAcl']);
}

/** CDK's own action splits owner and name, which fails for nested groups and tokens, and grants one prefix of two. */
class ConnectionSourceAction extends codepipeline.Action {
  protected readonly providedActionProperties: codepipeline.ActionProperties;

  constructor(role: iam.IRole, output: codepipeline.Artifact, private readonly options: ConnectionSourceOptions) {
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
        ConnectionArn: this.options.connectionArn,
        FullRepositoryId: this.options.repository,
        BranchName: this.options.branch ?? DEFAULT_BRANCH,
        DetectChanges: true,
      },
    };
  }
}
