import { App, aws_ecr as ecr, aws_iam as iam, aws_kms as kms, aws_secretsmanager as secretsmanager, CfnResource, Stack } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject, RegistryCredentials, RegistryLogin } from '../../src';
import { newStack } from '../helpers/synthesis';
import { warningsOf } from '../helpers/warnings';

const KEY = 'arn:aws:kms:us-east-1:111111111111:key/0123';
const VPC = { VpcId: 'vpc-0123456789abcdef0', Subnets: ['subnet-0123456789abcdef0'], SecurityGroupIds: ['sg-0123456789abcdef0'] };

/** Synthesises a project whose template the user changes. */
function synthesis(change: (project: CachedBuildProject, resource: CfnResource, stack: Stack) => void): () => void {
  return () => {
    const stack = newStack();
    const project = new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) });
    change(project, project.project.node.defaultChild as CfnResource, stack);
    (stack.node.root as App).synth();
  };
}

test.each<[string, string, unknown, string]>([
  ['a KMS key', 'EncryptionKey', KEY, `'project' must not have a KMS key: its role has no permissions for the key, so every build fails, got "${KEY}"; `
    + 'remove the override, or grant the role access to the key [BGP160]'],
  ['the AWS managed key of Secrets Manager', 'EncryptionKey', 'alias/aws/secretsmanager', '\'project\' must not have a KMS key: its role has no permissions for the key, so every build fails, got "alias/aws/secretsmanager"; '
    + 'remove the override, or grant the role access to the key [BGP160]'],
  ['a VPC', 'VpcConfig', VPC, "'project' must not run in a VPC: its role cannot create network interfaces, so every build fails; "
    + 'remove the override, or grant the role the EC2 permissions of a build in a VPC [BGP160]'],
])('a project must not get %s from an override', (_, property, value, message) => {
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
  ['by all actions except some', ({ role }) => role.addToPrincipalPolicy(new iam.PolicyStatement({ notActions: ['s3:*'], resources: ['*'] }))],
  ['in a policy of its own', ({ role }, stack) => new iam.Policy(stack, 'Network', { roles: [role], statements: [network] })],
  ['in a managed policy of the app', ({ role }, stack) => new iam.ManagedPolicy(stack, 'Network', { roles: [role], statements: [network] })],
  ['possibly in an AWS managed policy', ({ role }) => role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEC2FullAccess'))],
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

describe('an override of a standalone project', () => {
  const warningsAfter = (change: (resource: CfnResource) => void, steps = BuildSteps.commands(['npm test'])): string[] => {
    const stack = newStack();
    change(new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps }).project.node.defaultChild as CfnResource);
    return warningsOf(stack);
  };

  test.each<[string, string, unknown, string]>([
    ['makes builds privileged', 'Environment.PrivilegedMode', true, 'builds are privileged although no step uses Docker'],
    ['switches the log off', 'LogsConfig.CloudWatchLogs.Status', 'DISABLED', 'builds write no logs'],
    ['removes the log', 'LogsConfig', undefined, 'builds write no logs'],
    ['names another log group', 'LogsConfig.CloudWatchLogs.GroupName', '/acme/builds', 'builds log to "/acme/builds", where their role cannot write'],
    ['adds a log in S3', 'LogsConfig.S3Logs', { Status: 'ENABLED', Location: 'acme/logs' }, 'builds log to "acme/logs" in S3, where their role cannot write'],
    ['adds a log in S3 with a parameter', 'LogsConfig.S3Logs', { Status: { Ref: 'LogToS3' }, Location: 'acme' }, 'builds log to "acme" in S3'],
    ['publishes builds', 'Visibility', 'PUBLIC_READ', 'logs and artifacts of builds are public'],
    ['names another role', 'ServiceRole', 'arn:aws:iam::111111111111:role/admin',
      'builds have the permissions of "arn:aws:iam::111111111111:role/admin", a role that the library did not create'],
  ])('synthesis warns about an override that %s', (_, path, value, consequence) => {
    expect(warningsAfter((resource) => resource.addPropertyOverride(path, value))).toEqual([expect.stringMatching(`${consequence}[^]*: remove the override of the project \\[BGP193\\]`)]);
  });

  test.each<[string, string, unknown]>([
    ['sets the name of a stream', 'LogsConfig.CloudWatchLogs.StreamName', 'builds'],
    ['disables the log in S3', 'LogsConfig.S3Logs.Status', 'DISABLED'],
    ['sets the role of the library', 'ServiceRole', { 'Fn::GetAtt': ['BuildRoleB7C66CB2', 'Arn'] }],
  ])('synthesis does not warn about an override that %s', (_, path, value) => {
    expect(warningsAfter((resource) => resource.addPropertyOverride(path, value))).toEqual([]);
  });

  test('synthesis does not warn about an override that makes builds with Docker privileged', () => {
    expect(warningsAfter((resource) => resource.addPropertyOverride('Environment.PrivilegedMode', true), BuildSteps.commands(['make'], { docker: true }))).toEqual([]);
  });
});

test('the cache bucket of a standalone project must stay private', () => {
  const stack = newStack();
  const { cacheBucket } = new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: BuildSteps.commands(['npm test']) });
  (cacheBucket!.node.defaultChild as CfnResource).addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicPolicy', false);

  expect(() => (stack.node.root as App).synth()).toThrow('got an override of ["BlockPublicPolicy"]; remove the override [BGP195]');
});

describe('a secret of a build', () => {
  const synthesisOfSecrets = (change: (secret: CfnResource, project: CachedBuildProject) => void, isEncrypted = false) => () => {
    const stack = newStack();
    const { secret } = new RegistryCredentials(stack, 'Registry', { environmentSuffix: 'dev' });
    const token = new secretsmanager.Secret(stack, 'Token', isEncrypted ? { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) } : {});
    const project = new CachedBuildProject(stack, 'Build', {
      environmentSuffix: 'dev',
      steps: BuildSteps.image({ repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), registryCredentials: RegistryLogin.fromSecret(secret), buildSecrets: { token } }),
    });
    change(secret.node.defaultChild as CfnResource, project);
    (stack.node.root as App).synth();
  };
  const encrypt = (secret: CfnResource) => secret.addPropertyOverride('KmsKeyId', KEY);

  test('a secret must not get a KMS key from an override, because no build could read it', () => {
    expect(synthesisOfSecrets(encrypt)).toThrow(`'project' must not read a secret encrypted with a KMS key: its role has no permissions for the key, so every build fails, got "${KEY}" `
      + 'on "Storefront/Registry/Resource"; remove the override, or grant the role access to the key [BGP160]');
  });

  test('a secret may get a KMS key when the role of the build has permissions for the key', () => {
    expect(synthesisOfSecrets((secret, { role }) => {
      encrypt(secret);
      role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [KEY] }));
    })).not.toThrow();
  });

  test('a secret may use the AWS managed key, or a key of the user that the secret names', () => {
    expect(synthesisOfSecrets((secret) => secret.addPropertyOverride('KmsKeyId', 'alias/aws/secretsmanager'))).not.toThrow();
    expect(synthesisOfSecrets(() => undefined, true)).not.toThrow();
  });
});
