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

const network = new iam.PolicyStatement({ actions: ['ec2:Create*'], resources: ['*'] });

test.each<[string, (project: CachedBuildProject, stack: Stack) => unknown]>([
  ['by a pattern', ({ role }) => role.addToPrincipalPolicy(network)],
  ['by any action', ({ role }) => role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }))],
  ['by all actions but some', ({ role }) => role.addToPrincipalPolicy(new iam.PolicyStatement({ notActions: ['s3:*'], resources: ['*'] }))],
  ['in a policy of its own', ({ role }, stack) => new iam.Policy(stack, 'Network', { roles: [role], statements: [network] })],
  ['in a managed policy of the app', ({ role }, stack) => new iam.ManagedPolicy(stack, 'Network', { roles: [role], statements: [network] })],
  ['perhaps in a managed policy of AWS', ({ role }) => role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEC2FullAccess'))],
])('a project may run in a VPC when its role has the permission %s', (_, allow) => {
  expect(synthesis((project, resource, stack) => {
    resource.addPropertyOverride('VpcConfig', VPC);
    allow(project, stack);
  })).not.toThrow();
});

test.each<[string, (project: CachedBuildProject, stack: Stack) => unknown]>([
  ['another action of EC2', ({ role }) => role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ec2:DescribeImages'], resources: ['*'] }))],
  ['a Deny of the action', ({ role }) => role.addToPrincipalPolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['ec2:CreateNetworkInterface'], resources: ['*'] }))],
  ['the permission of another role', (_, stack) => new iam.Policy(stack, 'Network', {
    roles: [new iam.Role(stack, 'Other', { assumedBy: new iam.AccountRootPrincipal() })], statements: [network],
  })],
])('a project must not run in a VPC with %s', (_, change) => {
  expect(synthesis((project, resource, stack) => {
    resource.addPropertyOverride('VpcConfig', VPC);
    change(project, stack);
  })).toThrow('BGP160');
});

test.each<[string, unknown]>([
  ['EncryptionKey', 'alias/aws/s3'],
  ['EncryptionKey', undefined],
  ['TimeoutInMinutes', 60],
  ['Environment.ComputeType', 'BUILD_GENERAL1_LARGE'],
])('a project may have the override %s: %j', (property, value) => {
  expect(synthesis((_, resource) => resource.addPropertyOverride(property, value))).not.toThrow();
});
