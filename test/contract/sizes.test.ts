import { App, Stack } from 'aws-cdk-lib';
import { allPrograms, smallest } from '../helpers/programs';
import { newStack, pipelineIn, references, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, listOf, rendered } from '../helpers/templates';

/** A policy as IAM counts it: without white space, with every placeholder as long as the longest ARN of a program. */
function lengthOf(document: object): number {
  return JSON.stringify(document, (_, value: unknown) => {
    const [key] = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    return key === 'Ref' || key?.startsWith('Fn::') ? rendered(value).replace(/\$\{[^}]*\}/g, 'x'.repeat(110)) : value;
  }).length;
}

/** All inline policies of each role together, which is what IAM limits. */
function inlineLengths(template: SynthesisedTemplate): [string, number][] {
  const apart = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy').map(({ Properties }) => Properties);
  return all(template, 'AWS::IAM::Role').map(([id, { Policies }]) => {
    const policies = [...listOf(Policies), ...apart.filter(({ Roles }) => references(Roles).includes(id))] as { PolicyDocument: object }[];
    return [id, policies.reduce((sum, { PolicyDocument }) => sum + lengthOf(PolicyDocument), 0)];
  });
}

describe.each(allPrograms())('$name', ({ template }) => {
  test('promise 18: the inline policies of every role fit into 10,240 characters', () => {
    const lengths = inlineLengths(template);

    expect(Math.max(...lengths.map(([, length]) => length))).toBeGreaterThan(500);
    expect(lengths.filter(([, length]) => length > 10_240)).toEqual([]);
  });

  test('promise 18: no role has more than ten managed policies', () => {
    expect(all(template, 'AWS::IAM::Role').filter(([, { ManagedPolicyArns }]) => listOf(ManagedPolicyArns).length > 10)).toEqual([]);
  });

  test('promise 18: the stack fits into the limits of CloudFormation', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(template, undefined, 1).length).toBeLessThan(1_000_000);
  });

  test('promise 18: every event pattern fits into 2,048 characters', () => {
    for (const [, { EventPattern }] of all(template, 'AWS::Events::Rule')) {
      expect(lengthOf(EventPattern as object)).toBeLessThanOrEqual(2048);
    }
  });
});

test('promise 18: the default pipeline has at most 150 resources and 110 kB', () => {
  const { template } = smallest();

  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(150);
  expect(JSON.stringify(template).length).toBeLessThanOrEqual(110_000);
});

test('promise 18: eight environments fit into one stack and into one role', () => {
  const stack = newStack();
  pipelineIn(stack, { environments: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => ({ name })) });
  const template = templateOf(stack);

  expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
  expect(inlineLengths(template).filter(([, length]) => length > 10_240)).toEqual([]);
});

test('promise 18: the fiftieth pipeline of an app takes no longer than the fifth', () => {
  const app = new App();
  const milliseconds = Array.from({ length: 50 }, (_, index) => {
    const stack = new Stack(app, `Stack${index}`, { env: { region: 'us-east-1' } });
    const start = process.hrtime.bigint();
    pipelineIn(stack, { environmentSuffix: `app${index}` });
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  const median = (part: number[]): number => [...part].sort((one, other) => one - other)[Math.floor(part.length / 2)];

  expect(median(milliseconds.slice(45))).toBeLessThan(3 * median(milliseconds.slice(5, 15)));
}, 60_000);
