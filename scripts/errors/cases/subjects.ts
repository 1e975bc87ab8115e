import {
  App, aws_ecr as ecr, aws_elasticloadbalancingv2 as elbv2, CfnResource, Duration, SecretValue, Stack, StackProps,
} from 'aws-cdk-lib';
import {
  ApprovalGate, ApprovalGateProps, BlueGreenFargatePipeline, BuildCache, BuildSteps, CachedBuildProject,
  CachedBuildProjectProps, ConnectionSourceOptions, EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps, PipelineSource,
  ProbeStepsOptions, RegistryCredentials, SecureArtifactBucket, SmokeTest, TrafficShift,
} from '../../../src';
import { smallestProps } from '../../programs';
import { Case } from '../found';

export function newStack(props: StackProps = {}): Stack {
  return new Stack(new App(), 'Storefront', { env: { region: 'us-east-1' }, ...props });
}

/** The smallest pipeline with a change by an untyped caller. */
export function pipelineIn(stack: Stack, change: { readonly [prop: string]: unknown } = {}): BlueGreenFargatePipeline {
  return new BlueGreenFargatePipeline(stack, 'P', { ...smallestProps(), ...change });
}

export function pipelineWith(
  change: { readonly [prop: string]: unknown },
  afterwards: (made: BlueGreenFargatePipeline) => void = () => undefined,
): () => unknown {
  return () => {
    const made = pipelineIn(newStack(), change);
    afterwards(made);
    return made;
  };
}

/** A login at the load balancer, after which requests go to a target group. */
export function loginOf(targetGroup: elbv2.IApplicationTargetGroup): elbv2.ListenerAction {
  return elbv2.ListenerAction.authenticateOidc({
    issuer: 'https://login.example.com',
    authorizationEndpoint: 'https://login.example.com/authorize',
    tokenEndpoint: 'https://login.example.com/token',
    userInfoEndpoint: 'https://login.example.com/user',
    clientId: 'storefront',
    clientSecret: SecretValue.secretsManager('login'),
    next: elbv2.ListenerAction.forward([targetGroup]),
  });
}

export function gateIn(stack: Stack, props: Partial<ApprovalGateProps> = {}, id = 'Gate'): ApprovalGate {
  return new ApprovalGate(stack, id, {
    environmentSuffix: 'dev',
    environmentName: 'production',
    approverEmails: ['leads@example.com'],
    ...props,
  });
}

export function deploymentIn(stack: Stack, props: Partial<EcsBlueGreenDeploymentProps> = {}): EcsBlueGreenDeployment {
  return new EcsBlueGreenDeployment(stack, 'Production', {
    environmentSuffix: 'dev',
    environmentName: 'production',
    repository: images(stack),
    ...props,
  });
}

export function projectIn(stack: Stack, props: Partial<CachedBuildProjectProps> = {}): CachedBuildProject {
  return new CachedBuildProject(stack, 'Lint', {
    environmentSuffix: 'dev',
    purpose: 'lint',
    steps: BuildSteps.commands(['npm run lint']),
    ...props,
  });
}

export function images(stack = newStack()): ecr.IRepository {
  return ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
}

export function probe(options: ProbeStepsOptions = {}): BuildSteps {
  return BuildSteps.probe({ port: 8080, path: '/', repository: images(), ...options });
}

export const CONNECTION_ARN = 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d';

export function connection(options: Partial<ConnectionSourceOptions>): PipelineSource {
  return PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront', ...options });
}

/** A deployment whose service has properties that only its template shows. */
function overriddenService(overrides: object): EcsBlueGreenDeployment {
  const made = deploymentIn(newStack());
  const service = made.service.node.findChild('Service') as CfnResource;
  Object.entries(overrides).forEach(([path, value]) => service.addPropertyOverride(path, value));
  return made;
}

/** Any value that an untyped caller passes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Untyped = any;

/** The subjects of the examples in the catalogue, each created with valid values for the props that an example does not name. */
const SUBJECTS: { readonly [subject: string]: (props: Untyped) => unknown } = {
  artifacts: (props) => new SecureArtifactBucket(newStack(), 'Artifacts', { environmentSuffix: 'dev', ...props }),
  cache: (options) => BuildCache.registry(options),
  connection,
  credentials: (props) => new RegistryCredentials(newStack(), 'Registry', { environmentSuffix: 'dev', ...props }),
  deployment: (props) => deploymentIn(newStack(), props),
  gate: (props) => gateIn(newStack(), props),
  image: (options) => BuildSteps.image(options),
  linear: (options) => TrafficShift.linear(options),
  pipeline: (change) => pipelineIn(newStack(), change),
  probe,
  project: (props) => projectIn(newStack(), props),
  release: (options) => BuildSteps.release(options),
  service: overriddenService,
  smokeTest: (options) => SmokeTest.http({ path: '/products', ...options }),
};

/** The case of an example in the catalogue: one subject with invalid props, in which `{ hours: 1 }` is a duration. */
export function caseOf(example: object): Case {
  const [[subject, props]] = Object.entries(JSON.parse(JSON.stringify(example), (_, value) => durationOf(value) ?? value));
  return () => SUBJECTS[subject](props);
}

function durationOf(value: unknown): Duration | undefined {
  const [unit, amount] = Object.entries(value ?? {})[0] ?? [];
  return unit === 'seconds' || unit === 'minutes' || unit === 'hours' || unit === 'days' ? Duration[unit](amount) : undefined;
}
