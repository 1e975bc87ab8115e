import { aws, outputOf, stackState } from './cloud';

/** The note in the table for types that their service does not list. */
const NOT_READ_BACK = {
  "created by CloudFormation's word; no service lists it": [
    'AWS::CDK::Metadata', 'AWS::EC2::Route', 'AWS::IAM::Policy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy',
  ],
  'its function ran here and answered': ['Custom::LiveColour', 'Custom::S3AutoDeleteObjects'],
  'PLACEHOLDER: a name in the stack, nothing behind it': [
    'AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'AWS::CodeDeploy::Application',
    'AWS::CodeDeploy::DeploymentGroup', 'AWS::CodePipeline::Pipeline',
  ],
};

describe('npm run deploy:local on a fresh emulator', () => {
  let output: string;

  beforeAll(() => {
    output = outputOf(0, 'npm', 'run', 'deploy:local');
  });

  test('deploy:local bootstraps and deploys, and shows its progress', async () => {
    expect(output).toMatch(/CDKToolkit \| +\d+\/\d+ .* CREATE_COMPLETE +\| AWS::IAM::Role /);
    expect(output).toMatch(/storefront-local \| +\d+\/\d+ .* CREATE_COMPLETE +\| AWS::ECS::Service /);
    expect(await stackState('CDKToolkit')).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await stackState('storefront-local')).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test('deploy:local ends with a table of every resource, which its service confirms or which is marked as not emulated', async () => {
    const rows = [...output.matchAll(/^ +(\d+) {2}(\w+::\S+) +(.+)$/gm)].map(([, count, type, words]) => ({ count: Number(count), type, words }));
    const readBack = rows.filter(({ count, words }) => new RegExp(`^read back: ${count} of ${count}(;|$)`).test(words));

    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(Object.keys((await stackState('storefront-local')).resources).length);
    const others = rows.filter((row) => !readBack.includes(row)).map(({ type, words }) => `${type}: ${words}`);
    expect(others.sort()).toEqual(Object.entries(NOT_READ_BACK).flatMap(([words, types]) => types.map((type) => `${type}: ${words}`)).sort());
    expect(readBack.map(({ type }) => type)).toEqual(expect.arrayContaining(['AWS::ECS::Service', 'AWS::Events::Rule', 'AWS::S3::Bucket']));
  });

  test('the emulated services have the settings of the example', async () => {
    const { services } = await aws<{ services: object[] }>(
      'ecs', 'describe_services', { cluster: 'cluster-production-local', services: ['service-production-local'] },
    );
    expect(services).toEqual([expect.objectContaining({
      deploymentController: { type: 'CODE_DEPLOY' }, desiredCount: 2, launchType: 'FARGATE', healthCheckGracePeriodSeconds: 60,
    })]);

    const { repositories } = await aws<{ repositories: object[] }>('ecr', 'describe_repositories', { repositoryNames: ['repository-local'] });
    expect(repositories).toEqual([expect.objectContaining({ imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } })]);
  });

  test('every printed address can be opened, and responds', () => {
    const lines = [...output.matchAll(/^ {2}([a-z ]+?) +curl (.+)$/gm)].map(([, label, request]) => {
      const status = outputOf(0, 'bash', '-c', `curl --silent --show-error --output /dev/null --write-out '%{http_code}' ${request}`);
      return `${label} ${status}`;
    });

    expect(lines).toEqual([
      'stack 200', 'service 200', 'service 200', 'load balancer 503', 'load balancer 503', 'build project 200', 'build project 200',
      'build project 200', 'repository 200', 'bucket 200', 'bucket 200', 'subscriptions 200', 'subscriptions 200', 'subscriptions 200', 'subscriptions 200', 'dashboard 200',
    ]);
  });

  test('deploy:local never claims to have deployed a working pipeline', () => {
    expect(output).toContain('Not shown: a release.');
    expect(output).not.toMatch(/pipeline (is|was|has been)? ?deployed/i);
  });
});
