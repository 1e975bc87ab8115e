import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { renderedProperties } from '../../private/rendered-properties';
import { mayCall } from '../../private/role-permissions';
import { ScopedRole } from '../../private/scoped-role';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/** The key that the CDK writes into every project; it needs no permission. */
const AWS_MANAGED_KEY = 'alias/aws/s3';

/**
 * Settings that an override adds to a project and that no permission of its role covers. The template is
 * deployed, and then every build fails.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
 */
export function projectViolations(project: codebuild.Project, role: ScopedRole): Violations {
  const { EncryptionKey: key, VpcConfig: network } = renderedProperties(project.node.defaultChild);
  return [
    key === undefined || key === AWS_MANAGED_KEY || mayCall(role, 'kms:Decrypt') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not have a KMS key: its role has no permission for the key, so every build fails',
      got: formatValue(key),
      remedy: 'remove the override, or grant the role access to the key',
    }),
    network === undefined || mayCall(role, 'ec2:CreateNetworkInterface') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not run in a VPC: its role cannot create network interfaces, so every build fails',
      remedy: 'remove the override, or grant the role the EC2 permissions of a build in a VPC',
    }),
  ];
}
