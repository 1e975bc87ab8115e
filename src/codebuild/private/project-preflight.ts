import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import { renderedProperties } from '../../private/rendered-properties';
import { ScopedRole } from '../../private/scoped-role';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/** The key that CDK writes into every project; it needs no permission. */
const AWS_MANAGED_KEY = 'alias/aws/s3';

/**
 * Checks at synthesis what an override gives a project, and no permission of its role covers: it would
 * fail at the first build.
 */
export function projectViolations(project: codebuild.Project, role: ScopedRole): Violations {
  const { EncryptionKey: key, VpcConfig: network } = renderedProperties(project.node.defaultChild);
  return [
    key === undefined || key === AWS_MANAGED_KEY || role.hasActionOf('kms') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not have a KMS key of its own: the role may not use it, and every build would fail',
      got: formatValue(key),
      remedy: 'remove the override, or grant the role the key first',
    }),
    network === undefined || role.hasActionOf('ec2') ? undefined : violation({
      code: 'BGP160',
      prop: 'project',
      rule: 'must not run in a VPC: the role may not create network interfaces, and every build would fail',
      remedy: 'remove the override, or grant the role what a build in a VPC needs',
    }),
  ];
}
