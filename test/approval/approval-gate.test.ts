import { aws_codepipeline as codepipeline, aws_iam as iam, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApprovalGate, ApprovalGateProps } from '../../src';
import { pipelineOfTheUser } from '../helpers/programs';
import { problemsOf } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';

const minimal: ApprovalGateProps = { environmentSuffix: 'dev', environmentName: 'production', approverEmails: ['leads@example.com'] };

test('a gate with minimal properties asks by e-mail, in a stage of its own, for a week', () => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', minimal).addToPipeline(pipelineOfTheUser(stack));

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

  new ApprovalGate(stack, 'Gate', minimal).addToPipeline(pipelineOfTheUser(stack));

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

  new ApprovalGate(stack, 'Gate', { ...minimal, approverRoles: [leads] }).addToPipeline(pipelineOfTheUser(stack));

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

  new ApprovalGate(stack, 'Gate', { ...minimal, approverRoles: [imported] }).addToPipeline(pipelineOfTheUser(stack));

  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyName: 'policy-approvers-production-dev', Roles: ['leads'] });
});

test('a gate with everything set asks its own question for its own time', () => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', { ...minimal, message: 'Ship #{Source.CommitId}?', timeout: Duration.hours(4) }).addToPipeline(pipelineOfTheUser(stack));

  Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({
      Actions: [Match.objectLike({ TimeoutInMinutes: 240, Configuration: Match.objectLike({ CustomData: 'Ship #{Source.CommitId}?' }) })],
    })]),
  });
});

/** What a gate with other properties is refused for. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const problems = problemsOf(() => new ApprovalGate(stack, 'Gate', { ...minimal, ...props as ApprovalGateProps }));
  expect(stack.node.tryFindChild('Gate') === undefined).toBe(problems.length > 0);
  return problems;
}

test.each<[Partial<ApprovalGateProps>]>([
  [{ message: 'x' }], [{ message: 'x'.repeat(1000) }], [{ message: Lazy.string({ produce: () => 'x'.repeat(2000) }) }], [{ message: undefined }],
  [{ timeout: Duration.minutes(5) }], [{ timeout: Duration.days(60) }],
  [{ approverRoles: [] }], [{ environmentSuffix: Lazy.string({ produce: () => 'dev' }) }], [{ approverEmails: [Lazy.string({ produce: () => 'a@b.co' })] }],
])('accepts %j', (props) => {
  const stack = newStack();

  new ApprovalGate(stack, 'Gate', { ...minimal, ...props }).addToPipeline(pipelineOfTheUser(stack));

  expect(() => Template.fromStack(stack)).not.toThrow();
});

test.each<[unknown, string]>([
  [{ approverEmails: [] }, '\'approverEmails\' must be a list of at least one e-mail address, got []; for example ["team@example.com"] [BGP009]'],
  [{ approverEmails: ['a@example.com', 'nobody'] }, '\'approverEmails[1]\' must be an e-mail address, got "nobody"; for example "team@example.com" [BGP010]'],
  [{ approverEmails: ['a@example.com', 'a@example.com'] }, "'approverEmails[1]' must not repeat an address, got \"a@example.com\" twice; remove one [BGP011]"],
  [{ environmentName: 'pre-prod' },
    '\'environmentName\' must be lower-case letters and digits, starting with a letter, got "pre-prod"; for example "staging" [BGP006]'],
  [{ environmentName: Lazy.string({ produce: () => 'x' }) },
    '\'environmentName\' must be known at synthesis, got a token; write the name out, for example "staging" [BGP003]'],
  [{ environmentName: 'a'.repeat(40) }, "'environmentSuffix' must be at most 0 characters beside the environment \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", got "
    + '"dev" (3); "role-approval-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-dev" would not fit into the 64 characters of its AWS name; '
    + 'shorten the name of the environment [BGP007]'],
  [{ timeout: Duration.minutes(4) }, "'timeout' must be whole minutes from 5 minutes to 60 days, got 4 minutes; for example Duration.minutes(5) [BGP080]"],
  [{ timeout: Duration.seconds(301) }, "'timeout' must be whole minutes from 5 minutes to 60 days, got 5 minutes 1 second; for example Duration.minutes(5) [BGP080]"],
  [{ timeout: Duration.minutes(86401) }, "'timeout' must be whole minutes from 5 minutes to 60 days, got 60 days 1 minute; for example Duration.minutes(5) [BGP080]"],
  [{ timeout: Duration.minutes(Lazy.number({ produce: () => 30 })) },
    "'timeout' must be known at synthesis, got a token; write it out, for example Duration.days(7) [BGP003]"],
  [{ message: 'x'.repeat(1001) }, "'message' must be at most 1000 characters, got 1001; shorten it [BGP081]"],
  [{ message: '' }, '\'message\' must be a non-empty text, got ""; for example "Approve the release?" [BGP004]'],
  [{ approverRoles: ['leads'] },
    '\'approverRoles[0]\' must be an iam.IRole, got "leads"; for example iam.Role.fromRoleName(this, \'Leads\', \'leads\') [BGP002]'],
  [{ approverRoles: [undefined] }, "'approverRoles[0]' is required; for example iam.Role.fromRoleName(this, 'Leads', 'leads') [BGP001]"],
])('fails for %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('fails for a role of another account, which no policy of this one reaches', () => {
  const stack = newStack({ env: { account: '222222222222', region: 'us-east-1' } });
  const role = (account: string) => iam.Role.fromRoleArn(stack, `In${account}`, `arn:aws:iam::${account}:role/leads`);

  expect(refusedFor({ approverRoles: [role('222222222222'), role('111111111111')] }, stack))
    .toEqual(["'approverRoles[1]' must be in the account of the stack, 222222222222, got one in 111111111111; use one from there [BGP087]"]);
});

test('tells all problems in one message', () => {
  expect(problemsOf(() => new ApprovalGate(newStack(), '', { environmentSuffix: 'Dev', message: 7 } as unknown as ApprovalGateProps)).map((problem) => problem.slice(-8)))
    .toEqual(['[BGP004]', '[BGP005]', '[BGP001]', '[BGP001]', '[BGP002]']);
});

test('fails for a suffix that is taken, and names both gates', () => {
  const stack = newStack();
  new ApprovalGate(stack, 'One', minimal);

  expect(refusedFor({}, stack)).toEqual(["'environmentSuffix' must differ for each use in one account and region, got \"dev\"; "
    + '"topic-approval-production-dev" already belongs to Storefront/One; give the second one a suffix of its own [BGP008]']);
});

test('of a gate that was never added to a pipeline synthesis warns, because nobody would be asked', () => {
  const warningsOf = (prepare: (gate: ApprovalGate, stack: Stack) => unknown) => {
    const stack = newStack();
    const gate = new ApprovalGate(stack, 'Gate', minimal);
    prepare(gate, stack);
    Template.fromStack(stack);
    return gate.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data).replace(/annotation::/i, ''));
  };

  expect(warningsOf(() => undefined)).toEqual([
    "nobody is asked before production: call 'addToPipeline' before the stage that deploys [BGP089] [ack: @org/bluegreen-pipeline:ApprovalGate.alone]",
  ]);
  expect(warningsOf((gate, stack) => gate.addToPipeline(pipelineOfTheUser(stack)))).toEqual([]);
  expect(warningsOf((gate) => Validations.of(gate).acknowledge({ id: '@org/bluegreen-pipeline:ApprovalGate.alone', reason: 'A chat bot approves.' }))).toEqual([]);
});

test('a gate is added once, to a pipeline of its stack that has no stage of that name', () => {
  const stack = newStack();
  const pipeline = pipelineOfTheUser(stack);
  const gate = new ApprovalGate(stack, 'Gate', minimal);
  const add = (to: unknown) => problemsOf(() => gate.addToPipeline(to as codepipeline.Pipeline));

  expect([add(undefined), add('pipeline'), add(new codepipeline.Pipeline(new Stack(stack, 'Other'), 'Pipeline'))]).toEqual([
    ["'pipeline' is required; for example new codepipeline.Pipeline(…) [BGP001]"],
    ["'pipeline' must be a codepipeline.Pipeline, got \"pipeline\"; for example new codepipeline.Pipeline(…) [BGP002]"],
    ["'pipeline' must be in the same stack, got one in \"Storefront/Other\" for a construct in \"Storefront\"; move one of them [BGP016]"],
  ]);
  expect(add(pipeline)).toEqual([]);
  expect(add(pipeline)).toEqual(["'addToPipeline' must be called only once; make another construct for another stage [BGP015]"]);
  const second = new ApprovalGate(stack, 'Second', { ...minimal, environmentSuffix: 'two' });
  expect(problemsOf(() => second.addToPipeline(pipeline)))
    .toEqual(["'pipeline' must have no stage \"ApproveProduction\" yet, got one that has; give each stage a name of its own [BGP019]"]);
  expect(second.node.tryFindChild('Role')).toBeUndefined();
});
