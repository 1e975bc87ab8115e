import {
  App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_s3 as s3, Fn, Lazy, Stack,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { SmokeTest } from '../../src';
import { EnvironmentContext, environmentViolations } from '../../src/deployment/deployment-checks';
import { isWide, loadBalancerOptions } from '../../src/deployment/private/load-balancer-checks';
import { passes } from '../../src/private/validation';
import { listViolations } from '../../src/private/violations';
import { newStack } from '../helpers/synthesis';

const stack = newStack();
const anywhere = new Stack(new App(), 'Anywhere');
const later = Lazy.string({ produce: () => 'later' });

function said(options: object, context: Partial<EnvironmentContext> = {}): string[] {
  return listViolations(environmentViolations('live', options, { scope: stack, ...context }))
    .map(({ code, text }) => `${text} [${code}]`);
}

let count = 0;

/** An imported network; a zone of its own for each subnet of a list. */
function network(subnets: { [kind: string]: string[] }, more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  const zones = Math.max(...Object.values(subnets).map((ids) => ids.length), 1);
  const attributes = { vpcId: 'vpc-1', availabilityZones: ['a', 'b', 'c'].slice(0, zones), ...subnets, ...more };
  return ec2.Vpc.fromVpcAttributes(stack, `Network${count++}`, attributes);
}

/** A network of two zones that then says something else. */
function changed(change: object, subnets: { [kind: string]: string[] } = TWO): ec2.IVpc {
  return Object.assign(network(subnets), change);
}

const TWO = { publicSubnetIds: ['p1', 'p2'], privateSubnetIds: ['s1', 's2'] };
const ISOLATED = { publicSubnetIds: ['p1', 'p2'], isolatedSubnetIds: ['i1', 'i2'] };
const bootstrapImage = ecs.ContainerImage.fromRegistry('acme/hello:1');
const internal = { loadBalancer: { internetFacing: false } };
const known = new Stack(new App(), 'Known', { env: { account: '111111111111', region: 'us-east-1' } });
const untold = ['s1', 's2'].map((id) => ec2.Subnet.fromSubnetId(stack, id, id));
const exported = (name: string) => Fn.split(',', Fn.importValue(name));

test.each<[string, EnvironmentContext['vpc'], object?, object?]>([
  ['with two zones', network(TWO)],
  ['without public subnets', network({ privateSubnetIds: ['s1', 's2'] }, { vpcCidrBlock: '10.0.0.0/16' }), internal],
  ['that is isolated, with an image to begin with', network(ISOLATED), {}, { bootstrapImage }],
  ['that a template makes', new ec2.Vpc(stack, 'Made', { maxAzs: 2 })],
  ['that is looked up', ec2.Vpc.fromLookup(known, 'Found', { isDefault: false }), internal],
  ['whose subnets another stack exports',
    network({ publicSubnetIds: exported('Public'), privateSubnetIds: exported('Private') }, { availabilityZones: ['a'] })],
  ['whose zones are not told', changed({ publicSubnets: untold, privateSubnets: untold })],
])('a network %s is taken', (_, vpc, options = {}, context = {}) => {
  expect(said(options, { vpc, ...context })).toEqual([]);
});

const ZONES = 'in at least two availability zones, got one; add another, for example with maxAzs: 2 [BGP123]';
const NO_TASKS = "'vpc' must have private subnets for the tasks; add some, with a way out [BGP121]";
const NOT_PUBLIC = "'vpc' must have public subnets for a load balancer that is reachable from the Internet; "
  + "add some, or set 'live.loadBalancer.internetFacing' to false [BGP120]";

test.each<[string, string[], EnvironmentContext['vpc'], object?, object?]>([
  ['no subnets at all', [NO_TASKS, NOT_PUBLIC], network({})],
  ['isolated subnets alone', [
    "'bootstrapImage' is required in a 'vpc' whose private subnets are isolated: the default comes from ECR Public, "
    + 'which tasks cannot reach from there; bring an image of an ECR repository, '
    + 'and VPC endpoints for ECR, S3 and CloudWatch Logs [BGP122]',
  ], network(ISOLATED)],
  ['one public subnet', [`'vpc' must have public subnets, for the load balancer, ${ZONES}`],
    changed({ publicSubnets: network(TWO).publicSubnets.slice(1) })],
  ['one private subnet', [`'vpc' must have private subnets, for the tasks, ${ZONES}`],
    changed({ privateSubnets: network(TWO).privateSubnets.slice(1) })],
  ['one isolated subnet', [`'vpc' must have private subnets, for the tasks, ${ZONES}`],
    changed({ isolatedSubnets: network(ISOLATED).isolatedSubnets.slice(1) }, ISOLATED), {}, { bootstrapImage }],
  ['no known addresses for an internal load balancer', [
    "'vpc' must know its addresses for a load balancer that only they reach "
    + "('live.loadBalancer.internetFacing' is false); import it with vpcCidrBlock [BGP124]",
  ], network(TWO), internal],
  ['no way out for a smoke test', [
    "'live.hooks.smokeTest' must not be given in a 'vpc' whose private subnets have no way out: its function reaches EC2 "
    + "and CodeDeploy from there; use a function of yours as 'live.hooks.afterAllowTestTraffic' [BGP117]",
  ], network(ISOLATED), { hooks: { smokeTest: SmokeTest.http({ path: '/' }) } }, { bootstrapImage }],
])('a network with %s is refused', (_, messages, vpc, options = {}, context = {}) => {
  expect(said(options, { vpc, ...context })).toEqual(messages);
});

test('a network is not judged for a load balancer whose options are wrong', () => {
  const loadBalancer = { internetFacing: false, testListenerCidrs: ['x'] };

  expect(said({ loadBalancer }, { vpc: network({ privateSubnetIds: ['s1', 's2'] }) })).toEqual([
    expect.stringContaining('[BGP094]'),
  ]);
});

const ACM = 'arn:aws:acm:us-east-1:111111111111:certificate/';
const SERVER = 'arn:aws:iam::111111111111:server-certificate/';

/** A certificate whose ARN the CDK does not judge. */
function certificateOf(certificateArn: string) {
  return Object.assign(new Stack(new App(), 'Certificate', { env: { region: 'us-east-1' } }), { certificateArn });
}

test.each([
  `${ACM}6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`, 'arn:aws-us-gov:acm:us-east-1:111111111111:certificate/x',
  `${SERVER}acme/shop`, later,
])('a certificate %s is taken', (arn) => {
  expect(said({ certificate: certificateOf(arn) })).toEqual([]);
});

test.each([
  '', ACM, 'arn:aws:acm:us-east-1:11111111111:certificate/x', 'arn:aws:s3:::certificate/x', `${ACM}x\n`, ` ${ACM}x`,
  'arn:aws:acm::111111111111:certificate/x', SERVER, `x${SERVER}shop`, `${SERVER}shop `,
  'arn:aws:iam:us-east-1:111111111111:server-certificate/shop', 'arn:aws:iam::111111111111:role/shop',
])('a certificate %j is refused', (arn) => {
  expect(said({ certificate: certificateOf(arn) })).toEqual([
    `'live.certificate' must have the ARN of a certificate, got ${JSON.stringify(arn)}; `
    + `for example "${ACM}0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c" [BGP125]`,
  ]);
});

test('a certificate of another region is refused, by its ARN or by its stack', () => {
  const elsewhere = new Stack(new App(), 'Elsewhere', { env: { region: 'eu-west-1' } });
  const imported = acm.Certificate.fromCertificateArn(stack, 'Far', 'arn:aws:acm:eu-west-1:111111111111:certificate/x');
  const made = (scope: Stack) => new acm.Certificate(scope, 'Made', { domainName: 'shop.example.com' });
  const message = "'live.certificate' must be in the region of its load balancer, \"us-east-1\", "
    + 'got one in "eu-west-1"; request one there [BGP126]';

  expect(said({ certificate: imported })).toEqual([message]);
  expect(said({ certificate: made(elsewhere) })).toEqual([message]);
  expect(said({ certificate: imported }, { scope: anywhere })).toEqual([]);
  expect(said({ certificate: made(anywhere) })).toEqual([]);
});

const LOGS = "'live.loadBalancer.accessLogsBucket' must";

test.each<[string[], s3.IBucket, Stack?]>([
  [[], new s3.Bucket(stack, 'Logs', { encryption: s3.BucketEncryption.S3_MANAGED })],
  [[`${LOGS} stand in a stack that names its region: who writes the logs differs between regions; `
    + 'give the stack env: { region: "us-east-1" } [BGP127]'], s3.Bucket.fromBucketName(anywhere, 'Logs', 'acme-logs'), anywhere],
  [[`${LOGS} be in the region of the stack, us-east-1, got one in eu-west-1; use one from there [BGP127]`],
    s3.Bucket.fromBucketAttributes(stack, 'FarLogs', { bucketName: 'acme-logs', region: 'eu-west-1' })],
])('a bucket for access logs is met with %j', (messages, accessLogsBucket, scope = stack) => {
  expect(said({ loadBalancer: { accessLogsBucket } }, { scope })).toEqual(messages);
});

const DIFFERENT = "'live.loadBalancer.testListenerCidrs[1]' must differ from the others, got";

test.each<[string, string[]]>([
  ["'live.loadBalancer.testListenerCidrs[0]' must be an IPv4 network in CIDR form, narrower than the whole Internet, "
    + 'got "0.0.0.0/0"; for example "203.0.113.0/24" [BGP094]', ['0.0.0.0/0']],
  [`${DIFFERENT} "203.0.113.255/24", the network of "203.0.113.9/24"; remove one [BGP099]`, ['203.0.113.9/24', '203.0.113.255/24']],
])('the networks of testers are refused: %s', (message, testListenerCidrs) => {
  expect(said({ loadBalancer: { testListenerCidrs } })).toEqual([message]);
});

function areTaken(...testListenerCidrs: string[]): boolean {
  return passes(loadBalancerOptions(stack), { testListenerCidrs });
}

test('a network of testers is judged as by hand', () => {
  const bytes = fc.tuple(fc.integer({ min: -1, max: 300 }), fc.constantFrom('', '', '', '0'))
    .map(([number, zero]) => `${zero}${number}`);
  const valid = (part: string, most: number, least = 0) =>
    String(Number(part)) === part && Number(part) <= most && Number(part) >= least;

  expect(areTaken('10.0.0.0/8', '10.0.0.0/9', later, later, '255.255.255.255/32')).toBe(true);
  fc.assert(fc.property(fc.array(bytes, { minLength: 3, maxLength: 5 }), fc.integer({ min: -1, max: 40 }), (parts, width) =>
    areTaken(`${parts.join('.')}/${width}`)
      === (parts.length === 4 && parts.every((part) => valid(part, 255)) && valid(String(width), 32, 1))), { numRuns: 1000 });
});

test('two networks of testers differ when one of their first bits does', () => {
  const bits = (bytes: number[]) => bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const address = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });

  fc.assert(fc.property(address, fc.nat(31), fc.integer({ min: 1, max: 32 }), (bytes, flipped, width) => {
    const changedBits = [...bits(bytes)].map((bit, index) => (index === flipped ? String(1 - Number(bit)) : bit)).join('');
    const other = [0, 8, 16, 24].map((start) => parseInt(changedBits.slice(start, start + 8), 2));
    const same = bits(bytes).slice(0, width) === changedBits.slice(0, width);
    return areTaken(`${bytes.join('.')}/${width}`, `${other.join('.')}/${width}`) !== same;
  }), { numRuns: 1000 });
});

test.each([['10.0.0.0/8', false], ['10.0.0.0/7', true], ['1.2.3.4/32', false], [later, false]])('%s: wide is %s', (cidr, wide) => {
  expect(isWide(cidr)).toBe(wide);
});
