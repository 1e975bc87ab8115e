import { aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, aws_lambda as lambda, aws_secretsmanager as secretsmanager, Stack } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, PipelineEnvironment, PipelineEnvironmentOptions, RetiringOptions, SmokeTest } from '../../src';
import { guardedPair } from '../cli/guard/guarded';
import { newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, identityStatements, listOf, releaseSettingsIn } from '../helpers/templates';

/** A resource that a release names and that the user removes, and the options that retire it. */
interface Removed {
  readonly options?: (stack: Stack) => PipelineEnvironmentOptions;
  readonly add?: (made: BlueGreenFargatePipeline, stack: Stack) => void;
  readonly retiring: (stack: Stack) => RetiringOptions;
  /** The actions that are no longer allowed without retiring. */
  readonly lost: string[];
}

const lazily = <T>(make: (stack: Stack) => T) => {
  const made = new Map<Stack, T>();
  return (stack: Stack): T => made.get(stack) ?? made.set(stack, make(stack)).get(stack)!;
};
const token = lazily((stack) => ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'Token')));
const sidecars = lazily((stack) => new ecr.Repository(stack, 'Sidecars'));
const statement = () => new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:us-east-1:111111111111:orders'] });
const announce = lazily((stack) => new lambda.Function(stack, 'Announce', {
  runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
}));
const smokeTest = () => SmokeTest.http({ path: '/ready' });

const REMOVED: { readonly [what: string]: Removed } = {
  'a secret': {
    options: (stack) => ({ containerSecrets: { TOKEN: token(stack) } }),
    retiring: (stack) => ({ secrets: [token(stack)] }),
    lost: ['secretsmanager:GetSecretValue'],
  },
  'the repository of a sidecar': {
    add: (made, stack) => made.deployment('production').taskDefinition.addContainer('Proxy', {
      image: ecs.ContainerImage.fromEcrRepository(sidecars(stack), '1'),
    }),
    retiring: (stack) => ({ repositories: [sidecars(stack)] }),
    lost: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer'],
  },
  'a hook': {
    options: (stack) => ({ hooks: { afterAllowTraffic: announce(stack) } }),
    retiring: (stack) => ({ functions: [announce(stack)] }),
    lost: ['codedeploy:PutLifecycleEventHookExecutionStatus', 'ec2:TerminateInstances', 'lambda:InvokeFunction'],
  },
  'a smoke test': {
    options: () => ({ hooks: { smokeTest: smokeTest() } }),
    retiring: () => ({ smokeTest: smokeTest() }),
    lost: [
      'codedeploy:PutLifecycleEventHookExecutionStatus', 'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:TerminateInstances',
      'ec2:UnassignPrivateIpAddresses', 'lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents',
    ],
  },
  'a policy of the tasks': {
    options: () => ({ tasks: { policies: [statement()] } }),
    retiring: () => ({ statements: [statement()] }),
    lost: ['sqs:SendMessage'],
  },
};

function synthesised({ options, add }: Partial<Removed>, retiring?: Removed['retiring']): SynthesisedTemplate {
  const stack = newStack();
  // Resources of the user stay in the app.
  [token, sidecars, announce].forEach((make) => make(stack));
  const made = pipelineIn(stack, {
    environments: [new PipelineEnvironment('production', { ...options?.(stack), ...(retiring && { retiring: retiring(stack) }) })],
  });
  add?.(made, stack);
  return templateOf(stack);
}

/** Everything that is allowed or denied: action, policy or role, resource, effect and conditions. */
function permissions(template: SynthesisedTemplate): Map<string, string> {
  return new Map(identityStatements(template).flatMap(([owner, { Action, Resource, ...rest }]) =>
    listOf(Action).flatMap((action) => listOf(Resource).map((resource) => [JSON.stringify([action, owner, resource, rest]), action] as const))));
}

/** The settings of the next release. */
function releaseIn(template: SynthesisedTemplate): string {
  const siblings = all(template, 'AWS::ECS::TaskDefinition').map(([, { ContainerDefinitions }]) => ContainerDefinitions as object);
  return JSON.stringify([releaseSettingsIn(template), siblings]);
}

describe.each(Object.entries(REMOVED))('%s', (what, removed) => {
  const before = synthesised(removed);
  const after = synthesised({}, removed.retiring);
  const gone = synthesised({});
  const lostIn = (template: SynthesisedTemplate) => [...permissions(before)]
    .filter(([permission]) => !permissions(template).has(permission)).map(([, action]) => action);

  test('a retiring resource keeps every permission and every function, and the next release does not name it', () => {
    expect(lostIn(after)).toEqual([]);
    expect(Object.keys(before.Resources).filter((id) => !(id in after.Resources))).toEqual([]);
    expect(resources(after, 'AWS::Lambda::Function')).toEqual(resources(before, 'AWS::Lambda::Function'));
    expect(releaseIn(after)).toBe(releaseIn(gone));
    expect(releaseIn(before) === releaseIn(gone)).toBe(what === 'a policy of the tasks');
  });

  test('a resource that is removed without retiring loses its permissions immediately', () => {
    expect([...new Set(lostIn(gone))].sort()).toEqual(removed.lost);
  });
});

test.each(Object.entries(REMOVED))('the guard has one finding about %s that is removed, and none about one that retires', (_, removed) => {
  const before = synthesised(removed);
  const codes = (after: SynthesisedTemplate) => guardedPair(before, after).findings.map(({ code }) => code);

  expect(codes(synthesised({}))).toEqual(['permission-lost']);
  expect(codes(synthesised({}, removed.retiring))).toEqual([]);
});

test('nothing is kept when nothing retires', () => {
  expect(permissions(synthesised({}, () => ({})))).toEqual(permissions(synthesised({})));
});
