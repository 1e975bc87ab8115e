import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_s3 as s3, Validations } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { parse } from 'yaml';
import { PipelineEnvironment } from '../../../src';
import { allPrograms } from '../../helpers/programs';
import { newStack, pipelineIn, resources, SynthesisedTemplate, templateOf } from '../../helpers/synthesis';
import { all, idOf, listOf, Statement, statementsFor } from '../../helpers/templates';

const PAGES = parse(readFileSync(join(__dirname, 'callers.yaml'), 'utf8')) as {
  readonly [callerAndAction: string]: { readonly [key: string]: string };
};

/** Every statement with a principal, in any resource, and the statements that Lambda creates from its permissions. */
function statementsWithCallers(template: SynthesisedTemplate): Statement[] {
  const permissions = Object.values(resources(template, 'AWS::Lambda::Permission')).map(({ Properties }): Statement => ({
    Effect: 'Allow',
    Action: Properties.Action as string,
    Resource: Properties.FunctionName as unknown,
    Principal: { Service: Properties.Principal as string },
    Condition: {
      ...(Properties.SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': Properties.SourceArn as unknown } }),
      ...(Properties.SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': Properties.SourceAccount as unknown } }),
    },
  }));
  return [...permissions, ...Object.values(template.Resources).flatMap(({ Properties }) => statementsIn(Properties))];
}

function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return 'Effect' in value && 'Principal' in value ? [value as Statement] : Object.values(value).flatMap(statementsIn);
}

/** `codebuild.amazonaws.com sts:AssumeRole aws:SourceArn` for each key that a statement requires. */
function demands({ Principal, Action, Condition = {} }: Statement): string[] {
  const callers = typeof Principal === 'string' ? [Principal] : Object.values(Principal ?? {}).flatMap((one) => listOf(one as string | string[]));
  return Object.values(Condition).flatMap(Object.keys).flatMap((key) =>
    callers.flatMap((caller) => listOf(Action).map((action) => `${JSON.stringify(caller).replace(/^"|"$/g, '')} ${action} ${key}`)));
}

/** CDK adds these to the policies of access log buckets that are created in the same app, which no other program does. */
function withOwnLogs(): SynthesisedTemplate {
  const stack = newStack({ app: { context: recommendedFlags } });
  Validations.of(stack).acknowledge({ id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.http', reason: 'It shows the logs alone' });
  const accessLogsBucket = new s3.Bucket(stack, 'Logs');
  pipelineIn(stack, { storage: { accessLogsBucket }, environments: [PipelineEnvironment.production({ loadBalancer: { accessLogsBucket } })] });
  return templateOf(stack);
}

const demanded = new Set([withOwnLogs(), ...allPrograms().map(({ template }) => template)].flatMap(statementsWithCallers)
  .filter(({ Effect }) => Effect === 'Allow').flatMap(demands));
const documented = Object.entries(PAGES).flatMap(([caller, keys]) => Object.keys(keys).map((key) => `${caller} ${key}`));

test('a condition allows a caller only if AWS documents that the caller sends the key', () => {
  expect([...demanded].sort()).toEqual(documented.sort());
  for (const page of Object.values(PAGES).flatMap(Object.values)) {
    expect(page).toMatch(/^(https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html|docs\/decisions\/0014-who-may-assume-a-role\.md)$/);
  }
});

describe.each(allPrograms())('$name', ({ template }) => {
  /** The topics that rules publish to. */
  const topics = new Set(all(template, 'AWS::Events::Rule').flatMap(([, { Targets }]) => (Targets as { Arn: unknown }[]).map(({ Arn }) => idOf(Arn)))
    .filter((id) => template.Resources[id].Type === 'AWS::SNS::Topic'));

  test('EventBridge may publish to the topics of its rules without a condition, and no principal may publish without TLS', () => {
    expect(topics.size).toBe(2);
    for (const topic of topics) {
      const statements = statementsFor(template, 'AWS::SNS::TopicPolicy', 'Topics', topic);
      const rules = statements.filter(({ Principal }) => JSON.stringify(Principal).includes('events.amazonaws.com'));

      expect(rules).toEqual([{
        Sid: 'EventBridgeRules', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: { Ref: topic },
      }]);
      expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([{
        Sid: 'AllowPublishThroughSSLOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: { Ref: topic },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }]);
    }
  });

  test('no target of a rule that publishes to a topic has a role', () => {
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html: with one, delivery may fail.
    const targets = all(template, 'AWS::Events::Rule').flatMap(([, { Targets }]) => Targets as { Arn: unknown; RoleArn?: unknown }[]);

    expect(targets.filter(({ Arn, RoleArn }) => topics.has(idOf(Arn)) && RoleArn !== undefined)).toEqual([]);
  });
});
