import { CfnParameter } from 'aws-cdk-lib';
import { PipelineSource } from '../../src';
import { CONNECTION_ARN, newStack, pipelineIn, resources, templateOf } from '../helpers/synthesis';

function sourceConfiguration(repository: string, branch?: string, connectionArn = CONNECTION_ARN, stack = newStack()) {
  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository, branch }) });
  const [pipeline] = Object.values(resources(templateOf(stack), 'AWS::CodePipeline::Pipeline'));
  return pipeline.Properties.Stages[0].Actions[0].Configuration;
}

test('a connection follows main and starts on each push', () => {
  expect(sourceConfiguration('acme/storefront')).toEqual({
    ConnectionArn: CONNECTION_ARN,
    FullRepositoryId: 'acme/storefront',
    BranchName: 'main',
    DetectChanges: true,
  });
});

test('nested groups of GitLab reach CodePipeline whole', () => {
  expect(sourceConfiguration('acme/web/storefront', 'release/1.x')).toMatchObject({
    FullRepositoryId: 'acme/web/storefront',
    BranchName: 'release/1.x',
  });
});

test('tokens reach CodePipeline as they are', () => {
  const stack = newStack();
  const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;

  const configuration = sourceConfiguration(parameter('Repository'), parameter('Branch'), parameter('Connection'), stack);

  expect(configuration).toMatchObject({
    ConnectionArn: { Ref: 'Connection' },
    FullRepositoryId: { Ref: 'Repository' },
    BranchName: { Ref: 'Branch' },
  });
});

test.each(['codeconnections', 'codestar-connections'])('the role may use this one connection under both prefixes when it is of %s', (service) => {
  const stack = newStack();
  const connectionArn = CONNECTION_ARN.replace('codeconnections', service);

  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn, repository: 'acme/storefront' }) });

  const role = Object.values(resources(templateOf(stack), 'AWS::IAM::Role')).find(({ Properties }) => Properties.RoleName === 'role-source-dev-us-east-1');
  expect(role?.Properties.Policies[0].PolicyDocument.Statement).toContainEqual({
    Effect: 'Allow',
    Action: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
    Resource: connectionArn,
  });
});
