import { aws_codepipeline as codepipeline, aws_iam as iam, aws_s3 as s3, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { renderedList, renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/**
 * Denies every principal except the pipeline, its source and these roles to write artifacts: an execution that
 * waits for approval uses the newest object under its key, and nothing pins its version.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_S3Location.html
 */
export function protectArtifacts(scope: Construct, pipeline: codepipeline.Pipeline, roles: readonly iam.IRole[]): void {
  const { artifactBucket: bucket } = pipeline;
  const writers = [pipeline.role, ...writersOf(pipeline.stages[0]), ...roles].map((role) => role.roleArn);
  const deny = new iam.PolicyStatement({
    sid: 'OnlyWritersOfThePipeline',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects('*')],
    // The ARN of the role, with any session name.
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': [...new Set(writers)] } },
  });
  bucket.addToResourcePolicy(deny);
  checkAtSynthesis(scope, () => {
    const known = new Set(writers.map((arn) => rendered(scope, arn)));
    return [
      lostDenyViolation(bucket, deny),
      pipeline.stages.map((stage) => stage.actions.map((action) =>
        unknownWriterViolation(scope, stage.stageName, action, known))),
    ];
  });
}

/** An override that removes the deny, or changes its exceptions. */
function lostDenyViolation(bucket: s3.IBucket, deny: iam.PolicyStatement): Violations {
  const policy = bucket.policy?.node.defaultChild;
  const { Statement: found } = (policy && renderedProperties(policy).PolicyDocument) as RenderedPolicy ?? {};
  const statements = renderedList(found).map((statement) => JSON.stringify(statement));
  return statements.includes(rendered(bucket, deny.toStatementJson())) ? undefined : violation({
    code: 'BGP180',
    prop: 'artifacts',
    rule: 'must deny s3:PutObject to every principal except the artifact writers of the pipeline, and an override '
      + 'changes that statement',
    remedy: "remove the override, and pass other writers in 'storage.artifactWriters'",
  });
}

interface RenderedPolicy {
  readonly Statement?: unknown;
}

/** CodeBuild writes the artifacts of an action with the role of the project, every other action with its own. */
function writerOf({ actionProperties: { provider, resource, role } }: codepipeline.IAction): iam.IRole | undefined {
  return provider === 'CodeBuild' ? (resource as { readonly role?: iam.IRole } | undefined)?.role : role;
}

function writersOf(stage: codepipeline.IStage): iam.IRole[] {
  return stage.actions.map(writerOf).filter((role) => role !== undefined);
}

function unknownWriterViolation(
  scope: Construct, stageName: string, action: codepipeline.IAction, known: ReadonlySet<string>,
): Violations {
  const { actionName, outputs = [] } = action.actionProperties;
  const writer = writerOf(action);
  const writes = outputs.length > 0 && !(writer !== undefined && known.has(rendered(scope, writer.roleArn)));
  return writes ? violation({
    code: 'BGP197',
    prop: 'storage.artifactWriters',
    rule: `must include the role that writes the artifacts of ${formatValue(`${stageName}/${actionName}`)}: the `
      + 'bucket denies s3:PutObject to this role',
    remedy: 'add the role of the CodeBuild project, or, for any other action, the role that you pass to the action',
  }) : undefined;
}

function rendered(scope: IConstruct, value: unknown): string {
  return JSON.stringify(Stack.of(scope).resolve(value));
}
