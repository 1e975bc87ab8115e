import { App, aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { BuildSteps, CachedBuildProject } from '../../src';
import { templateOf } from '../helpers/synthesis';
import { identityStatements, listOf } from '../helpers/templates';

/** The permissions of the role of a project for ECR Public, in a stack of a region. */
function publicStatements(steps: (repository: ecr.IRepository) => BuildSteps, region?: string): object[] {
  const stack = new Stack(new App(), 'Storefront', { env: { region } });
  new CachedBuildProject(stack, 'Build', { environmentSuffix: 'dev', steps: steps(ecr.Repository.fromRepositoryName(stack, 'Images', 'images')) });
  return identityStatements(templateOf(stack)).map(([, statement]) => statement)
    .filter(({ Action }) => listOf(Action).some((action) => /^(ecr-public|sts):/.test(action)));
}

const image = (repository: ecr.IRepository) => BuildSteps.image({ repository });

const LOGIN = [
  { Effect: 'Allow', Action: 'ecr-public:GetAuthorizationToken', Resource: '*' },
  {
    Effect: 'Allow',
    Action: 'sts:GetServiceBearerToken',
    Resource: '*',
    Condition: { StringEquals: { 'sts:AWSServiceName': 'ecr-public.amazonaws.com' } },
  },
];

test.each(['us-east-1', 'eu-central-2', 'xx-nowhere-1', undefined])('a build of an image in %s may log in to ECR Public, and to nothing else with a bearer token', (region) => {
  expect(publicStatements(image, region)).toEqual(LOGIN);
});

test.each(['cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1'])('a build of an image in %s, outside the partition aws, may not', (region) => {
  expect(publicStatements(image, region)).toEqual([]);
});

test.each<[string, (repository: ecr.IRepository) => BuildSteps]>([
  ['commands', () => BuildSteps.commands(['npm test'])],
  ['a probe', (repository) => BuildSteps.probe({ repository, port: 80, path: '/' })],
  ['a release', (repository) => BuildSteps.release({ repository, releaseSettings: {} })],
])('a build of %s, which pulls nothing from ECR Public, may not', (_, steps) => {
  expect(publicStatements(steps, 'us-east-1')).toEqual([]);
});
