import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { PipelineSource } from '../../src';
import { full, fullProps, Program, smallest } from '../helpers/programs';
import { CONNECTION_ARN, newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { rendered, texts } from '../helpers/templates';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'us-gov-west-1', 'cn-north-1'];

const ANY_REGION = /(us|eu|ap|cn|sa|ca|me|af|il|mx)(-gov|-iso[a-z]?)?-(north|south|east|west|central)[a-z]*-\d/g;
const ANY_ACCOUNT = /(?<![0-9a-f-])\d{12}(?![0-9a-f])/g;
const ANY_PARTITION = /arn:aws[a-z-]*:/g;

const [, CONNECTION] = CONNECTION_ARN.split('us-east-1:');

/** Every text of a template but the connection, which the user gave as it is. */
function ours(template: SynthesisedTemplate): [string, string][] {
  return texts(template).filter(([, text]) => !text.includes(CONNECTION));
}

/** The smallest program in a region, with a connection of that region. */
function smallestIn(region: string): SynthesisedTemplate {
  const stack = newStack({ env: { region } });
  const partition = region.startsWith('us-gov-') ? 'aws-us-gov' : region.startsWith('cn-') ? 'aws-cn' : 'aws';
  const connectionArn = CONNECTION_ARN.replace('us-east-1', region).replace('arn:aws:', `arn:${partition}:`);
  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository: 'acme/storefront' }) });
  return templateOf(stack);
}

function found(template: SynthesisedTemplate, pattern: RegExp): string[] {
  return [...new Set(ours(template).flatMap(([, text]) => text.match(pattern) ?? []))];
}

function typesOf(template: SynthesisedTemplate): string[] {
  return Object.values(template.Resources).map(({ Type }) => Type).sort();
}

/** The program with everything set, but for access logs of the load balancer, for which CDK must know the region. */
function fullAnywhere(): SynthesisedTemplate {
  const stack = newStack({ env: {} });
  const props = fullProps(stack);
  pipelineIn(stack, { ...props, environments: props.environments?.map((environment) => ({ ...environment, loadBalancerLogsBucket: undefined })) });
  return templateOf(stack);
}

describe.each([
  { name: 'the smallest program', template: smallest({ env: {} }).template },
  { name: 'the full program', template: fullAnywhere() },
])('$name in an unknown account and region', ({ template }) => {
  test('promise 42: no region is written out', () => {
    expect(found(template, ANY_REGION)).toEqual([]);
  });

  test('promise 42: no account is written out', () => {
    expect(found(template, ANY_ACCOUNT)).toEqual([]);
  });

  test('promise 42: no partition is written out', () => {
    expect(found(template, ANY_PARTITION)).toEqual([]);
  });

  test('promise 42: no domain of AWS is written out but in the name of a service', () => {
    const service = /^[a-z-]+\.amazonaws\.com$|aws-service-role\//;

    expect(ours(template).filter(([, text]) => /amazonaws\.(com|cn)/.test(text) && !service.test(text))).toEqual([]);
  });

  test('promise 42: the connection of the user stays as it was given', () => {
    expect(texts(template).filter(([, text]) => text === CONNECTION_ARN).length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(REGIONS)('%s', (region) => {
  const template = smallestIn(region);

  test('promise 42: no other region, and no account, is written out', () => {
    expect(found(template, ANY_REGION)).toEqual([region]);
    expect(found(template, ANY_ACCOUNT)).toEqual([]);
  });

  test('promise 42: no partition is written out', () => {
    expect(found(template, ANY_PARTITION)).toEqual([]);
  });

  test('promise 42: the program has the same resources as anywhere', () => {
    expect(typesOf(template)).toEqual(typesOf(smallest({ env: {} }).template));
  });

  test('promise 42: roles, dashboards and buckets are told apart by their region', () => {
    const names = [
      ...Object.values(resources(template, 'AWS::S3::Bucket')).map(({ Properties }) => rendered(Properties.BucketName)),
      ...Object.values(resources(template, 'AWS::CloudWatch::Dashboard')).map(({ Properties }) => rendered(Properties.DashboardName)),
      ...Object.values(resources(template, 'AWS::IAM::Role')).filter(({ Properties }) => Properties.RoleName !== undefined)
        .map(({ Properties }) => rendered(Properties.RoleName)),
    ];

    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !name.endsWith(`-${region}`))).toEqual([]);
  });
});

test.each(['us-gov-west-1', 'cn-north-1'])('promise 42: the links in the mails lead to the console of the partition of %s', (region) => {
  const template = smallestIn(region);

  const links = ours(template).filter(([, text]) => text.includes('console.aws.amazon.com'));

  expect(links).toEqual([]);
});

/** Whatever the feature flags of an app are, this must not differ. */
function promised({ template }: Program): unknown {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => !['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::Lambda::Function'].includes(Type))
    .map(([id, { Type, DeletionPolicy, UpdateReplacePolicy, Properties }]) =>
      [id, Type, DeletionPolicy, UpdateReplacePolicy, Properties?.Name, Properties?.BucketName, Properties?.PublicAccessBlockConfiguration,
        Properties?.DeploymentController, Properties?.AutoRollbackConfiguration, Properties?.Environment?.PrivilegedMode,
        Properties?.SecurityGroupIngress])
    .sort(([one], [other]) => String(one).localeCompare(String(other)));
}

describe.each([{ name: 'the smallest program', make: smallest }, { name: 'the full program', make: full }])('$name', ({ make }) => {
  test('promise 43: has the same resources, names and protections with all recommended feature flags as with none', () => {
    expect(Object.keys(recommendedFlags).length).toBeGreaterThan(50);
    expect(promised(make({ app: { context: recommendedFlags } }))).toEqual(promised(make()));
  });
});
