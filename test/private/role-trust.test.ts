import { aws_iam as iam, CfnResource, Validations } from 'aws-cdk-lib';
import { BlueGreenFargatePipeline } from '../../src';
import { newStack, pipelineIn } from '../helpers/synthesis';
import { warningsOf } from '../helpers/warnings';

const STATEMENT = 'AssumeRolePolicyDocument.Statement';

/** The warnings after a change of the trust policy of a role. */
function warningsAfter(change: (made: BlueGreenFargatePipeline, role: CfnResource) => void): string[] {
  const stack = newStack();
  const made = pipelineIn(stack);
  change(made, made.pipeline.role.node.defaultChild as CfnResource);
  return warningsOf(stack);
}

const toAssume = (principal: iam.IPrincipal) => new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals: [principal] });

test.each<[string, (made: BlueGreenFargatePipeline, role: CfnResource) => void, string]>([
  ['everybody', (_, role) => role.addPropertyOverride(`${STATEMENT}.0.Principal`, '*'), '["*"]'],
  ['every account', (_, role) => role.addPropertyOverride(`${STATEMENT}.0.Principal`, { AWS: '*' }), '"AWS":"*"'],
  ['another service', (_, role) => role.addPropertyOverride(`${STATEMENT}.0.Principal.Service`, 'lambda.amazonaws.com'), '[{"Service":"lambda.amazonaws.com"}]'],
  ['CodePipeline in every account', (_, role) => role.addPropertyDeletionOverride(`${STATEMENT}.0.Condition`), '[{"Service":"codepipeline.amazonaws.com"}]'],
  ['CodePipeline through a pattern', (_, role) => role.addPropertyOverride(`${STATEMENT}.0.Condition`, { StringLike: { 'aws:SourceAccount': '*' } }),
    '[{"Service":"codepipeline.amazonaws.com"}]'],
  ['another account', (_, role) => role.addPropertyOverride(`${STATEMENT}.1`, { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '222222222222' } }),
    '[{"AWS":"222222222222"}]'],
  ['a role of the user through the CDK', ({ pipeline }) => (pipeline.role as iam.Role).assumeRolePolicy?.addStatements(toAssume(new iam.ArnPrincipal('arn:aws:iam::111111111111:role/ops'))),
    '[{"AWS":"arn:aws:iam::111111111111:role/ops"}]'],
  ['a principal from a parameter', (_, role) => role.addPropertyOverride(`${STATEMENT}.0.Principal`, { AWS: { Ref: 'Who' } }), '"AWS":{"Ref":"Who"}'],
  ['a principal from an intrinsic function', (_, role) => role.addPropertyOverride('AssumeRolePolicyDocument', { 'Fn::If': ['C', {}, {}] }), '{"Fn::If":["C",{},{}]'],
])('synthesis warns about a role that %s may assume', (_, change, principals) => {
  const [warning, ...others] = warningsAfter(change);

  expect(others).toEqual([]);
  expect(warning).toContain('the trust policy of "Storefront/P/PipelineRole/Resource" allows ');
  expect(warning).toContain(principals);
  expect(warning).toContain('[BGP187]');
});

test.each<[string, (made: BlueGreenFargatePipeline) => iam.IRole | undefined]>([
  ['of CodeDeploy', (made) => made.deployment('production').deploymentGroup.role],
  ['of a build', ({ buildProject }) => buildProject.role],
  ['of the tasks', (made) => made.deployment('production').taskRole],
])('the role %s is checked, too', (_, roleOf) => {
  expect(warningsAfter((made) =>
    (roleOf(made)?.node.defaultChild as CfnResource).addPropertyOverride(`${STATEMENT}.0.Principal`, '*'))).toEqual([expect.stringContaining('[BGP187]')]);
});

test.each<[string, (made: BlueGreenFargatePipeline, role: CfnResource) => void]>([
  ['without changes', () => undefined],
  ['with a deny statement', ({ pipeline }) => (pipeline.role as iam.Role).assumeRolePolicy?.addStatements(
    new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['sts:AssumeRole'], principals: [new iam.AnyPrincipal()], conditions: { Bool: { 'aws:SecureTransport': 'false' } } }))],
  ['whose warning is acknowledged', ({ pipeline }, role) => {
    role.addPropertyOverride(`${STATEMENT}.0.Principal`, '*');
    Validations.of(pipeline.role).acknowledge({ id: '@org/bluegreen-pipeline:Role.widerTrust', reason: 'a sandbox' });
  }],
])('synthesis does not warn about a role %s', (_, change) => {
  expect(warningsAfter(change)).toEqual([]);
});
