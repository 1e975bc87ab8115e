import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_certificatemanager as acm, Duration } from 'aws-cdk-lib';
import { costOf, HALVED, SMALLEST, templateOf } from '../../scripts/cost/choices';
import { costPage } from '../../scripts/cost/page';
import { releaseOf, releasesCost } from '../../scripts/cost/release';
import { PipelineEnvironment, TrafficShift } from '../../src';
import { allowance, idleCost, itemsOf, notPriced } from '../../src/cli/explain/bill';
import { Template, TemplateJson } from '../../src/cli/template';
import { newStack, pipelineIn, templateOf as templateOfStack } from '../helpers/synthesis';

type Resources = TemplateJson['Resources'];

function template(resources: Resources): Template {
  return new Template({ Resources: resources }, { stackName: 'ByHand', region: 'us-east-1' });
}

const TASKS: Resources = {
  Definition: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'web', Cpu: '1024', Memory: '2048' } },
  Service: { Type: 'AWS::ECS::Service', Properties: { ServiceName: 'web', DesiredCount: 3, LaunchType: 'FARGATE', TaskDefinition: { Ref: 'Definition' } } },
};

const metric = { MetricStat: { Stat: 'Sum' } };

describe('the idle bill of a template that was written by hand', () => {
  // Sums by hand, from the list prices and 730 hours a month.
  test.each<[string, number, Resources]>([
    ['NAT gateway: 730 x 0.045', 32.85, { A: { Type: 'AWS::EC2::NatGateway' } }],
    ['elastic address: 730 x 0.005', 3.65, { A: { Type: 'AWS::EC2::EIP' } }],
    ['load balancer with 3 public addresses: 730 x (0.0225 + 3 x 0.005)', 27.375,
      { A: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing', Subnets: ['a', 'b', 'c'] } } }],
    ['load balancer in the network: 730 x 0.0225', 16.425,
      { A: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal', Subnets: ['a', 'b'] } } }],
    ['3 tasks of 1 vCPU and 2 GB: 730 x 3 x (0.04048 + 2 x 0.004445)', 108.1203, TASKS],
    ['interface endpoint in 2 zones: 730 x 2 x 0.01', 14.6,
      { A: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] } } }],
    ['gateway endpoint', 0, { A: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Gateway' } } }],
    ['instance with an address: 730 x (0.0042 + 0.005), and 8 x 0.08 for its disk', 7.356, {
      Public: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true } },
      A: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 't4g.nano', SubnetId: { Ref: 'Public' } } },
    }],
    ['2 secrets and a key: 2 x 0.40 + 1', 1.8,
      { A: { Type: 'AWS::SecretsManager::Secret' }, B: { Type: 'AWS::SecretsManager::Secret' }, C: { Type: 'AWS::KMS::Key' } }],
    ['12 metrics in 2 alarms, 10 of them free: 2 x 0.10', 0.2, {
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
      B: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a + b' }, ...Array.from({ length: 11 }, () => metric)] } },
    }],
    ['4 dashboards, 3 of them free', 3, Object.fromEntries(['A', 'B', 'C', 'D'].map((id) => [id, { Type: 'AWS::CloudWatch::Dashboard' }]))],
    ['what is paid by use', 0, { A: { Type: 'AWS::S3::Bucket' }, B: { Type: 'AWS::CodePipeline::Pipeline', Properties: { PipelineType: 'V2' } } }],
  ])('%s', (_, sum, resources) => {
    expect(idleCost(template(resources))).toBeCloseTo(sum, 6);
  });

  test('is the sum of its lines', () => {
    const both = template({ ...TASKS, Gateway: { Type: 'AWS::EC2::NatGateway' } });

    // 32.85 + 108.1203
    expect(idleCost(both)).toBeCloseTo(140.9703, 6);
    expect(itemsOf(both).map(({ what }) => what)).toEqual(['1 NAT gateway', 'Fargate for web']);
  });

  test('says what an account without free alarms and dashboards pays more', () => {
    const one = template({
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [metric, metric] } },
      B: { Type: 'AWS::CloudWatch::Dashboard' },
    });

    // 2 x 0.10 + 3
    expect(allowance(one)).toBeCloseTo(3.2, 6);
  });

  test.each<[string, Resources]>([
    ['A is of type AWS::RDS::DBInstance', { A: { Type: 'AWS::RDS::DBInstance' } }],
    ['A is not of type V2', { A: { Type: 'AWS::CodePipeline::Pipeline', Properties: { PipelineType: 'V1' } } }],
    ['A is not an application load balancer', { A: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'network' } } }],
    ['A is not a t4g.nano', { A: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 'm7g.large' } } }],
    ['A is not for Linux on x86', { A: { Type: 'AWS::ECS::TaskDefinition', Properties: { RuntimePlatform: { CpuArchitecture: 'ARM64' } } } }],
    ['A is not for Linux on x86', { A: { Type: 'AWS::ECS::TaskDefinition', Properties: { RuntimePlatform: { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } } } }],
    ['A is not for Linux on x86 with the storage that is included', { A: { Type: 'AWS::ECS::TaskDefinition', Properties: { EphemeralStorage: { SizeInGiB: 100 } } } }],
    ['Service runs tasks whose number, size or machine is not known',
      { Service: { Type: 'AWS::ECS::Service', Properties: { LaunchType: 'EC2', TaskDefinition: 'elsewhere' } } }],
  ])('names what has no known price: %s', (message, resources) => {
    expect(notPriced(template(resources)).join()).toContain(message);
  });
});

describe('a release', () => {
  const action = (Category: string, Provider = 'x', Configuration = {}) => ({ Actions: [{ ActionTypeId: { Category, Provider }, Configuration }] });
  const resources: Resources = {
    ...TASKS,
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
    Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'Balancer' } } },
    Group: {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        DeploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent15Minutes',
        BlueGreenDeploymentConfiguration: { TerminateBlueInstancesOnDeploymentSuccess: { TerminationWaitTimeInMinutes: 23 } },
        ECSServices: [{ ServiceName: { Ref: 'Service' } }],
        LoadBalancerInfo: { TargetGroupPairInfoList: [{ ProdTrafficRoute: { ListenerArns: [{ Ref: 'Listener' }] } }] },
      },
    },
    Pipeline: {
      Type: 'AWS::CodePipeline::Pipeline',
      Properties: {
        PipelineType: 'V2',
        Stages: [action('Source'), action('Build'), action('Test'), action('Approval'),
          { Name: 'Deploy', ...action('Deploy', 'CodeDeployToECS', { DeploymentGroupName: { Ref: 'Group' } }) }],
      },
    },
    Gateway: { Type: 'AWS::EC2::NatGateway' },
  };

  test('takes the minutes of its actions, the doubled tasks and the images that the new ones pull', () => {
    const release = releaseOf(template(resources));

    // 1 for the source, 5 for the build, 2 for the test, none for the approval, 2 + 15 + 23 for the deployment.
    expect(release.actionMinutes).toBe(48);
    expect(release.buildMinutes).toBe(7);
    // 3 tasks of 0.04937 an hour for 40 minutes.
    expect(release.taskDollars).toBeCloseTo(0.09874, 6);
    // 3 images of 0.2 GB.
    expect(release.natGigabytes).toBeCloseTo(0.6, 6);
  });

  test('pulls no image through the NAT gateway when there is none, or an endpoint for S3', () => {
    const { Gateway, ...without } = resources;
    const endpoint = { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 'com.amazonaws.us-east-1.s3', VpcEndpointType: 'Gateway' } };

    expect(Gateway.Type).toBe('AWS::EC2::NatGateway');
    expect(releaseOf(template(without)).natGigabytes).toBe(0);
    expect(releaseOf(template({ ...resources, Endpoint: endpoint })).natGigabytes).toBe(0);
  });

  test('costs less while free minutes last', () => {
    const release = releaseOf(template(resources));

    // 0.09874 for tasks and 0.6 x 0.045 for images.
    expect(releasesCost(release, 1)).toBeCloseTo(0.12574, 6);
    // 20 x 0.12574, (20 x 48 - 100) x 0.002 and (20 x 7 - 100) x 0.005.
    expect(releasesCost(release, 20)).toBeCloseTo(4.4348, 6);
    // 0.12574 + 48 x 0.002 + 7 x 0.005
    expect(releasesCost(release, 1, { pipelineMinutes: 0, buildMinutes: 0 })).toBeCloseTo(0.25674, 6);
  });
});

describe('docs/cost.md', () => {
  const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');

  test('is what "npm run cost" writes now', () => {
    expect(read('docs', 'cost.md')).toBe(costPage());
  }, 60_000);

  test('agrees with the README', () => {
    const [, rounded] = /about (\d+) US dollars a month/.exec(read('README.md')) ?? [];

    expect(Number(rounded)).toBe(Math.round(idleCost(templateOf(SMALLEST))));
  });

  test('is right about what does not change the idle bill', () => {
    const stack = newStack();
    pipelineIn(stack, {
      environments: ['staging', 'production'].map((name) => new PipelineEnvironment(name, {
        certificate: acm.Certificate.fromCertificateArn(stack, name, 'arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c'),
        loadBalancer: { testListenerCidrs: ['203.0.113.0/24'] },
        trafficShift: TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }),
        taskCount: name === 'staging' ? 1 : 2,
      })),
    });
    const dearer = newStack();
    pipelineIn(dearer, { environments: [PipelineEnvironment.staging({ maxTaskCount: 4 }), PipelineEnvironment.production({ maxTaskCount: 4 })] });

    // 112.280075 by the test of the demo; four alarms of 0.10 for the scaling of two environments.
    expect(idleCost(template(templateOfStack(stack).Resources))).toBeCloseTo(112.280075, 6);
    expect(idleCost(template(templateOfStack(dearer).Resources))).toBeCloseTo(112.680075, 6);
  });

  test('halves the bill wherever it says so', () => {
    const half = idleCost(templateOf(SMALLEST)) / 2;

    expect(HALVED.map((choice) => costOf(choice) <= half)).toEqual([true, true, true]);
  });
});
