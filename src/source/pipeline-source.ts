import { aws_codepipeline as codepipeline, aws_iam as iam, aws_s3 as s3, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { textProblem, shown, textMatching } from '../private/checks';
import { Problem, refuseValue } from '../private/errors';
import { NameParts } from '../private/names';
import { ScopedRole } from '../private/scoped-role';

/** Where `PipelineSource.connection()` finds the code. */
export interface ConnectionSourceProps {
  /**
   * The connection to the Git host, of CodeConnections or of its former name CodeStar Connections.
   *
   * A connection that CloudFormation or the CLI made stays pending until a person completes its handshake in the
   * console; until then every execution fails at its source.
   */
  readonly connectionArn: string;

  /** The repository as `owner/name`; GitLab groups may nest (`group/subgroup/name`). */
  readonly repository: string;

  /**
   * The branch whose pushes start the pipeline.
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
   * Adds the source stage to a pipeline.
   *
   * @internal
   */
  public abstract _addToPipeline(scope: Construct, pipeline: codepipeline.Pipeline, names: NameParts): codepipeline.Artifact;
}

const CONNECTION_ARN = /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z]{2,}(-[a-z]+)+-\d:\d{12}:connection\/[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}$/;
const REPOSITORY = /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/;

function connectionProblems(props: ConnectionSourceProps): Problem[] {
  return [
    textMatching('BGP020', 'connectionArn', props?.connectionArn, CONNECTION_ARN,
      'the ARN of a CodeConnections or CodeStar connection',
      'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d'),
    textMatching('BGP021', 'repository', props?.repository, REPOSITORY,
      'owner/name of letters, digits, hyphens, underscores and dots, without host or address', 'acme/storefront')
      ?? repositoryPartsProblem(props.repository),
    props?.branch === undefined ? undefined : branchProblem(props.branch),
  ];
}

function repositoryPartsProblem(repository: string): Problem {
  return repository.split('/').some((part) => part === '.' || part === '..' || part.endsWith('.git'))
    ? `'repository' must be owner/name without ".", ".." or a ".git" at the end, got ${shown(repository)}; for example "acme/storefront"`
    : undefined;
}

/** What git itself refuses in a branch name (`man git-check-ref-format`), and a name that already holds `refs/heads/`. */
const NOT_IN_BRANCH = /[\s~^:?*[\\]|\.\.|@\{|^@$|^[/-]|\/$|\/\/|\.$|(^|\/)\.|\.lock(\/|$)|^refs\/heads\//;

function branchProblem(branch: unknown): Problem {
  const unusable = textProblem('branch', branch, 'main');
  if (unusable || typeof branch !== 'string' || Token.isUnresolved(branch)) {
    return unusable;
  }
  const control = [...branch].some((character) => character < ' ' || character === '\u007f');
  return control || NOT_IN_BRANCH.test(branch)
    ? `'branch' must be a branch name that git accepts, without "refs/heads/", got ${shown(branch)}; for example "main"`
    : undefined;
}

/** CDK's own action takes owner and name apart, which nested groups and tokens do not survive, and grants one prefix of two. */
class ConnectionSource extends PipelineSource {
  constructor(private readonly props: ConnectionSourceProps) {
    super();
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
  role.allow(['s3:PutObject', 's3:PutObjectAcl'], [bucket.arnForObjects('*')]);
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
