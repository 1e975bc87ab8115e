import { App, aws_iam as iam, CfnResource, Stack } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject } from '../../src';
import { newStack } from '../helpers/synthesis';

const KEY = 'arn:aws:kms:us-east-1:111111111111:key/0123';
const VPC = { VpcId: 'vpc-0123456789abcdef0', Subnets: ['subnet-0123456789abcdef0'], SecurityGroupIds: ['sg-0123456789abcdef0'] };

/** Synthesises a project whose template a user changes. */
function synthesis(change: (project: CachedBuildProject, resource: CfnResource, stack: Stack) => void): () => void {
  return () => {
    const stack = newStack();
    const project = new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) });
    change(project, project.project.node.defaultChild as CfnResource, stack);
    (stack.node.root as App).synth();
  };
}

test.each<[string, string, unknown, string]>([
  ['a KMS key', 'EncryptionKey', KEY, `'project' must not have a KMS key: its role has no permission for the key, so every build fails, got "${KEY}"; `
    + 'remove the override, or grant the role access to the key [BGP160]'],
  ['a VPC', 'VpcConfig', VPC, "'project' must not run in a VPC: its role cannot create network interfaces, so every build fails; "
    + 'remove the override, or grant the role the EC2 permissions of a build in a VPC [BGP160]'],
])('a project must not get %s by an override', (_, property, value, message) => {
  expect(synthesis((__, resource) => resource.addPropertyOverride(property, value))).toThrow(message);
});

test.each<[string, string, unknown, string]>([
  ['a KMS key', 'EncryptionKey', KEY, 'kms:Decrypt'],
  ['a VPC', 'VpcConfig', VPC, 'ec2:CreateNetworkInterface'],
])('a project may get %s when its role has permissions for it', (_, property, value, action) => {
  const allow = ({ role }: CachedBuildProject) =>
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: ['*'] }));

  expect(synthesis((project, resource) => {
    resource.addPropertyOverride(property, value);
    allow(project);
  })).not.toThrow();
});

test.each<[string, unknown]>([
  ['EncryptionKey', 'alias/aws/s3'],
  ['EncryptionKey', undefined],
  ['TimeoutInMinutes', 60],
  ['Environment.ComputeType', 'BUILD_GENERAL1_LARGE'],
])('a project may have the override %s: %j', (property, value) => {
  expect(synthesis((_, resource) => resource.addPropertyOverride(property, value))).not.toThrow();
});
