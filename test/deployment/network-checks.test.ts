import { App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_kms as kms, aws_s3 as s3, Fn, Lazy, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { EcsBlueGreenDeploymentProps, SmokeTest } from '../../src';
import { environmentProblems } from '../../src/deployment/private/deployment-checks';
import { isWide } from '../../src/deployment/private/network-checks';
import { inWords } from '../../src/private/errors';
import { deploymentIn } from '../helpers/deployments';
import { newStack } from '../helpers/synthesis';

const RUNS = 2000;

const stack = newStack();
const anywhere = new Stack(new App(), 'Anywhere');
const text = Lazy.string({ produce: () => 'later' });

function said(options: { [prop: string]: unknown }, place: Partial<EcsBlueGreenDeploymentProps> & { readonly scope?: Stack } = {}, at = ''): string[] {
  return environmentProblems(at, options, 2, { scope: stack, ...place }).flatMap((problem) => problem === undefined ? [] : [inWords(problem)]);
}

let count = 0;

/** An imported network; a zone of its own for each subnet of a list. */
function network(subnets: { [kind: string]: string[] }, more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  const most = Math.max(...Object.values(subnets).map((ids) => ids.length), 1);
  return ec2.Vpc.fromVpcAttributes(stack, `Network${count++}`, { vpcId: 'vpc-1', availabilityZones: ['a', 'b', 'c'].slice(0, most), ...subnets, ...more });
}

const TWO = { publicSubnetIds: ['p1', 'p2'], privateSubnetIds: ['s1', 's2'] };
const ISOLATED = { publicSubnetIds: ['p1', 'p2'], isolatedSubnetIds: ['i1', 'i2'] };
const bootstrapImage = ecs.ContainerImage.fromRegistry('acme/hello:1');

describe('a network', () => {
  test.each<[string, ec2.IVpc, { [prop: string]: unknown }, object]>([
    ['with two zones', network(TWO), {}, {}],
    ['without public subnets for a private load balancer', network({ privateSubnetIds: ['s1', 's2'] }, { vpcCidrBlock: '10.0.0.0/16' }), { publicLoadBalancer: false }, {}],
    ['that is isolated, with an image to begin with', network(ISOLATED), {}, { bootstrapImage }],
    ['that a template makes', new ec2.Vpc(stack, 'Made', { maxAzs: 2 }), {}, {}],
    ['that is not known before it is looked up', ec2.Vpc.fromLookup(new Stack(new App(), 'Known', { env: { account: '111111111111', region: 'us-east-1' } }), 'Found', { isDefault: false }), { publicLoadBalancer: false }, {}],
    ['whose subnets another stack exports', network({ publicSubnetIds: Fn.split(',', Fn.importValue('Public')), privateSubnetIds: Fn.split(',', Fn.importValue('Private')) },
      { availabilityZones: ['a'] }), {}, {}],
  ])('%s is taken', (_, vpc, options, place) => {
    expect(said(options, { vpc, ...place })).toEqual([]);
  });

  test('whose zones nobody tells is taken', () => {
    const subnets = ['s1', 's2'].map((subnetId) => ec2.Subnet.fromSubnetId(stack, subnetId, subnetId));

    expect(said({}, { vpc: Object.assign(network(TWO), { publicSubnets: subnets, privateSubnets: subnets }) })).toEqual([]);
  });

  test.each<[string, ec2.IVpc, { [prop: string]: unknown }, string]>([
    ['no subnets for a public load balancer', network({ privateSubnetIds: ['s1', 's2'] }), {},
      "'vpc' must have public subnets for a load balancer that is reachable from the Internet; add some, or set 'live.publicLoadBalancer' to false [BGP120]"],
    ['no subnets for tasks', network({ publicSubnetIds: ['p1', 'p2'] }), {}, "'vpc' must have private subnets for the tasks; add some, with a way out [BGP121]"],
    ['isolated subnets alone', network(ISOLATED), {},
      "'bootstrapImage' is required in a 'vpc' whose private subnets are isolated: the default comes from ECR Public, which tasks cannot reach from there; "
      + 'bring an image of an ECR repository, and VPC endpoints for ECR, S3 and CloudWatch Logs [BGP122]'],
    ['one public subnet', Object.assign(network(TWO), { publicSubnets: network(TWO).publicSubnets.slice(1) }), {},
      "'vpc' must have public subnets, for the load balancer, in at least two availability zones, got one; add another, for example with maxAzs: 2 [BGP123]"],
    ['one private subnet', Object.assign(network(TWO), { privateSubnets: network(TWO).privateSubnets.slice(1) }), {},
      "'vpc' must have private subnets, for the tasks, in at least two availability zones, got one; add another, for example with maxAzs: 2 [BGP123]"],
    ['no addresses that are known, for a private load balancer', network(TWO), { publicLoadBalancer: false },
      "'vpc' must know its addresses for a load balancer that only they reach ('live.publicLoadBalancer' is false); import it with vpcCidrBlock [BGP124]"],
  ])('with %s is refused', (_, vpc, options, sentence) => {
    expect(said(options, { vpc }, 'live.')).toEqual([sentence]);
  });

  test('of one zone is refused for load balancer and tasks', () => {
    expect(said({}, { vpc: new ec2.Vpc(stack, 'OneZone', { maxAzs: 1 }) })).toHaveLength(2);
    expect(said({}, { vpc: network({ publicSubnetIds: ['p1'], isolatedSubnetIds: ['i1'] }), bootstrapImage })).toHaveLength(2);
  });

  test('without a way out is refused for a smoke test', () => {
    expect(said({ smokeTest: SmokeTest.http({ path: '/' }) }, { vpc: network(ISOLATED), bootstrapImage }, 'live.')).toEqual([
      "'live.smokeTest' must not be given in a 'vpc' whose private subnets have no way out: its function reaches EC2 and CodeDeploy from there; "
      + "use a function of yours as 'live.hooks.afterAllowTestTraffic' [BGP117]",
    ]);
  });
});

describe('a certificate', () => {
  const withArn = (arn: string) => acm.Certificate.fromCertificateArn(stack, `Certificate${count++}`, arn);

  test.each([
    'arn:aws:acm:us-east-1:111111111111:certificate/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d', 'arn:aws-us-gov:acm:us-east-1:111111111111:certificate/x',
    'arn:aws:iam::111111111111:server-certificate/acme/shop', text,
  ])('%s is taken', (arn) => {
    expect(said({ certificate: withArn(arn) })).toEqual([]);
  });

  test.each(['', 'arn:aws:acm:us-east-1:111111111111:certificate/', 'arn:aws:acm:us-east-1:11111111111:certificate/x', 'arn:aws:s3:::certificate/x',
    'arn:aws:acm:us-east-1:111111111111:certificate/x\n', ' arn:aws:acm:us-east-1:111111111111:certificate/x', 'arn:aws:acm::111111111111:certificate/x', '6a5e4b1c',
    'arn:aws:iam::111111111111:server-certificate/', 'xarn:aws:iam::111111111111:server-certificate/shop', 'arn:aws:iam::111111111111:server-certificate/shop ',
    'arn:aws:iam:us-east-1:111111111111:server-certificate/shop', 'arn:aws:iam::111111111111:role/shop'])('%j is refused', (arn) => {
    const certificate = new class extends Stack {
      public readonly certificateArn = arn;
    }(new App(), 'Odd');
    expect(said({ certificate })).toEqual([
      `'certificate' must have the ARN of a certificate, got ${JSON.stringify(arn)}; `
      + 'for example "arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c" [BGP125]',
    ]);
  });

  test('of another region is refused, by its ARN or by its stack', () => {
    const elsewhere = new Stack(new App(), 'Elsewhere', { env: { region: 'eu-west-1' } });
    const sentence = '\'certificate\' must be in the region of its load balancer, "us-east-1", got one in "eu-west-1"; request one there [BGP126]';

    expect(said({ certificate: withArn('arn:aws:acm:eu-west-1:111111111111:certificate/x') })).toEqual([sentence]);
    expect(said({ certificate: new acm.Certificate(elsewhere, 'Made', { domainName: 'shop.example.com' }) })).toEqual([sentence]);
    expect(said({ certificate: withArn('arn:aws:acm:eu-west-1:111111111111:certificate/x') }, { scope: anywhere })).toEqual([]);
    expect(said({ certificate: new acm.Certificate(anywhere, 'Made', { domainName: 'shop.example.com' }) })).toEqual([]);
  });

  test('that is no certificate is refused', () => {
    expect(said({ certificate: 'arn:aws:acm:us-east-1:111111111111:certificate/x' })).toEqual([
      '\'certificate\' must be an acm.ICertificate, got "arn:aws:acm:us-east-1:111111111111:certificate/x"; '
      + 'for example acm.Certificate.fromCertificateArn(this, "Certificate", arn) [BGP002]',
    ]);
  });
});

describe('a bucket for access logs', () => {
  test('is taken, imported or made', () => {
    expect(said({ loadBalancerLogsBucket: s3.Bucket.fromBucketName(stack, 'Imported', 'acme-logs') })).toEqual([]);
    expect(said({ loadBalancerLogsBucket: new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.S3_MANAGED }) })).toEqual([]);
  });

  test.each<[unknown, Stack, string]>([
    ['acme-logs', stack, '\'loadBalancerLogsBucket\' must be an s3.IBucket, got "acme-logs"; for example s3.Bucket.fromBucketName(this, "Logs", "acme-logs") [BGP002]'],
    [new s3.Bucket(stack, 'Encrypted', { encryptionKey: new kms.Key(stack, 'Key') }), stack,
      "'loadBalancerLogsBucket' must not be encrypted with a KMS key: load balancers cannot write there; use BucketEncryption.S3_MANAGED [BGP128]"],
    [s3.Bucket.fromBucketName(anywhere, 'Nowhere', 'acme-logs'), anywhere,
      "'loadBalancerLogsBucket' must stand in a stack that names its region: who writes the logs differs between regions; give the stack env: { region: \"us-east-1\" } [BGP127]"],
    [s3.Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'acme-logs', region: 'eu-west-1' }), stack,
      "'loadBalancerLogsBucket' must be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP127]"],
  ])('%# is refused', (loadBalancerLogsBucket, scope, sentence) => {
    expect(said({ loadBalancerLogsBucket }, { scope })).toEqual([sentence]);
  });

  test('is refused by a deployment before anything is made', () => {
    const own = new Stack(new App(), 'Own');
    expect(() => deploymentIn(own, { loadBalancerLogsBucket: s3.Bucket.fromBucketName(anywhere, 'Another', 'acme-logs') })).toThrow('[BGP127]');
    expect(own.node.tryFindChild('Production')).toBeUndefined();
  });
});

describe('networks of testers', () => {
  test.each([[[]], [['203.0.113.0/24']], [['0.0.0.0/1', '128.0.0.0/1']], [['10.0.0.0/8', '10.0.0.0/9']], [['255.255.255.255/32', '199.249.250.251/10']], [[text, text]]])('%j are taken', (testListenerCidrs) => {
    expect(said({ testListenerCidrs })).toEqual([]);
  });

  test.each(['0.0.0.0/0', '1.2.3.4', '1.2.3.4/', '1.2.3.4/33', '1.2.3/24', '256.0.0.0/8', '1.2.3.256/8', '01.2.3.4/8', '1.2.3.04/8', '1.2.3.4/08', '::/1', ' 1.2.3.4/8', '1.2.3.4/8\n',
    '1.2.3.4.5/8', '1.2.3.4/100'])(
    '%j are refused', (cidr) => {
      expect(said({ testListenerCidrs: ['203.0.113.0/24', cidr] })).toEqual([
        `'testListenerCidrs[1]' must be an IPv4 network in CIDR form, narrower than the whole Internet, got ${JSON.stringify(cidr)}; for example "203.0.113.0/24" [BGP094]`,
      ]);
    });

  test.each<[unknown, string]>([
    ['203.0.113.0/24', '\'testListenerCidrs\' must be a list, got "203.0.113.0/24"; for example ["203.0.113.0/24"] [BGP002]'],
    [[7], "'testListenerCidrs[0]' must be a text, got 7; for example \"203.0.113.0/24\" [BGP002]"],
    [['203.0.113.9/24', '203.0.113.255/24'],
      '\'testListenerCidrs[1]\' must differ from the others, got "203.0.113.255/24", the network of "203.0.113.9/24"; remove one [BGP099]'],
    [['1.2.3.4/32', '1.2.3.4/32'], '\'testListenerCidrs[1]\' must differ from the others, got "1.2.3.4/32", the network of "1.2.3.4/32"; remove one [BGP099]'],
  ])('%j are refused', (testListenerCidrs, sentence) => {
    expect(said({ testListenerCidrs })).toEqual([sentence]);
  });

  test('are judged as by hand', () => {
    const byte = fc.integer({ min: -1, max: 300 });
    const padded = fc.tuple(byte, fc.constantFrom('', '', '', '0')).map(([number, zero]) => `${zero}${number}`);
    const fine = (part: string, most: number, least = 0) => String(Number(part)) === part && Number(part) <= most && Number(part) >= least;

    fc.assert(fc.property(fc.array(padded, { minLength: 3, maxLength: 5 }), fc.integer({ min: -1, max: 40 }), (bytes, bits) =>
      (said({ testListenerCidrs: [`${bytes.join('.')}/${bits}`] }).length === 0)
        === (bytes.length === 4 && bytes.every((part) => fine(part, 255)) && fine(String(bits), 32, 1))), { numRuns: RUNS });
  });

  test('of one address differ when one of their first bits does', () => {
    const bits = (bytes: number[]) => bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const address = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });

    fc.assert(fc.property(address, fc.nat(31), fc.integer({ min: 1, max: 32 }), (bytes, flipped, width) => {
      const all = [...bits(bytes)].map((bit, index) => index === flipped ? String(1 - Number(bit)) : bit).join('');
      const other = [0, 8, 16, 24].map((at) => parseInt(all.slice(at, at + 8), 2));
      const same = bits(bytes).slice(0, width) === all.slice(0, width);
      return (said({ testListenerCidrs: [`${bytes.join('.')}/${width}`, `${other.join('.')}/${width}`] }).length === 1) === same;
    }), { numRuns: RUNS });
  });

  test.each([['10.0.0.0/8', false], ['10.0.0.0/7', true], ['0.0.0.0/1', true], ['1.2.3.4/32', false], [text, false]])('%s: wide is %s', (cidr, wide) => {
    expect(isWide(cidr)).toBe(wide);
  });
});
