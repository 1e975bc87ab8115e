import { aws_codebuild as codebuild, aws_logs as logs, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { renderedLengthViolation } from './build-spec-length';
import { warn } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';
import { mayCall } from '../../private/role-permissions';
import { ScopedRole } from '../../private/scoped-role';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/** A project, and the resources that the library created for it. */
export interface ProjectPreflight {
  readonly project: codebuild.Project;
  readonly role: ScopedRole;
  readonly logGroup: logs.ILogGroup;
  /** True if the steps use Docker. */
  readonly privileged: boolean;
  /** The secrets that builds read. */
  readonly secrets: readonly secretsmanager.ISecret[];
  readonly buildSpec: codebuild.BuildSpec;
}

/** Checks at synthesis what overrides did to a project, and how long its buildspec has become. */
export function addProjectPreflight(scope: Construct, preflight: ProjectPreflight): void {
  checkAtSynthesis(scope, () => {
    warnOfWeakerProject(scope, preflight);
    return [
      renderedLengthViolation(scope, preflight.buildSpec),
      projectViolations(preflight),
    ];
  });
}

/** The keys that the CDK and AWS choose for projects and for secrets; they need no permission. */
const PROJECT_KEYS: readonly unknown[] = [undefined, 'alias/aws/s3'];
const SECRET_KEYS: readonly unknown[] = [undefined, 'alias/aws/secretsmanager'];

/**
 * Settings that an override adds to a project or to its secrets and that no permission of its role covers. The
 * template is deployed, and then every build fails.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
 */
function projectViolations({ project, role, secrets }: ProjectPreflight): Violations {
  const { EncryptionKey: key, VpcConfig: network } = renderedProperties(project.node.defaultChild);
  return [
    PROJECT_KEYS.includes(key) || mayCall(role, 'kms:Decrypt') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not have a KMS key: its role has no permissions for the key, so every build fails',
      got: formatValue(key),
      remedy: 'remove the override, or grant the role access to the key',
    }),
    network === undefined || mayCall(role, 'ec2:CreateNetworkInterface') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not run in a VPC: its role cannot create network interfaces, so every build fails',
      remedy: 'remove the override, or grant the role the EC2 permissions of a build in a VPC',
    }),
    [...new Set(secrets)].map((secret) => secretKeyViolation(secret, role)),
  ];
}

/** A key that the secret itself names has been granted to the role; a secret that is imported shows no key. */
function secretKeyViolation(secret: secretsmanager.ISecret, role: ScopedRole): Violations {
  const resource = secret.node.defaultChild;
  const key = resource instanceof secretsmanager.CfnSecret ? renderedProperties(resource).KmsKeyId : undefined;
  return SECRET_KEYS.includes(key) || mayCall(role, 'kms:Decrypt') ? undefined : violation({
    code: 'BGP160',
    prop: 'project',
    rule: 'must not read a secret encrypted with a KMS key: its role has no permissions for the key, so every build '
      + 'fails',
    got: `${formatValue(key)} on ${formatValue(secret.node.path)}`,
    remedy: 'remove the override, or grant the role access to the key',
  });
}

interface ProjectProperties {
  readonly Environment?: { readonly PrivilegedMode?: unknown };
  readonly LogsConfig?: {
    readonly CloudWatchLogs?: { readonly GroupName?: unknown; readonly Status?: unknown };
    readonly S3Logs?: { readonly Location?: unknown; readonly Status?: unknown };
  };
  readonly ServiceRole?: unknown;
  readonly Visibility?: unknown;
}

/** Warns about an override that gives builds more permissions, or removes their log. Each has a legitimate use. */
function warnOfWeakerProject(scope: Construct, preflight: ProjectPreflight): void {
  const consequences = weaknesses(renderedProperties(preflight.project.node.defaultChild), preflight);
  if (consequences.length > 0) {
    warn(scope, 'CachedBuildProject.override', 'BGP193',
      `${consequences.join(', and ')}: remove the override of the project`);
  }
}

function weaknesses(properties: ProjectProperties, { role, logGroup, privileged }: ProjectPreflight): string[] {
  const { Environment: environment, LogsConfig: { CloudWatchLogs: log, S3Logs: objects } = {} } = properties;
  const { ServiceRole: actingRole, Visibility: visibility = 'PRIVATE' } = properties;
  const isOwn = (value: unknown, own: string) => JSON.stringify(value) === JSON.stringify(Stack.of(role).resolve(own));
  return [
    ...(privileged || String(environment?.PrivilegedMode ?? false) === 'false'
      ? []
      : ['builds are privileged although no step uses Docker']),
    ...(log?.Status === 'ENABLED' ? [] : ['builds write no logs']),
    ...(log === undefined || isOwn(log.GroupName, logGroup.logGroupName)
      ? []
      : [`builds log to ${formatValue(log.GroupName)}, where their role cannot write`]),
    ...((objects?.Status ?? 'DISABLED') === 'DISABLED'
      ? []
      : [`builds log to ${formatValue(objects?.Location)} in S3, where their role cannot write`]),
    ...(visibility === 'PRIVATE' ? [] : ['logs and artifacts of builds are public']),
    ...(isOwn(actingRole, role.roleArn)
      ? []
      : [`builds have the permissions of ${formatValue(actingRole)}, a role that the library did not create`]),
  ];
}
