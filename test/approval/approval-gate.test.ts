import { aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_iam as iam, aws_s3 as s3, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApprovalGate, ApprovalGateProps } from '../../src';
import { newStack } from '../helpers/synthesis';

/** A pipeline of the user's own, with no facade in sight. */
function pipelineWithSource(stack: Stack): codepipeline.Pipeline {
  return new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineType: codepipeline.PipelineType.V2,
    stages: [{
      stageName: 'Source',
      actions: [new actions.S3SourceAction({
        actionName: 'Source',
        bucket: s3.Bucket.fromBucketName(stack, 'Code', 'acme-code'),
        bucketKey: 'code.zip',
        output: new codepipeline.Artifact('Source'),
      })],
    }],
  });
}

const minimal: ApprovalGateProps = { environmentSuffix: 'dev', environmentName: 'production', approverEmails: ['leads@example.com'] };

test('a gate with minimal properties asks by e-mail, in a stage of its own, for a week', () => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', minimal).addToPipeline(pipelineWithSource(stack));

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'topic-approval-production-dev' });
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'leads@example.com' });
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([{
      Name: 'ApproveProduction',
      Actions: [Match.objectLike({
        Name: 'Approve',
        ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' },
        Configuration: {
          NotificationArn: { Ref: Match.stringLikeRegexp('GateTopic') },
          CustomData: 'Approve the deployment to production?',
        },
        TimeoutInMinutes: 10080,
      })],
    }]),
  });
});

test('the role of the gate may publish to its topic and nothing else', () => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', minimal).addToPipeline(pipelineWithSource(stack));

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'role-approval-production-dev-us-east-1',
    Policies: [{
      PolicyName: 'policy-approval-production-dev',
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: Match.stringLikeRegexp('GateTopic') } }], Version: '2012-10-17' },
    }],
    ManagedPolicyArns: Match.absent(),
  });
});

test('an approver role may answer this gate and no other', () => {
  const stack = newStack();
  const leads = new iam.Role(stack, 'Leads', { assumedBy: new iam.AccountRootPrincipal() });

  new ApprovalGate(stack, 'Gate', { ...minimal, approverRoles: [leads] }).addToPipeline(pipelineWithSource(stack));

  const arn = ['arn:', { Ref: 'AWS::Partition' }, ':codepipeline:us-east-1:', { Ref: 'AWS::AccountId' }, ':', { Ref: Match.stringLikeRegexp('Pipeline') }];
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: 'policy-approvers-production-dev',
    Roles: [{ Ref: Match.stringLikeRegexp('Leads') }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
          Resource: { 'Fn::Join': ['', arn] },
        },
        { Effect: 'Allow', Action: 'codepipeline:PutApprovalResult', Resource: { 'Fn::Join': ['', [...arn, '/ApproveProduction/Approve']] } },
      ],
    },
  });
});

test('an imported approver role gets its permission, even where CDK would drop a grant', () => {
  const stack = newStack();
  const imported = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/leads', { mutable: false });

  new ApprovalGate(stack, 'Gate', { ...minimal, approverRoles: [imported] }).addToPipeline(pipelineWithSource(stack));

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyName: 'policy-approvers-production-dev', Roles: ['leads'] });
});

test('a gate with everything set asks its own question for its own time', () => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', { ...minimal, message: 'Ship #{Source.CommitId}?', timeout: Duration.hours(4) }).addToPipeline(pipelineWithSource(stack));

  Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({
      Actions: [Match.objectLike({ TimeoutInMinutes: 240, Configuration: Match.objectLike({ CustomData: 'Ship #{Source.CommitId}?' }) })],
    })]),
  });
});

test.each([
  [{ approverEmails: [] }, '\'approverEmails\' must be a list of at least one e-mail address, got []; for example ["team@example.com"]'],
  [{ approverEmails: ['a@example.com', 'nobody'] }, '\'approverEmails[1]\' must be an e-mail address, got "nobody"; for example "team@example.com"'],
  [{ approverEmails: ['a@example.com', 'a@example.com'] }, "'approverEmails[1]' must not repeat an address, got \"a@example.com\" twice; remove one"],
  [{ environmentName: 'pre-prod' }, '\'environmentName\' must be lower-case letters and digits, starting with a letter, got "pre-prod"; for example "staging"'],
  [{ timeout: Duration.minutes(4) }, "'timeout' must be from 5 minutes to 60 days, got 4 minutes"],
  [{ timeout: Duration.days(61) }, "'timeout' must be from 5 minutes to 60 days, got 61 days"],
  [{ message: 'x'.repeat(1001) }, "'message' must be at most 1000 characters, got 1001; shorten it"],
])('fails for %j', (props, message) => {
  const stack = newStack();

  expect(() => new ApprovalGate(stack, 'Gate', { ...minimal, ...props })).toThrow(`Storefront/Gate (ApprovalGate): ${message}`);

  expect(stack.node.children).toHaveLength(0);
});
