import { aws_codepipeline as codepipeline, aws_iam as iam, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApprovalGate, ApprovalGateProps } from '../../src';
import { ownedBy, refusedIn, testStruct, warningsOf } from '../helpers/inputs';
import { pipelineOfTheUser } from '../helpers/programs';
import { newStack } from '../helpers/synthesis';

const minimal: ApprovalGateProps = {
  environmentSuffix: 'dev',
  environmentName: 'production',
  approverEmails: ['leads@example.com'],
};

/** The template of a gate in a pipeline of the user. */
function templateWith(props: Partial<ApprovalGateProps> = {}, stack = newStack()): Template {
  new ApprovalGate(stack, 'Gate', { ...minimal, ...props }).addToPipeline(pipelineOfTheUser(stack));
  return Template.fromStack(stack);
}

test('a gate with minimal props asks whether to deploy to its environment', () => {
  templateWith().hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({
      Name: 'ApproveProduction',
      Actions: [Match.objectLike({
        Configuration: Match.objectLike({ CustomData: 'Approve the deployment to production?' }),
        TimeoutInMinutes: 10080,
      })],
    })]),
  });
});

test('an immutable imported role gets its permission, although CDK would drop a grant', () => {
  const stack = newStack();
  const imported = iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111111111111:role/leads', { mutable: false });

  templateWith({ approverRoles: [imported] }, stack)
    .hasResourceProperties('AWS::IAM::Policy', { PolicyName: 'policy-approvers-production-dev', Roles: ['leads'] });
});

test('a gate with all props asks its own question for its own time', () => {
  templateWith({ message: 'Ship #{Source.CommitId}?', timeout: Duration.days(60) })
    .hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({
        Actions: [Match.objectLike({
          TimeoutInMinutes: 86400,
          Configuration: Match.objectLike({ CustomData: 'Ship #{Source.CommitId}?' }),
        })],
      })]),
    });
});

/** The violations of a gate beside resources of the user. */
function refusedFor(props: unknown, stack = newStack()): string[] {
  const { role } = ownedBy(stack);
  return refusedIn(stack, () => new ApprovalGate(stack, 'Gate', {
    ...minimal, approverRoles: [role], ...props as ApprovalGateProps,
  }));
}

const LONG = 'a'.repeat(40);

test.each<[unknown, string]>([
  [
    { environmentName: LONG },
    `'environmentSuffix' must be at most 0 characters beside the environment "${LONG}", got "dev" (3); `
    + `"role-approval-${LONG}-dev" would not fit into the 64 characters of its AWS name; shorten the name of the environment [BGP007]`,
  ],
  [
    { timeout: Duration.minutes(4) },
    "'timeout' must be whole minutes from 5 minutes to 60 days, got 4 minutes; for example Duration.minutes(5) [BGP080]",
  ],
  [
    { timeout: Duration.minutes(Lazy.number({ produce: () => 30 })) },
    "'timeout' must be known at synthesis, got a token; write it out, for example Duration.days(7) [BGP003]",
  ],
  [{ message: 'x'.repeat(1001) }, "'message' must be at most 1000 characters, got 1001; shorten it [BGP081]"],
  [{ message: '' }, '\'message\' must be a non-empty text, got ""; for example "Approve the release?" [BGP004]'],
  [
    { approverRoles: ['leads'] },
    '\'approverRoles[0]\' must be an iam.IRole, got "leads"; for example iam.Role.fromRoleName(this, \'Leads\', \'leads\') [BGP002]',
  ],
])('a gate refuses %j', (props, message) => {
  expect(refusedFor(props)).toEqual([message]);
});

test('a gate refuses a role of another account, which no policy of this account reaches', () => {
  const stack = newStack({ env: { account: '222222222222', region: 'us-east-1' } });
  const approverRoles = ['222222222222', '111111111111'].map((account) =>
    iam.Role.fromRoleArn(stack, `In${account}`, `arn:aws:iam::${account}:role/leads`));

  expect(refusedFor({ approverRoles }, stack)).toEqual([
    "'approverRoles[1]' must be in the account of the stack, 222222222222, got one in 111111111111; use one from there [BGP087]",
  ]);
});

testStruct({
  what: 'ApprovalGate',
  key: 'approverEmail',
  closest: 'approverEmails',
  claims: 'topic-approval-production-dev',
  make: (stack, extra, id) => new ApprovalGate(stack, id, { ...minimal, ...extra }),
});

test.each<[string, (gate: ApprovalGate, stack: Stack) => unknown, unknown[]]>([
  ['that no pipeline has', () => undefined, [
    expect.stringMatching(/^nobody is asked before production: call 'addToPipeline' before the stage that deploys \[BGP089\] .*:ApprovalGate.alone\]$/),
  ]],
  ['in a pipeline', (gate, stack) => gate.addToPipeline(pipelineOfTheUser(stack)), []],
  ['whose warning is acknowledged', (gate) => Validations.of(gate).acknowledge({
    id: '@org/bluegreen-pipeline:ApprovalGate.alone', reason: 'A chat bot approves.',
  }), []],
])('synthesis warns of a gate %s: %p', (_, prepare, warnings) => {
  const stack = newStack();
  const gate = new ApprovalGate(stack, 'Gate', minimal);
  prepare(gate, stack);
  Template.fromStack(stack);

  expect(warningsOf(gate)).toEqual(warnings);
});

test('a gate is added once, to a pipeline of its stack that has no stage of that name', () => {
  const stack = newStack();
  const pipeline = pipelineOfTheUser(stack);
  const gate = new ApprovalGate(stack, 'Gate', minimal);
  const elsewhere = new codepipeline.Pipeline(new Stack(stack, 'Other'), 'Pipeline');
  const add = (to: unknown, one = gate) => refusedIn(stack, () => one.addToPipeline(to as codepipeline.Pipeline));

  expect(add('pipeline')).toEqual([
    "'pipeline' must be a codepipeline.Pipeline, got \"pipeline\"; for example new codepipeline.Pipeline(…) [BGP002]",
  ]);
  expect(add(elsewhere)).toEqual([
    "'pipeline' must be in the same stack, got one in \"Storefront/Other\" for a construct in \"Storefront\"; move one of them [BGP016]",
  ]);
  expect(add(pipeline)).toEqual([]);
  expect(add(pipeline)).toEqual([
    "'addToPipeline' must be called only once; make another construct for another stage [BGP015]",
  ]);
  expect(add(pipeline, new ApprovalGate(stack, 'Second', { ...minimal, environmentSuffix: 'two' }))).toEqual([
    "'pipeline' must have no stage \"ApproveProduction\" yet, got one that has; give each stage a name of its own [BGP019]",
  ]);
});
