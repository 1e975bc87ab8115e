import { App, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { StorefrontStack } from '../../examples/us-east-1/storefront-stack';
import { fullProps } from '../../scripts/programs';
import { BlueGreenFargatePipeline } from '../../src';
import { ScopedRole } from '../../src/private/scoped-role';
import { acknowledgements, reportOf, written } from '../helpers/cdk-nag';
import { allPrograms } from '../helpers/programs';
import { CONNECTION_ARN, newStack, pipelineIn } from '../helpers/synthesis';

/** What is reported after a user, or a change of the library, did something to the full program. */
function reportedAfter(change: (pipeline: BlueGreenFargatePipeline) => void): string[] {
  const stack = newStack();
  change(pipelineIn(stack, fullProps(stack)));
  return reportOf(stack.node.root as App).reported.map(written).sort();
}

describe.each(allPrograms())('in $name', ({ stack }) => {
  const { reported, acknowledged } = reportOf(stack.node.root as App);

  test('nothing is reported that the library does not acknowledge', () => {
    expect(reported).toEqual([]);
  });

  test('each acknowledgement is on a resource that the pack reports, for a finding that it has', () => {
    const listed = new Set(acknowledged.map(written));

    expect(listed.size).toBeGreaterThan(10);
    expect([...new Set(acknowledgements(stack).map(written))].sort()).toEqual([...listed].sort());
  });

  test('each reason is a sentence', () => {
    for (const { reason } of acknowledgements(stack)) {
      expect(reason).toMatch(/^[A-Z].{40,}\.$/);
    }
  });
});

describe('with the pack as a plugin of the app', () => {
  const stackIn = (app: App) => new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });

  test.each<[string, (app: App) => unknown]>([
    ['the smallest program', (app) => pipelineIn(stackIn(app))],
    ['the full program', (app) => {
      const stack = stackIn(app);
      return pipelineIn(stack, fullProps(stack));
    }],
    ['examples/us-east-1', (app) => new StorefrontStack(app, {
      connectionArn: CONNECTION_ARN, repository: 'acme/storefront', notificationEmail: 'team@example.com', environmentSuffix: 'dev',
    })],
  ])('%s synthesises', (_, make) => {
    const app = new App();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    make(app);

    expect(() => app.synth()).not.toThrow();
  });

  test('a grant of the user that is too wide stops the synthesis', () => {
    const app = new App();
    Validations.of(app).addPlugins(new AwsSolutionsChecks());
    const pipeline = pipelineIn(stackIn(app));
    pipeline.deployments.production.taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
    jest.spyOn(console, 'error').mockReturnValue();

    expect(() => app.synth()).toThrow();
  });
});

describe('behind an acknowledgement nothing else is hidden:', () => {
  const LIVE = 'Storefront/P/DeployLive';
  const live = (pipeline: BlueGreenFargatePipeline) => pipeline.deployments.live;
  const roleOf = (pipeline: BlueGreenFargatePipeline, id: string) => live(pipeline).node.findChild(id) as ScopedRole;
  const toEverything = (...actions: string[]) => new iam.PolicyStatement({ actions, resources: ['*'] });

  test.each<[string, (pipeline: BlueGreenFargatePipeline) => void, string[]]>([
    ['a grant of the user to a role that has leave for the token of ECR',
      (pipeline) => roleOf(pipeline, 'ExecutionRole').addToPrincipalPolicy(toEverything('s3:*')),
      [`${LIVE}/ExecutionRole/Grants/Resource AwsSolutions-IAM5[Action::s3:*]`, `${LIVE}/ExecutionRole/Grants/Resource AwsSolutions-IAM5[Resource::*]`]],
    ['leave to pass any role, in the policy of the library without a reason',
      (pipeline) => roleOf(pipeline, 'CodeDeployRole').allow(['iam:PassRole'], ['*']),
      [`${LIVE}/CodeDeployRole/Resource AwsSolutions-IAM5[Resource::*]`]],
    ['leave to pass any role, in an inline policy of the user',
      (pipeline) => {
        const resource = roleOf(pipeline, 'ActionRole').node.defaultChild as iam.CfnRole;
        const { policies } = resource;
        const more = { policyName: 'more', policyDocument: new iam.PolicyDocument({ statements: [toEverything('iam:PassRole')] }) };
        resource.policies = Lazy.any({ produce: () => [...Stack.of(resource).resolve(policies) as [], more] });
      },
      [`${LIVE}/ActionRole/Resource AwsSolutions-IAM5[Resource::*]`]],
    ['more actions on the objects of the artifact bucket',
      (pipeline) => roleOf(pipeline, 'ActionRole').allow(['s3:DeleteObject'], [pipeline.artifacts.bucket.arnForObjects('*')]),
      [expect.stringMatching(`^${LIVE}/ActionRole/Resource AwsSolutions-IAM5\\[Resource::<PArtifacts.*>/\\*\\]$`)]],
    ['a port that the user opens to the world',
      (pipeline) => live(pipeline).loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(22)),
      [`${LIVE}/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23`]],
    ['the test listener opened to the world',
      (pipeline) => live(pipeline).loadBalancer.connections.allowFrom(ec2.Peer.anyIpv6(), ec2.Port.tcp(9000)),
      [`${LIVE}/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23`]],
    ['a load balancer inside the network opened to the world',
      (pipeline) => pipeline.deployments.preprod.loadBalancer.connections.allowFromAnyIpv4(ec2.Port.tcp(443)),
      ['Storefront/P/DeployPreprod/LoadBalancerSecurityGroup/Resource AwsSolutions-EC23']],
    ['variables of a container that the user adds',
      (pipeline) => live(pipeline).taskDefinition.addContainer('Sidecar', {
        image: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/sidecar:1'),
        environment: { TOKEN: 'in plain text' },
        logging: new ecs.GenericLogDriver({ logDriver: 'awslogs' }),
      }),
      [`${LIVE}/TaskDefinition/Resource AwsSolutions-ECS2`]],
  ])('%s', (_, change, expected) => {
    expect(reportedAfter(change)).toEqual(expected);
  });
});
