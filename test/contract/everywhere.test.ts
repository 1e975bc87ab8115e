import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { fullProps } from '../../scripts/programs';
import { PipelineEnvironment, PipelineSource } from '../../src';
import { full, Program, smallest } from '../helpers/programs';
import { CONNECTION_ARN, newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, rendered, texts } from '../helpers/templates';

const REGION = /(us|eu|ap|cn|sa|ca|me|af|il|mx)(-gov|-iso[a-z]?)?-(north|south|east|west|central)[a-z]*-\d/g;
const ACCOUNT = /(?<![0-9a-f-])\d{12}(?![0-9a-f])/g;
const PARTITION = /arn:aws[a-z-]*:/g;

/** An AWS domain; the names of services look like domains, too. */
const DOMAIN = /^(?![a-z-]+\.amazonaws\.com$)(?!.*aws-service-role\/).*amazonaws\.(com|cn).*/g;

const [, CONNECTION] = CONNECTION_ARN.split('us-east-1:');

/** The matches of a pattern in a template, except in the connection ARN of the user. */
function found(template: SynthesisedTemplate, pattern: RegExp): string[] {
  const ours = texts(template).map(([, text]) => text).filter((text) => !text.includes(CONNECTION))
    // The API of ECR Public is in one region for all.
    .map((text) => text.replaceAll('aws ecr-public get-login-password --region us-east-1', ''));
  return [...new Set(ours.flatMap((text) => text.match(pattern) ?? []))];
}

/** The smallest program in a region, with a connection of that region. */
function smallestIn(region: string, partition: string): SynthesisedTemplate {
  const stack = newStack({ env: { region } });
  const connectionArn = CONNECTION_ARN.replace('us-east-1', region).replace('arn:aws:', `arn:${partition}:`);
  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository: 'acme/storefront' }) });
  return templateOf(stack);
}

/** The full program, except for access logs of the load balancer, for which CDK must know the region. */
function fullAnywhere(): SynthesisedTemplate {
  const stack = newStack({ env: {} });
  const props = fullProps(stack);
  const environments = props.environments?.map(({ name, options }) =>
    new PipelineEnvironment(name, { ...options, loadBalancer: { ...options.loadBalancer, accessLogsBucket: undefined } }));
  pipelineIn(stack, { ...props, environments });
  return templateOf(stack);
}

const anywhere = smallest({ env: {} }).template;

test.each([
  { name: 'the smallest program', template: anywhere },
  { name: 'the full program', template: fullAnywhere() },
])('$name of an unknown account and region names no region, account, partition or domain', ({ template }) => {
  expect([REGION, ACCOUNT, PARTITION, DOMAIN].map((pattern) => found(template, pattern))).toEqual([[], [], [], []]);
  expect(texts(template).filter(([, text]) => text === CONNECTION_ARN).length).toBeGreaterThanOrEqual(2);
});

describe.each([
  ['us-east-1', 'aws'],
  ['eu-west-1', 'aws'],
  ['ap-southeast-1', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
])('in %s', (region, partition) => {
  const template = smallestIn(region, partition);
  const resources = Object.values(template.Resources);

  test('the smallest program names its region, and no other region, account or partition', () => {
    expect([REGION, ACCOUNT, PARTITION].map((pattern) => found(template, pattern))).toEqual([[region], [], []]);
  });

  test('the smallest program has the same resources in every region', () => {
    expect(resources.map(({ Type }) => Type).sort()).toEqual(Object.values(anywhere.Resources).map(({ Type }) => Type).sort());
  });

  test('the names of roles, dashboards and buckets end in the region', () => {
    const names = ['AWS::IAM::Role RoleName', 'AWS::CloudWatch::Dashboard DashboardName', 'AWS::S3::Bucket BucketName'].flatMap((row) => {
      const [type, property] = row.split(' ');
      return all(template, type).filter(([, properties]) => property in properties).map(([, properties]) => rendered(properties[property]));
    });

    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !name.endsWith(`-${region}`))).toEqual([]);
  });

  test('links in mails lead to the console of the partition', () => {
    const links = found(template, /https:\/\/console\.[a-z.-]+/g);

    expect(links.filter((link) => link === 'https://console.aws.amazon.com')).toHaveLength(partition === 'aws' ? 1 : 0);
  });
});

/** The part of a template that feature flags must not change. */
function withoutPolicies({ template }: Program): unknown {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => !['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Lambda::Function'].includes(Type))
    .map(([id, { Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} }]) => [
      id, Type, DeletionPolicy, UpdateReplacePolicy, Properties.Name, Properties.BucketName, Properties.PublicAccessBlockConfiguration,
      Properties.DeploymentController, Properties.AutoRollbackConfiguration, Properties.Environment?.PrivilegedMode,
      Properties.SecurityGroupIngress,
    ])
    .sort(([one], [other]) => String(one).localeCompare(String(other)));
}

test.each([smallest, full])('%p has the same resources, names and protections with all recommended feature flags', (make) => {
  expect(Object.keys(recommendedFlags).length).toBeGreaterThan(50);
  expect(withoutPolicies(make({ app: { context: recommendedFlags } }))).toEqual(withoutPolicies(make()));
});
