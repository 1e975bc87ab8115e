import {
  App, aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_s3 as s3,
  aws_secretsmanager as secretsmanager, Fn, Lazy, Stack,
} from 'aws-cdk-lib';
import * as fc from 'fast-check';
import messages from './messages.json';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { SmokeTest } from '../../src';
import { EnvironmentContext, environmentViolations } from '../../src/deployment/deployment-checks';
import { isWide, loadBalancerOptions } from '../../src/deployment/private/load-balancer-checks';
import { passes } from '../../src/private/validation';
import { listViolations } from '../../src/private/violations';
import { testMessages } from '../helpers/messages';
import { newStack } from '../helpers/synthesis';

const stack = newStack();
const anywhere = new Stack(new App(), 'Anywhere');
const later = Lazy.string({ produce: () => 'later' });

/** The codes of the violations in the options of an environment. */
function broken(options: object, context: Partial<EnvironmentContext> = {}): string[] {
  return listViolations(environmentViolations('live', options, { scope: stack, ...context })).map(({ code }) => code);
}

let count = 0;

/** An imported network with a separate zone for each subnet of a list. */
function network(subnets: { [kind: string]: string[] }, more: Partial<ec2.VpcAttributes> = {}): ec2.IVpc {
  const zones = Math.max(...Object.values(subnets).map((ids) => ids.length), 1);
  const attributes = { vpcId: 'vpc-1', availabilityZones: ['a', 'b', 'c'].slice(0, zones), ...subnets, ...more };
  return ec2.Vpc.fromVpcAttributes(stack, `Network${count++}`, attributes);
}

/** A network of two zones with changed properties. */
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

const FAR_ARN = 'arn:aws:acm:eu-west-1:111111111111:certificate/x';

function certificateIn(scope: Stack): acm.ICertificate {
  return new acm.Certificate(scope, 'Made', { domainName: 'shop.example.com' });
}

test.each<[string, EnvironmentContext['vpc'], object?, object?]>([
  ['with two zones', network(TWO)],
  ['without public subnets', network({ privateSubnetIds: ['s1', 's2'] }, { vpcCidrBlock: '10.0.0.0/16' }), internal],
  ['that is isolated, with a bootstrap image', network(ISOLATED), {}, { bootstrapImage }],
  ['that is created in the template', new ec2.Vpc(stack, 'Made', { maxAzs: 2 })],
  ['that is looked up', ec2.Vpc.fromLookup(known, 'Found', { isDefault: false }), internal],
  ['whose subnets another stack exports',
    network({ publicSubnetIds: exported('Public'), privateSubnetIds: exported('Private') }, { availabilityZones: ['a'] })],
  ['whose zones are unknown', changed({ publicSubnets: untold, privateSubnets: untold })],
])('a network %s is accepted', (_, vpc, options = {}, context = {}) => {
  expect(broken(options, { vpc, ...context })).toEqual([]);
});

test.each<[string, object, string]>([
  ['no secrets', {}, 'create VPC endpoints for ECR (api and dkr), S3 and CloudWatch Logs'],
  ['an empty map of secrets', { containerSecrets: {} }, 'create VPC endpoints for ECR (api and dkr), S3 and CloudWatch Logs'],
  ['secrets', { containerSecrets: { PASSWORD: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Orders', 'orders')) } },
    'create VPC endpoints for ECR (api and dkr), S3 and CloudWatch Logs, and for Secrets Manager or Systems Manager, '
    + "where the 'containerSecrets' are"],
])('isolated subnets with %s need the endpoints that the message names', (_, options, remedy) => {
  const [{ text }, ...others] = listViolations(environmentViolations('live', options, { scope: stack, vpc: network(ISOLATED) }));

  expect(others).toEqual([]);
  expect(text).toBe("'bootstrapImage' is required in a 'vpc' whose private subnets are isolated: tasks in them cannot reach ECR Public, "
    + `which hosts the default image; use an image in an ECR repository, and ${remedy}`);
});

type Kind = 'publicSubnets' | 'privateSubnets' | 'isolatedSubnets';
const oneOf = (kind: Kind, subnets: { [kind: string]: string[] } = TWO) =>
  changed({ [kind]: network(subnets)[kind].slice(1) }, subnets);

testMessages(messages, {
  'EcsBlueGreenDeployment.vpc': {
    make: (props) => deploymentIn(newStack(), props),
    named: () => ({
      'no subnets at all': { vpc: network({}) },
      'isolated subnets alone': { vpc: network(ISOLATED) },
      'one public subnet': { vpc: oneOf('publicSubnets') },
      'one private subnet': { vpc: oneOf('privateSubnets') },
      'one isolated subnet': { vpc: oneOf('isolatedSubnets', ISOLATED), bootstrapImage },
      'no known addresses for an internal load balancer': { vpc: network(TWO), ...internal },
      'no way out for a smoke test': {
        vpc: network(ISOLATED), bootstrapImage, hooks: { smokeTest: SmokeTest.http({ path: '/' }) },
      },
      'networks of testers that are none, for an internal load balancer': {
        vpc: network({ privateSubnetIds: ['s1', 's2'] }),
        loadBalancer: { internetFacing: false, testListenerCidrs: ['x'] },
      },
      'a certificate of another region': {
        certificate: acm.Certificate.fromCertificateArn(stack, 'Far', FAR_ARN),
      },
      'a certificate of a stack in another region': {
        certificate: certificateIn(new Stack(new App(), 'There', { env: { region: 'eu-west-1' } })),
      },
      'access logs in another region': {
        loadBalancer: {
          accessLogsBucket: s3.Bucket.fromBucketAttributes(stack, 'FarLogs', {
            bucketName: 'acme-logs', region: 'eu-west-1',
          }),
        },
      },
    }),
  },
});

const ACM = 'arn:aws:acm:us-east-1:111111111111:certificate/';
const SERVER = 'arn:aws:iam::111111111111:server-certificate/';

/** A certificate whose ARN the CDK does not validate. */
function certificateOf(certificateArn: string) {
  return Object.assign(new Stack(new App(), 'Certificate', { env: { region: 'us-east-1' } }), { certificateArn });
}

test.each([
  `${ACM}6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d`, 'arn:aws-us-gov:acm:us-east-1:111111111111:certificate/x',
  `${SERVER}acme/shop`, later,
])('a certificate %s is accepted', (arn) => {
  expect(broken({ certificate: certificateOf(arn) })).toEqual([]);
});

test.each([
  '', ACM, 'arn:aws:acm:us-east-1:11111111111:certificate/x', 'arn:aws:s3:::certificate/x', `${ACM}x\n`, ` ${ACM}x`,
  'arn:aws:acm::111111111111:certificate/x', SERVER, `x${SERVER}shop`, `${SERVER}shop `,
  'arn:aws:iam:us-east-1:111111111111:server-certificate/shop', 'arn:aws:iam::111111111111:role/shop',
])('a certificate %j is rejected', (arn) => {
  expect(broken({ certificate: certificateOf(arn) })).toEqual(['BGP125']);
});

test('a certificate of any region is accepted if the region of the stack is unknown', () => {
  const imported = acm.Certificate.fromCertificateArn(stack, 'Anywhere', FAR_ARN);

  expect(broken({ certificate: imported }, { scope: anywhere })).toEqual([]);
  expect(broken({ certificate: certificateIn(anywhere) })).toEqual([]);
});

function areTaken(...testListenerCidrs: string[]): boolean {
  return passes(loadBalancerOptions(stack), { testListenerCidrs });
}

test('the check of a tester network agrees with a check by hand', () => {
  const bytes = fc.tuple(fc.integer({ min: -1, max: 300 }), fc.constantFrom('', '', '', '0'))
    .map(([number, zero]) => `${zero}${number}`);
  const valid = (part: string, most: number, least = 0) =>
    String(Number(part)) === part && Number(part) <= most && Number(part) >= least;

  expect(areTaken('10.0.0.0/8', '10.0.0.0/9', later, later, '255.255.255.255/32')).toBe(true);
  fc.assert(fc.property(fc.array(bytes, { minLength: 3, maxLength: 5 }), fc.integer({ min: -1, max: 40 }), (parts, width) =>
    areTaken(`${parts.join('.')}/${width}`)
      === (parts.length === 4 && parts.every((part) => valid(part, 255)) && valid(String(width), 32, 1))), { numRuns: 1000 });
});

test('tester networks differ when one of their prefix bits differs', () => {
  const bits = (bytes: number[]) => bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const address = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });

  fc.assert(fc.property(address, fc.nat(31), fc.integer({ min: 1, max: 32 }), (bytes, flipped, width) => {
    const changedBits = [...bits(bytes)].map((bit, index) => (index === flipped ? String(1 - Number(bit)) : bit)).join('');
    const other = [0, 8, 16, 24].map((start) => parseInt(changedBits.slice(start, start + 8), 2));
    const same = bits(bytes).slice(0, width) === changedBits.slice(0, width);
    return areTaken(`${bytes.join('.')}/${width}`, `${other.join('.')}/${width}`) !== same;
  }), { numRuns: 1000 });
});

test.each([['10.0.0.0/8', false], ['10.0.0.0/7', true], ['1.2.3.4/32', false], [later, false]])('%s is a wide network: %s', (cidr, wide) => {
  expect(isWide(cidr)).toBe(wide);
});
