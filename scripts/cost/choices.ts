import { App, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, Duration, Stack } from 'aws-cdk-lib';
import {
  BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, PipelineEnvironment, RegistryLogin,
} from '../../src';
import { idleCost, notPriced } from '../../src/cli/explain/bill';
import { PRICES_REGION } from '../../src/cli/explain/prices';
import { Template, TemplateJson } from '../../src/cli/template';
import { smallestProps } from '../programs';

/** A program that costs less than the smallest one, or does not although one might think so. */
export interface Choice {
  readonly name: string;
  /** What is different in the program. */
  readonly change: string;
  /** What it costs in safety. */
  readonly lost: string;
  readonly program: Program;
  /** What is paid for by somebody else. */
  readonly beside?: Program;
}

type Program = (stack: Stack) => void;

function pipeline(stack: Stack, props: Partial<BlueGreenFargatePipelineProps> = {}, id = 'P'): BlueGreenFargatePipeline {
  return new BlueGreenFargatePipeline(stack, id, { ...smallestProps(), ...props });
}

export const SMALLEST: Program = (stack) => pipeline(stack);

/** The network of the default, but with a machine of one's own in the place of the NAT gateway. */
function natInstance(stack: Stack): ec2.Vpc {
  const provider = ec2.NatProvider.instanceV2({
    instanceType: new ec2.InstanceType('t4g.nano'),
    defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
  });
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2, natGateways: 1, natGatewayProvider: provider, restrictDefaultSecurityGroup: false });
  provider.connections.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.allTraffic());
  return vpc;
}

/** A network without a way out: tasks reach what they start with through endpoints. */
function endpoints(stack: Stack): ec2.Vpc {
  const vpc = new ec2.Vpc(stack, 'Network', {
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
  vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  vpc.addInterfaceEndpoint('Registry', { service: ec2.InterfaceVpcEndpointAwsService.ECR });
  vpc.addInterfaceEndpoint('Images', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER });
  vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
  return vpc;
}

const ONE = [PipelineEnvironment.production()];
const ONE_WITH_ONE_TASK = [PipelineEnvironment.production({ taskCount: 1 })];

/** A second application in the network of a first, and logged in with its credentials. */
function second(props: Partial<BlueGreenFargatePipelineProps> = {}): Program {
  return (stack) => {
    const first = pipeline(stack);
    pipeline(stack, {
      vpc: first.vpc,
      registryCredentials: RegistryLogin.fromSecret(first.registryCredentials),
      environmentSuffix: 'second',
      ...props,
    }, 'Second');
  };
}

/** One change each. */
export const CHOICES: Choice[] = [
  {
    name: 'one task in production',
    change: '`taskCount: 1` in `production`',
    lost: 'Users get no answer from the moment the task, or its zone, fails until a new task is healthy: minutes.',
    program: (stack) => pipeline(stack, { environments: [PipelineEnvironment.staging(), PipelineEnvironment.production({ taskCount: 1 })] }),
  },
  {
    name: 'staging inside the network',
    change: '`loadBalancer: { internetFacing: false }` in `staging`, before the first deployment',
    lost: 'Nothing: fewer people reach an unreleased version. Testers need a way into the network.',
    program: (stack) => pipeline(stack, {
      environments: [
        PipelineEnvironment.staging({ loadBalancer: { internetFacing: false } }),
        PipelineEnvironment.production(),
      ],
    }),
  },
  {
    name: 'a NAT instance',
    change: '`vpc` with `ec2.NatProvider.instanceV2`, a `t4g.nano`',
    lost: 'A machine that you patch, and that nobody replaces when it fails. Until it is back no task can start or call out, so no deployment and no '
      + 'replacement of a failed task works; tasks that run go on answering.',
    program: (stack) => pipeline(stack, { vpc: natInstance(stack) }),
  },
  {
    name: 'one environment',
    change: '`environments: [PipelineEnvironment.production()]`',
    lost: 'The first users of a release are its first test in AWS. Build, test stage, approval, canary and rollback remain.',
    program: (stack) => pipeline(stack, { environments: ONE }),
  },
  {
    name: 'a second application in the same network',
    change: '`vpc` and `registryCredentials` of the first one',
    lost: 'The way out of both fails together. Security groups keep their tasks apart.',
    program: second(),
    beside: SMALLEST,
  },
  {
    name: 'endpoints instead of the NAT gateway',
    change: '`vpc` with endpoints for `ecr.api`, `ecr.dkr`, `logs` and S3, and a `platform.bootstrapImage` from ECR',
    lost: 'Nothing; tasks reach nothing but AWS. Dearer than one NAT gateway, and each further AWS service that tasks use is one more.',
    program: (stack) => pipeline(stack, {
      vpc: endpoints(stack),
      platform: {
        bootstrapImage: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Waiting', 'waiting'), '1'),
      },
    }),
  },
];

/** What makes the bill half as long, or shorter. */
export const HALVED: Choice[] = [
  {
    name: 'one environment in the network of another application',
    change: '`environments: [PipelineEnvironment.production()]`, with `vpc` and `registryCredentials` of the other one',
    lost: 'No staging; the way out is shared.',
    program: second({ environments: ONE }),
    beside: SMALLEST,
  },
  {
    name: 'one environment with a NAT instance',
    change: '`environments: [PipelineEnvironment.production()]`, with `vpc` as above',
    lost: 'No staging; a machine of your own is the way out.',
    program: (stack) => pipeline(stack, { environments: ONE, vpc: natInstance(stack) }),
  },
  {
    name: 'the same with one task',
    change: '`environments: [PipelineEnvironment.production({ taskCount: 1 })]`, with `vpc` as above',
    lost: 'As above, and no answer while a failed task is replaced, which needs that machine.',
    program: (stack) => pipeline(stack, { environments: ONE_WITH_ONE_TASK, vpc: natInstance(stack) }),
  },
];

/** All savings that keep both environments, together. */
export const KEPT_STAGING: Choice = {
  name: 'a NAT instance, staging inside the network, one task in production',
  change: 'the first three of the table above',
  lost: 'As above.',
  program: (stack) => pipeline(stack, {
    environments: [PipelineEnvironment.staging({ loadBalancer: { internetFacing: false } }), PipelineEnvironment.production({ taskCount: 1 })],
    vpc: natInstance(stack),
  }),
};

/** What changes the price of a release. */
export const RELEASES: { readonly name: string; readonly program: Program }[] = [
  { name: 'the smallest program', program: SMALLEST },
  {
    name: 'old tasks kept for 2 minutes in production, too (`rollback.terminationWaitTime`)',
    program: (stack) => pipeline(stack, {
      environments: [
        PipelineEnvironment.staging(),
        PipelineEnvironment.production({ rollback: { terminationWaitTime: Duration.minutes(2) } }),
      ],
    }),
  },
  {
    name: 'layers of images through a gateway endpoint (`vpc.addGatewayEndpoint`, free)',
    program: (stack) => pipeline(stack).vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 }),
  },
  { name: 'one environment', program: (stack) => pipeline(stack, { environments: ONE }) },
];

const TEMPLATES = new Map<Program, Template>();

/** The template of a program, as CDK writes it; a program is synthesised once. */
export function templateOf(program: Program): Template {
  const template = TEMPLATES.get(program) ?? synthesised(program);
  TEMPLATES.set(program, template);
  return template;
}

function synthesised(program: Program): Template {
  const app = new App();
  const stack = new Stack(app, 'Storefront', { env: { region: PRICES_REGION } });
  program(stack);
  const json = app.synth().getStackArtifact(stack.artifactId).template as TemplateJson;
  const template = new Template(json, { stackName: stack.stackName, region: PRICES_REGION });
  // A bill that leaves something out is worse than none.
  if (notPriced(template).length > 0) {
    throw new Error(`add the prices to src/cli/explain/prices.ts: ${notPriced(template).join('; ')}`);
  }
  return template;
}

/** What a choice costs whoever makes it, in an idle month. */
export function costOf({ program, beside }: Choice): number {
  return idleCost(templateOf(program)) - (beside === undefined ? 0 : idleCost(templateOf(beside)));
}
