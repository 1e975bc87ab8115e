import { App, aws_certificatemanager as acm, aws_ecr as ecr, aws_ecs as ecs, Stack, Tags, Token, Validations } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeploymentProps } from '../../src';
import { isLatest } from '../../src/deployment/private/bootstrap';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

function certificateIn(stack: Stack) {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c');
}

type Props = (stack: Stack) => Partial<EcsBlueGreenDeploymentProps>;

const WARNINGS: [string, Props, string][] = [
  ['http', () => ({}), "production serves HTTP only: pass a 'certificate' for its environment [BGP109]"],
  ['latestImage', (stack) => ({ certificate: certificateIn(stack), bootstrapImage: ecs.ContainerImage.fromRegistry('acme/hello') }),
    'the \'bootstrapImage\' of production has the tag "latest", which is mutable, so tasks can start from a different image: use a fixed tag or a digest [BGP119]'],
  ['wideTestNetwork', (stack) => ({ certificate: certificateIn(stack), loadBalancer: { testListenerCidrs: ['10.0.0.0/8', '32.0.0.0/3'] } }),
    "'loadBalancer.testListenerCidrs' of production lets 32.0.0.0/3 reach an unreleased version: list only your testers' networks [BGP139]"],
  ['stackTags', (stack) => {
    Tags.of(stack).add('team', 'web');
    return { certificate: certificateIn(stack) };
  }, 'the tags ["team"] of the stack apply to every resource, and ECS rejects most updates of a service under CodeDeploy, so a later change of a tag may '
    + "fail: set '@aws-cdk/core:explicitStackTags' in cdk.json, or exclude 'aws:cdk:stack' with 'excludeResourceTypes' [BGP200]"],
];

function warningsOf(props: Props, prepare: (stack: Stack) => void = () => undefined): string[] {
  const stack = newStack();
  prepare(stack);
  deploymentIn(stack, props(stack));
  return warnings(stack);
}

function warnings(stack: Stack): string[] {
  (stack.node.root as App).synth();
  return stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

test.each(WARNINGS)('synthesis warns about %s', (topic, props, words) => {
  const [warning, ...others] = warningsOf(props);

  expect(others).toEqual([]);
  expect(warning).toContain(words);
  expect(warning).toContain(`@org/bluegreen-pipeline:EcsBlueGreenDeployment.${topic}`);
});

test.each(WARNINGS)('%s can be acknowledged', (topic, props) => {
  expect(warningsOf(props, (stack) => Validations.of(stack).acknowledge({
    id: `@org/bluegreen-pipeline:EcsBlueGreenDeployment.${topic}`, reason: 'we know',
  }))).toEqual([]);
});

test('common settings cause no warning', () => {
  expect(warningsOf((stack) => ({
    certificate: certificateIn(stack),
    loadBalancer: { testListenerCidrs: ['203.0.113.0/24'] },
    bootstrapImage: ecs.ContainerImage.fromRegistry('acme/hello:1'),
  }))).toEqual([]);
});

test.each<[string, (app: App) => void]>([
  ["without 'aws:cdk:stack'", (app) => Tags.of(app).add('team', 'web', { excludeResourceTypes: ['aws:cdk:stack'] })],
  ['with explicit stack tags', (app) => {
    app.node.setContext('@aws-cdk/core:explicitStackTags', true);
    Tags.of(app).add('team', 'web');
  }],
])('tags of an app %s reach its resources one by one, and CloudFormation propagates none to the service', (_, tag) => {
  const app = new App();
  tag(app);
  const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });
  deploymentIn(stack);

  expect(warnings(stack).filter((warning) => warning.includes('[BGP200]'))).toEqual([]);
  expect(app.synth().getStackArtifact(stack.artifactId).tags).toEqual({});
  expect(all(templateOf(stack), 'AWS::ECS::Cluster').map(([, { Tags: tags }]) => tags)).toEqual([[{ Key: 'team', Value: 'web' }]]);
});

test('the pipeline warns about the tags of its stack once', () => {
  const stack = newStack({ tags: { team: 'web' } });
  pipelineIn(stack);

  expect(warnings(stack).filter((warning) => warning.includes('[BGP200]'))).toHaveLength(1);
});

test.each([
  ['acme/hello', true], ['hello', true], ['hello:latest', true], ['registry.example.com:5000/hello', true], ['hello:1', false], ['registry.example.com:5000/hello:1', false],
  [`hello@sha256:${'0'.repeat(64)}`, false], ['acme/latest:1', false], ['hello:latest-1', false],
  [ecr.Repository.fromRepositoryName(newStack(), 'Hello', 'hello').repositoryUriForTag('latest'), true],
  [ecr.Repository.fromRepositoryName(newStack(), 'Hello', 'hello').repositoryUriForTag('1'), false],
  [Token.asString({ Ref: 'Image' }), false],
])('%s has the tag latest: %s', (name, latest) => {
  expect(isLatest(name)).toBe(latest);
});
