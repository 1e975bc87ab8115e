import { App, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, Lazy, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { fullProps } from '../../scripts/programs';
import { EcsBlueGreenDeployment } from '../../src';
import { ScopedRole } from '../../src/private/scoped-role';
import { acknowledgements, reportOf, written } from '../helpers/cdk-nag';
import { allPrograms } from '../helpers/programs';
import { CONNECTION_ARN, newStack, pipelineIn } from '../helpers/synthesis';

describe.each(allPrograms())('in $name', ({ stack }) => {
  const { reported, acknowledged } = reportOf(stack.node.root as App);

  test('cdk-nag reports nothing that the library does not acknowledge', () => {
    expect(reported).toEqual([]);
  });

  test('each acknowledgement is on a resource that cdk-nag reports, for a finding of that resource', () => {
    const listed = new Set(acknowledged.map(written));

    expect(listed.size).toBeGreaterThan(10);
    expect([...new Set(acknowledgements(stack).map(written))].sort()).toEqual([...listed].sort());
  });

  test('each acknowledgement has a sentence as its reason', () => {
    for (const { reason } of acknowledgements(stack)) {
      expect(reason).toMatch(/^[A-Z].{40,}\.$/);
    }
  });
});

describe('the rule pack as a plugin of the app', () => {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const example = new StorefrontStack(app, {
    connectionArn: CONNECTION_ARN, repository: 'acme/storefront', notificationEmail: 'team@example.com', environmentSuffix: 'dev',
  });

  test('examples/us-east-1 synthesises with the pack until the user adds a grant that is too wide', () => {
    expect(() => app.synth()).not.toThrow();

    example.shop.deployments.production.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
    jest.spyOn(console, 'error').mockReturnValue();

    expect(() => app.synth({ force: true })).toThrow();
  });
});

test('no other finding is hidden by an acknowledgement', () => {
  const stack = newStack();
  const pipeline = pipelineIn(stack, fullProps(stack));
  const { live, preprod, qa } = pipeline.deployments;
  const role = (deployment: EcsBlueGreenDeployment, id: string) => deployment.node.findChild(id) as ScopedRole;
  const toEverything = (...actions: string[]) => new iam.PolicyStatement({ actions, resources: ['*'] });

  // A grant of the user to a role that may get an ECR token.
  role(live, 'ExecutionRole').addToPrincipalPolicy(toEverything('s3:*'));
  // A permission to pass any role, in the policy of the library without a reason, and in an inline policy of the user.
  role(live, 'CodeDeployRole').allow(['iam:PassRole'], ['*']);
  const actionRole = role(live, 'ActionRole').node.defaultChild as iam.CfnRole;
  const { policies } = actionRole;
  const more = { policyName: 'more', policyDocument: new iam.PolicyDocument({ statements: [toEverything('iam:PassRole')] }) };
  actionRole.policies = Lazy.any({ produce: () => [...stack.resolve(policies) as [], more] });
  // More actions on the objects of the artifact bucket.
  role(qa, 'ActionRole').allow(['s3:DeleteObject'], [pipeline.artifacts.bucket.arnForObjects('*')]);
  // A port, the test listener and a load balancer inside the network, opened to the world.
  live.loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(22));
  qa.loadBalancer.connections.allowFrom(ec2.Peer.anyIpv6(), ec2.Port.tcp(9000));
  preprod.loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(443));
  // Variables of a container that the user adds.
  live.taskDefinition.addContainer('Sidecar', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/sidecar:1'),
    environment: { TOKEN: 'in plain text' },
    logging: new ecs.GenericLogDriver({ logDriver: 'awslogs' }),
  });

  expect(reportOf(stack.node.root as App).reported.map(written).sort()).toEqual([
    'Storefront/P/DeployLive/ActionRole/Resource AwsSolutions-IAM5[Resource::*]',
    'Storefront/P/DeployLive/CodeDeployRole/Resource AwsSolutions-IAM5[Resource::*]',
    'Storefront/P/DeployLive/ExecutionRole/Grants/Resource AwsSolutions-IAM5[Action::s3:*]',
    'Storefront/P/DeployLive/ExecutionRole/Grants/Resource AwsSolutions-IAM5[Resource::*]',
    'Storefront/P/DeployLive/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23',
    'Storefront/P/DeployLive/TaskDefinition/Resource AwsSolutions-ECS2',
    'Storefront/P/DeployPreprod/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23',
    expect.stringMatching(/^Storefront\/P\/DeployQa\/ActionRole\/Resource AwsSolutions-IAM5\[Resource::<PArtifacts.*>\/\*\]$/),
    'Storefront/P/DeployQa/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23',
  ]);
});

test('each wildcard in the policy of operators has a reason', () => {
  const other = newStack();
  pipelineIn(other, { operatorRoles: [iam.Role.fromRoleName(other, 'Operator', 'operator')] });
  const { reported, acknowledged } = reportOf(other.node.root as App);

  expect(reported.filter(({ path }) => path.includes('Operators'))).toEqual([]);
  expect(acknowledged.filter(({ path }) => path.includes('Operators')).length).toBeGreaterThan(3);
});
