import { App, aws_ec2 as ec2, aws_ecr as ecr, aws_ecs as ecs, Duration, Stack } from 'aws-cdk-lib';
import {
  BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, PipelineEnvironment, RegistryLogin,
} from '../../src';
import { idleCost, notPriced } from '../../src/cli/explain/bill';
import { PRICES_REGION } from '../../src/cli/explain/prices';
import { Template, TemplateJson } from '../../src/cli/template';
import { smallestProps } from '../programs';

/** A program that costs less than the smallest one, or does not although one might expect it; page.md describes the difference. */
interface Choice {
  readonly program: Program;
  /** A program whose cost is not part of the choice. */
  readonly excluding?: Program;
}

type Program = (stack: Stack) => void;

function pipeline(stack: Stack, props: Partial<BlueGreenFargatePipelineProps> = {}, id = 'P'): BlueGreenFargatePipeline {
  return new BlueGreenFargatePipeline(stack, id, { ...smallestProps(), ...props });
}

export const SMALLEST: Program = (stack) => pipeline(stack);

/** The default network with a NAT instance in place of the NAT gateway. */
function natInstance(stack: Stack): ec2.Vpc {
  const provider = ec2.NatProvider.instanceV2({
    instanceType: new ec2.InstanceType('t4g.nano'),
    defaultAllowedTraffic: ec2.NatTrafficDirection.OUTBOUND_ONLY,
  });
  const vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2, natGateways: 1, natGatewayProvider: provider, restrictDefaultSecurityGroup: false });
  provider.connections.allowFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.allTraffic());
  return vpc;
}

/** A network without a route to the Internet: tasks pull their image through endpoints. */
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

/** A second application in the network of the first, with its registry credentials. */
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

const { production, staging } = PipelineEnvironment;
const STAGING_INSIDE = () => staging({ loadBalancer: { internetFacing: false } });

/** The programs of docs/cost.md, by the names that page.md has for them. */
export const CHOICES = {
  oneTask: { program: (stack) => pipeline(stack, { environments: [staging(), production({ taskCount: 1 })] }) },
  internalStaging: { program: (stack) => pipeline(stack, { environments: [STAGING_INSIDE(), production()] }) },
  natInstance: { program: (stack) => pipeline(stack, { vpc: natInstance(stack) }) },
  oneEnvironment: { program: (stack) => pipeline(stack, { environments: [production()] }) },
  secondApplication: { program: second(), excluding: SMALLEST },
  endpoints: {
    program: (stack) => pipeline(stack, {
      vpc: endpoints(stack),
      platform: {
        bootstrapImage: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Waiting', 'waiting'), '1'),
      },
    }),
  },
  sharedNetwork: { program: second({ environments: [production()] }), excluding: SMALLEST },
  natInstanceAlone: { program: (stack) => pipeline(stack, { environments: [production()], vpc: natInstance(stack) }) },
  natInstanceOneTask: {
    program: (stack) => pipeline(stack, { environments: [production({ taskCount: 1 })], vpc: natInstance(stack) }),
  },
  keptStaging: {
    program: (stack) => pipeline(stack, {
      environments: [STAGING_INSIDE(), production({ taskCount: 1 })],
      vpc: natInstance(stack),
    }),
  },
} satisfies { [name: string]: Choice };

/** The choices that halve the bill, or reduce it further. */
export const HALVED: Choice[] = [CHOICES.sharedNetwork, CHOICES.natInstanceAlone, CHOICES.natInstanceOneTask];

/** The programs with another price of a release, by their names in page.md. */
export const RELEASES: { readonly [name: string]: Program } = {
  smallest: SMALLEST,
  shortWait: (stack) => pipeline(stack, {
    environments: [staging(), production({ rollback: { terminationWaitTime: Duration.minutes(2) } })],
  }),
  gatewayEndpoint: (stack) => pipeline(stack).vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 }),
  oneEnvironment: CHOICES.oneEnvironment.program,
};

const TEMPLATES = new Map<Program, Template>();

/** The template of a program; a program is synthesised once. */
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
  // An incomplete bill is worse than none.
  if (notPriced(template).length > 0) {
    throw new Error(`add the prices to src/cli/explain/prices.ts: ${notPriced(template).join('; ')}`);
  }
  return template;
}

/** The idle monthly cost of a choice, without the program that it excludes. */
export function costOf({ program, excluding: beside }: Choice): number {
  return idleCost(templateOf(program)) - (beside === undefined ? 0 : idleCost(templateOf(beside)));
}
