import { App, aws_codepipeline as codepipeline, aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  ApprovalGate, BuildSteps, CachedBuildProject, EcsBlueGreenDeployment, PipelineAlarms, PipelineDashboard, RegistryCredentials, SecureArtifactBucket,
} from '../../src';
import { environmentNameProblem, environmentSuffixProblem } from '../../src/private/checks';
import { longest, misnamed, NAMED, namesOf, tooLong, usedTwice } from '../helpers/names';
import { allPrograms, pipelineOfTheUser, smallest } from '../helpers/programs';
import { newStack, pipelineIn, sourceIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

/** What the smallest program is called, thought up once and from now on the same. */
const SMALLEST: { readonly [type: string]: string[] } = {
  'AWS::CloudWatch::Alarm': [
    'alarm-alerts-undelivered-dev',
    'alarm-errors-blue-production-dev', 'alarm-errors-blue-staging-dev', 'alarm-errors-green-production-dev', 'alarm-errors-green-staging-dev',
    'alarm-unhealthy-blue-production-dev', 'alarm-unhealthy-blue-staging-dev', 'alarm-unhealthy-green-production-dev',
    'alarm-unhealthy-green-staging-dev',
  ],
  'AWS::CloudWatch::Dashboard': ['dashboard-dev-us-east-1'],
  'AWS::CodeBuild::Project': ['project-build-dev', 'project-test-dev'],
  'AWS::CodeDeploy::Application': ['application-production-dev', 'application-staging-dev'],
  'AWS::CodeDeploy::DeploymentGroup': ['deployment-group-production-dev', 'deployment-group-staging-dev'],
  'AWS::CodePipeline::Pipeline': ['pipeline-dev'],
  'AWS::EC2::EIP': ['address-1-dev'],
  'AWS::EC2::InternetGateway': ['internet-gateway-dev'],
  'AWS::EC2::NatGateway': ['nat-1-dev'],
  'AWS::EC2::RouteTable': ['routes-private-1-dev', 'routes-private-2-dev', 'routes-public-1-dev', 'routes-public-2-dev'],
  'AWS::EC2::SecurityGroup': [
    'security-group-alb-production-dev', 'security-group-alb-staging-dev', 'security-group-service-production-dev',
    'security-group-service-staging-dev',
  ],
  'AWS::EC2::Subnet': ['subnet-private-1-dev', 'subnet-private-2-dev', 'subnet-public-1-dev', 'subnet-public-2-dev'],
  'AWS::EC2::VPC': ['vpc-dev'],
  'AWS::ECR::Repository': ['repository-dev'],
  'AWS::ECS::Cluster': ['cluster-production-dev', 'cluster-staging-dev'],
  'AWS::ECS::Service': ['service-production-dev', 'service-staging-dev'],
  'AWS::ECS::TaskDefinition': ['task-production-dev', 'task-staging-dev', 'taskdef-production-dev', 'taskdef-staging-dev'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['alb-production-dev', 'alb-staging-dev'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['tg-blue-production-dev', 'tg-blue-staging-dev', 'tg-green-production-dev', 'tg-green-staging-dev'],
  'AWS::Events::Rule': [
    'rule-approval-rejected-dev', 'rule-build-failed-dev', 'rule-deploy-failed-production-dev', 'rule-deploy-failed-staging-dev',
    'rule-deploy-succeeded-production-dev', 'rule-deploy-succeeded-staging-dev', 'rule-deployment-failed-dev', 'rule-pipeline-failed-dev',
  ],
  'AWS::IAM::Policy': ['policy-pipeline-grants-dev'],
  'AWS::IAM::Role': [
    'role-approval-production-dev-us-east-1', 'role-approval-staging-dev-us-east-1', 'role-codedeploy-production-dev-us-east-1',
    'role-codedeploy-staging-dev-us-east-1', 'role-deploy-production-dev-us-east-1', 'role-deploy-staging-dev-us-east-1',
    'role-execution-production-dev-us-east-1', 'role-execution-staging-dev-us-east-1', 'role-pipeline-dev-us-east-1',
    'role-project-build-dev-us-east-1', 'role-project-test-dev-us-east-1', 'role-source-dev-us-east-1', 'role-start-build-dev-us-east-1',
    'role-start-test-dev-us-east-1', 'role-task-production-dev-us-east-1', 'role-task-staging-dev-us-east-1',
  ],
  'AWS::Logs::LogGroup': ['logs-project-build-dev', 'logs-project-test-dev', 'logs-service-production-dev', 'logs-service-staging-dev'],
  'AWS::S3::Bucket': ['artifacts-dev-${AWS::AccountId}-us-east-1', 'cache-build-dev-${AWS::AccountId}-us-east-1'],
  'AWS::SNS::Topic': ['topic-alerts-dev', 'topic-approval-production-dev', 'topic-approval-staging-dev', 'topic-deployments-dev'],
  'AWS::SecretsManager::Secret': ['registry-credentials-dev'],
};

describe.each(allPrograms())('$name', ({ template, given, suffix, environmentNames }) => {
  const names = namesOf(template, given);

  test('promise 41: every physical name is type, environment and suffix in lower case, with region and account where they are needed', () => {
    expect(names.length).toBeGreaterThan(25);
    expect(misnamed(names, suffix, environmentNames)).toEqual([]);
  });

  test('promise 41: no name is used twice for the same kind of thing', () => {
    expect(usedTwice(names)).toEqual([]);
  });

  test('promise 41: every name fits into what AWS allows', () => {
    expect(tooLong(names)).toEqual([]);
  });

  test('promise 41: no name begins with what AWS keeps to itself', () => {
    expect(names.filter(({ name }) => /^(internal-|sg-|aws|xn--|sthree-|codedeploydefault)/.test(name))).toEqual([]);
  });
});

test('promise 41: the smallest program has the names that the rule gives it', () => {
  const { template } = smallest();
  const found: { [type: string]: string[] } = {};

  for (const { type, name } of namesOf(template)) {
    if (type !== 'inline policy') {
      found[type] = [...found[type] ?? [], name].sort();
    }
  }

  expect(found).toEqual(SMALLEST);
});

test('promise 41: two suffixes stand beside each other in one stack', () => {
  const stack = newStack();
  pipelineIn(stack, { environmentSuffix: 'one' }, 'One');
  pipelineIn(stack, { environmentSuffix: 'two' }, 'Two');
  const names = namesOf(templateOf(stack)).filter(({ type }) => type !== 'inline policy').map(({ type, name }) => `${type} ${name}`);

  expect(names).toHaveLength(2 * Object.values(SMALLEST).flat().length);
  expect(new Set(names).size).toBe(names.length);
});

test('promise 41: two suffixes stand beside each other in two stacks of one app', () => {
  const app = new App();
  const stacks = ['one', 'two'].map((environmentSuffix) => {
    const stack = new Stack(app, `Stack-${environmentSuffix}`, { env: { region: 'us-east-1' } });
    pipelineIn(stack, { environmentSuffix });
    return stack;
  });
  const assembly = app.synth();
  const names = stacks.flatMap((stack) => namesOf(assembly.getStackArtifact(stack.artifactId).template as SynthesisedTemplate))
    .filter(({ type }) => type !== 'inline policy').map(({ type, name }) => `${type} ${name}`);

  expect(names).toHaveLength(2 * Object.values(SMALLEST).flat().length);
  expect(new Set(names).size).toBe(names.length);
});

/** What a name begins with, before environment and suffix, and whether it has an environment. */
interface Pattern {
  readonly type: string;
  readonly hasEnvironment: boolean;
}

/** The patterns of the names that the library gives to each kind of thing, over all programs; a `Name` tag need not be unique. */
function patterns(): { readonly [kind: string]: Pattern[] } {
  const found: { [kind: string]: Pattern[] } = {};
  for (const { template, given, suffix, environmentNames } of allPrograms()) {
    for (const { type: kind, name } of namesOf(template, given).filter((one) => NAMED[one.type])) {
      const [, type, environment] = new RegExp(`^(.+?)(-(?:${environmentNames.join('|')}))?-${suffix}(?:-|$)`).exec(name) ?? [name, name];
      const hasEnvironment = environment !== undefined;
      const others = (found[kind] ?? []).filter((one) => one.type !== type || one.hasEnvironment !== hasEnvironment);
      found[kind] = [...others, { type, hasEnvironment }];
    }
  }
  return found;
}

test('promise 41: two uses never share a name of one kind, whatever their suffixes and environments', () => {
  const all = Object.values(patterns());
  // Suffixes and environments of the words that names are made of come nearest to a collision.
  const words = [...new Set(all.flat().flatMap(({ type }) => type.split('-')).filter((word) => environmentNameProblem('name', word) === undefined))];
  const word = fc.oneof(fc.constantFrom(...words), fc.stringMatching(/^[a-z][a-z0-9]{0,2}$/));
  const suffixes = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));

  expect(all.flat().length).toBeGreaterThan(50);
  fc.assert(fc.property(fc.constantFrom(...all), suffixes, word, (kind, suffix, environment) => {
    for (const pattern of kind) {
      const name = [pattern.type, ...pattern.hasEnvironment ? [environment] : [], suffix].join('-');
      // The one other use that could have the name under each pattern: what is left of it must be read as environment and suffix.
      const rivals = kind.filter(({ type }) => name.startsWith(`${type}-`)).map(({ type, hasEnvironment }) => {
        const rest = name.slice(type.length + 1).split('-');
        return { type, hasEnvironment, environment: hasEnvironment ? rest.shift() : undefined, suffix: rest.join('-') };
      }).filter((rival) => environmentSuffixProblem(rival.suffix) === undefined);

      expect(rivals).toEqual([{ ...pattern, environment: pattern.hasEnvironment ? environment : undefined, suffix }]);
    }
  }), { numRuns: 500 });
});

test('promise 41: a suffix may be used again in another region', () => {
  const app = new App();
  ['us-east-1', 'eu-west-1'].forEach((region) => pipelineIn(new Stack(app, `Stack-${region}`, { env: { region } }), { source: sourceIn(region) }));

  expect(() => app.synth()).not.toThrow();
});

test('promise 41: fails when a stack uses a suffix twice, and names both uses', () => {
  const stack = newStack();
  pipelineIn(stack, {}, 'First');

  expect(() => pipelineIn(stack, {}, 'Second')).toThrow(/^Storefront\/Second \(BlueGreenFargatePipeline\): .*"dev".*"pipeline-dev" already belongs to Storefront\/First\b/);
});

test('promise 41: fails when two stacks of one app use a suffix in the same account and region, and names both uses', () => {
  const app = new App();
  const env = { account: '111111111111', region: 'us-east-1' };
  pipelineIn(new Stack(app, 'Shop', { env }), {}, 'First');

  expect(() => pipelineIn(new Stack(app, 'Till', { env }), {}, 'Second'))
    .toThrow(/^Till\/Second \(BlueGreenFargatePipeline\): .*"pipeline-dev" already belongs to Shop\/First\b/);
});

test('promise 41: projects of one suffix are told apart by their purpose, and may stand beside a pipeline', () => {
  const stack = newStack();
  pipelineIn(stack);
  const steps = BuildSteps.commands(['npm ci', 'npm run lint']);

  expect(() => ['lint', 'audit'].forEach((purpose) => new CachedBuildProject(stack, purpose, { environmentSuffix: 'dev', purpose, steps }))).not.toThrow();
});

test('promise 41: a suffix of 12 characters fits the default environments, in every region', () => {
  const stack = newStack({ env: {} });
  pipelineIn(stack, { environmentSuffix: 'abcdefghijkl' });
  const names = namesOf(templateOf(stack));

  expect(tooLong(names)).toEqual([]);
  expect(names.filter(({ name, limit }) => longest(name).length === limit).map(({ name }) => name)).toContain('tg-green-production-abcdefghijkl');
});

test('promise 41: fails for a suffix of 13 characters, and says how many there may be', () => {
  expect(() => pipelineIn(newStack(), { environmentSuffix: 'abcdefghijklm' }))
    .toThrow(/'environmentSuffix' must be at most 12 characters beside the environment "production", got "abcdefghijklm" \(13\)/);
});

const repository = (stack: Stack): ecr.IRepository => ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
const pipeline = (stack: Stack): codepipeline.IPipeline => codepipeline.Pipeline.fromPipelineArn(stack, 'Theirs',
  stack.formatArn({ service: 'codepipeline', resource: 'theirs' }));

/** Each construct on its own, with the longest of what else goes into its names. */
const ROOMS: { readonly [construct: string]: (stack: Stack, environmentSuffix: string) => unknown } = {
  'SecureArtifactBucket': (stack, environmentSuffix) => new SecureArtifactBucket(stack, 'It', { environmentSuffix }),
  'CachedBuildProject': (stack, environmentSuffix) => new CachedBuildProject(stack, 'It', {
    environmentSuffix, purpose: 'sixteencharacter', steps: BuildSteps.commands(['true']),
  }),
  'CachedBuildProject without a cache': (stack, environmentSuffix) => new CachedBuildProject(stack, 'It', {
    environmentSuffix, steps: BuildSteps.commands(['true'], { cachePaths: [] }),
  }),
  'ApprovalGate': (stack, environmentSuffix) => new ApprovalGate(stack, 'It', {
    environmentSuffix, environmentName: 'acceptance', approverEmails: ['leads@example.com'],
  }).addToPipeline(pipelineOfTheUser(new Construct(stack, 'Given'))),
  'EcsBlueGreenDeployment': (stack, environmentSuffix) => new EcsBlueGreenDeployment(stack, 'It', {
    environmentSuffix, environmentName: 'qa', repository: repository(stack),
  }),
  'PipelineAlarms': (stack, environmentSuffix) => new PipelineAlarms(stack, 'It', {
    environmentSuffix, pipeline: pipeline(stack), notificationEmails: ['team@example.com'],
  }),
  'PipelineDashboard': (stack, environmentSuffix) => new PipelineDashboard(stack, 'It', { environmentSuffix, pipeline: pipeline(stack) }),
  'PipelineDashboard of an environment': (stack, environmentSuffix) => new PipelineDashboard(stack, 'It', {
    environmentSuffix, pipeline: pipeline(stack), deployments: [{ environmentName: 'acceptance', stageName: 'DeployAcceptance' }],
  }),
  'RegistryCredentials': (stack, environmentSuffix) => new RegistryCredentials(stack, 'It', { environmentSuffix }),
};

describe.each(Object.entries(ROOMS))('%s on its own', (_, make) => {
  test('promise 41: takes suffixes until a name would be too long, and refuses all longer ones', () => {
    const accepts = (length: number): boolean => {
      try {
        make(newStack({ env: {} }), 'a'.repeat(length));
        return true;
      } catch (error) {
        expect(String(error)).toMatch(/^InvalidInputError: [^]*'environmentSuffix' must be at most \d+ characters/);
        return false;
      }
    };
    const lengths = Array.from({ length: 60 }, (__, index) => index + 1).concat([100, 491, 492, 600]);
    const accepted = lengths.filter(accepts);
    const stack = newStack({ env: {} });
    make(stack, 'a'.repeat(accepted[accepted.length - 1]));

    expect(accepted).toEqual(lengths.slice(0, accepted.length));
    expect(accepted.length).toBeLessThan(lengths.length);
    expect(tooLong(namesOf(templateOf(stack)))).toEqual([]);
  });
});

test('promise 41: whatever suffix and environment are accepted, every name fits and follows the rule', () => {
  const environmentName = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/);
  const environmentSuffix = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}$/);

  fc.assert(fc.property(environmentName, environmentSuffix, (name, suffix) => {
    const stack = newStack({ env: {} });
    try {
      pipelineIn(stack, { environmentSuffix: suffix, environments: [{ name }] });
    } catch (error) {
      expect(`tg-green-${name}-${suffix}`.length).toBeGreaterThan(32);
      expect(String(error)).toMatch(/^InvalidInputError: [^]*'environmentSuffix' must be at most/);
      return;
    }
    const names = namesOf(templateOf(stack));

    expect(tooLong(names)).toEqual([]);
    expect(misnamed(names, suffix, [name])).toEqual([]);
    expect(usedTwice(names)).toEqual([]);
  }), { numRuns: 12, seed: 41 });
});
