import {
  App, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3, Stack, Validations,
} from 'aws-cdk-lib';
import { deploymentIn, gateIn, images, projectIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { refusedIn, warningsOf } from '../helpers/inputs';
import { pipelineOfTheUser } from '../helpers/programs';
import { newStack, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

const stackInAccount = () => newStack({ env: { account: '111111111111', region: 'us-east-1' } });
const roleAt = (stack: Stack, resource: string, options?: iam.FromRoleArnOptions) =>
  iam.Role.fromRoleArn(stack, 'Theirs', `arn:aws:iam::111111111111:role/${resource}`, options);

const MANAGED_BY_AWS = 'must not be a role that AWS manages, under /aws-reserved/ or /aws-service-role/: IAM rejects changes to its policies, got';
const MUST_BE_MUTABLE = 'must have a mutable role';

/** The places where a role of the user's gets the deny of a role that deploys. */
const DEPLOYING: [string, (stack: Stack, role: iam.IRole) => unknown][] = [
  ['hooks.afterInstall', (stack, role) => {
    const handler = lambda.Function.fromFunctionAttributes(stack, 'Hook', { functionArn: 'arn:aws:lambda:us-east-1:111111111111:function:ask', role });
    const repository = images(stack);
    return () => new EcsBlueGreenDeployment(stack, 'Production', {
      environmentSuffix: 'dev', environmentName: 'production', repository, hooks: { afterInstall: handler },
    });
  }],
  ['pipeline', (stack, role) => {
    const deployment = deploymentIn(stack);
    deployment.rollbackAlarms.forEach((alarm) => alarm.addAlarmAction({ bind: () => ({ alarmActionArn: 'arn:aws:sns:us-east-1:111111111111:alerts' }) }));
    const release = new codepipeline.Artifact('Release');
    const pipeline = pipelineOfTheUser(stack, release, { role });
    pipeline.addStage({ stageName: 'Ask', actions: [new actions.ManualApprovalAction({ actionName: 'Ask' })] });
    return () => deployment.addToPipeline(pipeline, { release });
  }],
];

const REFUSED: [string, string, iam.FromRoleArnOptions | undefined, string][] = [
  ['of Identity Center', 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_1', undefined,
    `${MANAGED_BY_AWS} "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_1"; use your own role [BGP155]`],
  ['that is linked to a service', 'aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda', undefined,
    `${MANAGED_BY_AWS} "aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda"; use your own role [BGP155]`],
  ['imported with { mutable: false }', 'ops', { mutable: false }, `${MUST_BE_MUTABLE}, got "Storefront/Theirs": the library adds a Deny for ec2:TerminateInstances`],
];

describe.each(DEPLOYING)('%s', (prop, prepare) => {
  test.each(REFUSED)('the construct rejects a role %s and leaves everything unchanged', (_, resource, options, words) => {
    const stack = stackInAccount();
    const make = prepare(stack, roleAt(stack, resource, options)) as () => unknown;

    expect(refusedIn(stack, make)).toEqual([expect.stringContaining(`'${prop}' ${words}`)]);
  });

  test('the construct denies a role in a path ec2:TerminateInstances by its name', () => {
    const stack = stackInAccount();
    const make = prepare(stack, roleAt(stack, 'service-role/ops/AWSCodePipelineServiceRole')) as () => unknown;

    make();

    const denies = all(templateOf(stack), 'AWS::IAM::Policy')
      .filter(([, { Roles }]) => JSON.stringify(Roles) === '["AWSCodePipelineServiceRole"]')
      .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement as object[]);
    expect(denies).toContainEqual({ Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: '*' });
  });
});

/** The stages that need no deny: their pipeline only has to assume the role of their action. */
const STAGES: [string, string, (stack: Stack, pipeline: codepipeline.Pipeline, source: codepipeline.Artifact) => unknown][] = [
  ['ApprovalGate', 'Storefront/Gate/Role', (stack, pipeline) => gateIn(stack).addToPipeline(pipeline)],
  ['CachedBuildProject', 'Storefront/Lint/ActionRole', (stack, pipeline, input) => projectIn(stack).addToPipeline(pipeline, { stageName: 'Lint', input })],
];

test.each(STAGES)('%s warns about an immutable pipeline role, which cannot assume its role', (type, actionRole, add) => {
  const warned = (roleOf: (stack: Stack) => iam.IRole, acknowledged = false) => {
    const stack = stackInAccount();
    const id = `@org/bluegreen-pipeline:${type}.immutablePipelineRole`;
    if (acknowledged) {
      Validations.of(stack).acknowledge({ id, reason: 'It may.' });
    }
    const source = new codepipeline.Artifact('Source');
    add(stack, pipelineOfTheUser(stack, source, { role: roleOf(stack) }), source);
    return stack.node.findAll().flatMap(warningsOf).filter((warning) => warning.includes(id));
  };
  const immutable = (stack: Stack) => roleAt(stack, 'pipelines', { mutable: false });

  expect(warned((stack) => roleAt(stack, 'pipelines'))).toEqual([]);
  expect(warned(immutable, true)).toEqual([]);
  expect(warned(immutable)).toEqual([expect.stringContaining(
    'the pipeline cannot start this stage, because its role "Storefront/Theirs" is immutable: '
    + `grant that role sts:AssumeRole on the role "${actionRole}" [BGP156]`)]);
});

test('a load balancer warns about an imported bucket for its logs, and writes the policy of a bucket in the app', () => {
  const warned = (bucketIn: (stack: Stack) => s3.IBucket) => {
    const stack = newStack();
    const deployment = deploymentIn(stack, { loadBalancer: { accessLogsBucket: bucketIn(stack) } });
    (stack.node.root as App).synth();
    return warningsOf(deployment).filter((warning) => warning.includes('EcsBlueGreenDeployment.importedAccessLogsBucket'));
  };

  expect(warned((stack) => new s3.Bucket(stack, 'Logs'))).toEqual([]);
  expect(warned((stack) => s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs'))).toEqual([
    expect.stringContaining('"Storefront/Logs" is imported, so the library cannot change its policy: '
      + 'allow Elastic Load Balancing to write the access logs before you deploy'),
  ]);
});
