import { aws_lambda as lambda } from 'aws-cdk-lib';
import { CalledEnvironment, CalledPipeline } from './called';
import { Place } from './identities';
import { Resolver } from './resolve';
import { BuildCache, BuildReport, BuildSteps, RegistryCredentials } from '../../src';
import { newStack, pipelineIn, Resource, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/** Where the programs are deployed when their calls are judged. */
export const PLACE: Place = { partition: 'aws', region: 'us-east-1', account: '111111111111', stackName: 'Storefront' };

const CONNECTION_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';
const NOTHING = { secrets: [], parameters: [], hooks: [], approverRoles: [] };

/** As much of a program as its calls depend on. */
export interface CalledProgram {
  readonly template: SynthesisedTemplate;
}

/** The smallest program as it was deployed. */
export function smallestCalled(program: CalledProgram): CalledPipeline {
  const ids = new Ids(program);
  return {
    ...PLACE,
    suffix: 'dev',
    connectionArn: CONNECTION_ARN,
    registrySecret: ids.secret('registry-credentials-dev'),
    testsPullTheImage: true,
    testsAreCached: false,
    reportGroups: [],
    environments: [
      { ...NOTHING, name: 'staging', deploymentConfig: 'CodeDeployDefault.ECSAllAtOnce', listeners: ids.listeners('alb-staging-dev') },
      { ...NOTHING, name: 'production', deploymentConfig: 'CodeDeployDefault.ECSCanary10Percent5Minutes', listeners: ids.listeners('alb-production-dev') },
    ],
  };
}

/** The program with everything set as it was deployed; see `fullProps` for what is set. */
export function fullCalled(program: CalledProgram): CalledPipeline {
  const ids = new Ids(program);
  const environment = (name: string, deploymentConfig: string): CalledEnvironment => ({
    ...NOTHING, name, deploymentConfig, listeners: ids.listeners(`alb-${name}-shop`),
  });
  const database = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf';
  const smokeTest = (name: string) => ({ securityGroup: ids.securityGroup(`security-group-smoke-${name}-shop`), subnets: ids.privateSubnets() });
  return {
    ...PLACE,
    suffix: 'shop',
    connectionArn: CONNECTION_ARN,
    registrySecret: ids.secret('registry-credentials-shop'),
    buildImageRepository: 'tools',
    testsPullTheImage: false,
    testsAreCached: true,
    reportGroups: [],
    environments: [
      { ...environment('qa', 'CodeDeployDefault.ECSAllAtOnce'), smokeTest: smokeTest('qa') },
      { ...environment('preprod', 'linear-20-2-preprod-shop'), hooks: ['freeze', 'warm', 'try', 'ask', 'announce'], secrets: [database] },
      {
        ...environment('live', 'canary-25-7-live-shop'),
        smokeTest: smokeTest('live'),
        hooks: ['celebrate'],
        secrets: [database],
        parameters: ['arn:aws:ssm:us-east-1:111111111111:parameter/orders/pepper'],
        approverRoles: ['leads'],
      },
    ],
  };
}

/** What neither of the two has: layers in ECR, reports, and a rotation whose function is in the stack. */
export function withStores(): CalledProgram {
  const stack = newStack();
  const rotationFunction = new lambda.Function(stack, 'Rotate', {
    functionName: 'rotate', runtime: lambda.Runtime.NODEJS_LATEST, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};'),
  });
  pipelineIn(stack, {
    registryCredentials: new RegistryCredentials(stack, 'Login', { environmentSuffix: 'dev', rotationFunction }).secret,
    buildSteps: BuildSteps.image({ cache: BuildCache.registry(), reports: [BuildReport.junit(['junit.xml']), BuildReport.clover(['clover.xml'])] }),
  });
  return { template: templateOf(stack) };
}

export function withStoresCalled(program: CalledProgram): CalledPipeline {
  const reportGroup = (name: string) => `arn:aws:codebuild:us-east-1:111111111111:report-group/${name}`;
  return {
    ...smallestCalled(program),
    cacheRepository: 'layers-build-dev',
    reportGroups: [reportGroup('reports-build-dev'), reportGroup('coverage-build-dev')],
    rotationFunction: 'rotate',
  };
}

/** What AWS gives a made-up part to, found by a name that the library gave. */
class Ids {
  private readonly resolver: Resolver;

  constructor(private readonly program: CalledProgram) {
    this.resolver = new Resolver(program.template, PLACE);
  }

  public secret(name: string): string {
    return this.find('AWS::SecretsManager::Secret', ({ Name }) => Name === name)[0];
  }

  public securityGroup(name: string): string {
    return this.find('AWS::EC2::SecurityGroup', ({ GroupName }) => GroupName === name)[0];
  }

  /** The listeners of a load balancer that forward; the one that redirects is not CodeDeploy's. */
  public listeners(loadBalancer: string): string[] {
    return this.find('AWS::ElasticLoadBalancingV2::Listener', ({ DefaultActions }, own) =>
      own.includes(`/${loadBalancer}/`) && DefaultActions[0].Type === 'forward');
  }

  public privateSubnets(): string[] {
    return this.find('AWS::EC2::Subnet', ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === false);
  }

  private find(type: string, matches: (properties: Resource['Properties'], own: string) => boolean): string[] {
    const found = all(this.program.template, type)
      .map(([id, properties]): [Resource['Properties'], string] => [properties, this.resolver.identity(id).Ref])
      .filter(([properties, own]) => matches(properties, own))
      .map(([, own]) => own);
    if (found.length === 0) {
      throw new Error(`the program has no such ${type}`);
    }
    return found;
  }
}
