import { aws_codepipeline as codepipeline, aws_iam as iam, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { ApprovalGate, ApprovalGateProps } from '../../src';
import { ownedBy, testStruct, warningsOf } from '../helpers/inputs';
import { testMessages } from '../helpers/messages';
import { pipelineOfTheUser } from '../helpers/programs';
import { violationCodes } from '../helpers/refusals';
import { newStack } from '../helpers/synthesis';
import { expectUntouched } from '../helpers/untouched';

const minimal: ApprovalGateProps = {
  environmentSuffix: 'dev',
  environmentName: 'production',
  approverEmails: ['leads@example.com'],
};

/** The template of a gate in the user's own pipeline. */
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

test('a gate with all props uses its own message and timeout', () => {
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

const place = newStack({ env: { account: '222222222222', region: 'us-east-1' } });
const { role } = ownedBy(place);
const gateInPlace = new ApprovalGate(place, 'Gate', { ...minimal, environmentSuffix: 'place' });
const elsewhere = new codepipeline.Pipeline(new Stack(place, 'Other'), 'Pipeline');

testMessages(messages, {
  'ApprovalGate': {
    stack: place,
    make: (props) => new ApprovalGate(place, 'Refused', { ...minimal, approverRoles: [role], ...props }),
    named: () => ({
      'a role of another account': {
        approverRoles: ['222222222222', '111111111111'].map((account) =>
          iam.Role.fromRoleArn(place, `In${account}`, `arn:aws:iam::${account}:role/leads`)),
      },
    }),
  },
  'ApprovalGate.addToPipeline': {
    stack: place,
    make: (pipeline) => gateInPlace.addToPipeline(pipeline),
    named: () => ({ 'a pipeline of another stack': elsewhere }),
  },
});

testStruct({
  what: 'ApprovalGate',
  key: 'approverEmail',
  closest: 'approverEmails',
  claims: 'topic-approval-production-dev',
  make: (stack, extra, id) => new ApprovalGate(stack, id, { ...minimal, ...extra }),
});

test.each<[string, (gate: ApprovalGate, stack: Stack) => unknown, unknown[]]>([
  ['that was never added to a pipeline', () => undefined, [
    expect.stringMatching(/^no approval precedes production: call 'addToPipeline' before you add the deployment stage \[BGP089\] .*:ApprovalGate.alone\]$/),
  ]],
  ['that was added to a pipeline', (gate, stack) => gate.addToPipeline(pipelineOfTheUser(stack)), []],
  ['whose warning is acknowledged', (gate) => Validations.of(gate).acknowledge({
    id: '@org/bluegreen-pipeline:ApprovalGate.alone', reason: 'A chat bot approves.',
  }), []],
])('synthesis warns about a gate %s: %p', (_, prepare, warnings) => {
  const stack = newStack();
  const gate = new ApprovalGate(stack, 'Gate', minimal);
  prepare(gate, stack);
  Template.fromStack(stack);

  expect(warningsOf(gate)).toEqual(warnings);
});

test('a gate can be added only once, and only to a pipeline without a stage of its name', () => {
  const stack = newStack();
  const pipeline = pipelineOfTheUser(stack);
  const gate = new ApprovalGate(stack, 'Gate', minimal);
  const second = new ApprovalGate(stack, 'Second', { ...minimal, environmentSuffix: 'two' });
  gate.addToPipeline(pipeline);

  expectUntouched(stack, [() => gate.addToPipeline(pipeline), () => second.addToPipeline(pipeline)]);
  expect(violationCodes(() => gate.addToPipeline(pipeline))).toEqual(['BGP015']);
  expect(violationCodes(() => second.addToPipeline(pipeline))).toEqual(['BGP019']);
});
