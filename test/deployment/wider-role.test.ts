import { aws_iam as iam } from 'aws-cdk-lib';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

test('the CodeDeploy role accepts the AWS managed policy in one line, in addition to its own policies and its deny', () => {
  const stack = newStack();
  const shop = pipelineIn(stack);
  const { deploymentGroup } = shop.deployment('production');
  deploymentGroup.role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AWSCodeDeployRoleForECS'));

  const roles = all(templateOf(stack), 'AWS::IAM::Role').map(([, properties]) => properties);
  const widened = roles.filter(({ ManagedPolicyArns, RoleName }) => ManagedPolicyArns !== undefined && RoleName !== undefined);

  expect(widened.map(({ RoleName, ManagedPolicyArns }) => [RoleName, ManagedPolicyArns])).toEqual([
    ['role-codedeploy-production-dev-us-east-1', [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSCodeDeployRoleForECS']] }]],
  ]);
  expect(widened[0].Policies.map(({ PolicyName }: { readonly PolicyName: string }) => PolicyName))
    .toEqual(['policy-codedeploy-deny-production-dev', 'policy-codedeploy-production-dev']);
  expect(widened[0].Policies[0].PolicyDocument.Statement).toEqual([{ Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' }]);
});
