import { CfnParameter } from 'aws-cdk-lib';
import { PipelineSource } from '../../src';
import { CONNECTION_ARN, newStack, pipelineIn, resources, templateOf } from '../helpers/synthesis';

function templateWith(options: { connectionArn?: string; repository: string; branch?: string }, stack = newStack()) {
  pipelineIn(stack, { source: PipelineSource.connection({ connectionArn: CONNECTION_ARN, ...options }) });
  const template = templateOf(stack);
  const [pipeline] = Object.values(resources(template, 'AWS::CodePipeline::Pipeline'));
  return { template, configuration: pipeline.Properties.Stages[0].Actions[0].Configuration };
}

test.each([
  ['acme/storefront', undefined, 'main'],
  ['acme/web/storefront', 'release/1.x', 'release/1.x'],
])('a connection to %s with the branch %s follows %s and starts an execution on each push', (repository, branch, expected) => {
  expect(templateWith({ repository, branch }).configuration).toEqual({
    ConnectionArn: CONNECTION_ARN,
    FullRepositoryId: repository,
    BranchName: expected,
    DetectChanges: true,
  });
});

test('tokens reach CodePipeline unchanged', () => {
  const stack = newStack();
  const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
  const options = {
    connectionArn: parameter('Connection'), repository: parameter('Repository'), branch: parameter('Branch'),
  };

  expect(templateWith(options, stack).configuration).toMatchObject({
    ConnectionArn: { Ref: 'Connection' },
    FullRepositoryId: { Ref: 'Repository' },
    BranchName: { Ref: 'Branch' },
  });
});

test('the source role may use a CodeStar connection under both prefixes, for its repository and branch', () => {
  const connectionArn = CONNECTION_ARN.replace('codeconnections', 'codestar-connections');

  const { template } = templateWith({ connectionArn, repository: 'acme/storefront' });

  expect(Object.values(resources(template, 'AWS::IAM::Role'))).toContainEqual(expect.objectContaining({
    Properties: expect.objectContaining({
      RoleName: 'role-source-dev-us-east-1',
      Policies: [expect.objectContaining({
        PolicyDocument: expect.objectContaining({
          Statement: expect.arrayContaining([{
            Effect: 'Allow',
            Action: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
            Resource: connectionArn,
            Condition: {
              StringEqualsIfExists: {
                'codeconnections:FullRepositoryId': 'acme/storefront',
                'codeconnections:BranchName': 'main',
                'codestar-connections:FullRepositoryId': 'acme/storefront',
                'codestar-connections:BranchName': 'main',
              },
            },
          }]),
        }),
      })],
    }),
  }));
});
