import {
  aws_cloudwatch as cloudwatch, aws_codepipeline as codepipeline, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3, Stack,
} from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { problemsOf } from './refusals';
import { newStack } from './synthesis';

/** Resources of the user, which a rejection must not change. */
export function ownedBy(stack: Stack) {
  const metric = new cloudwatch.Metric({ namespace: 'Storefront', metricName: 'Errors' });
  return {
    role: new iam.Role(stack, 'Leads', { assumedBy: new iam.AccountRootPrincipal() }),
    handler: new lambda.Function(stack, 'Handler', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => {};'),
    }),
    bucket: new s3.Bucket(stack, 'Logs'),
    alarm: metric.createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 }),
    pipeline: importedPipeline(stack),
  };
}

/** The user's own pipeline in us-east-1. */
export function importedPipeline(stack: Stack): codepipeline.IPipeline {
  const arn = 'arn:aws:codepipeline:us-east-1:111111111111:storefront';
  const imported = stack.node.tryFindChild('Pipeline') ?? codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', arn);
  return imported as unknown as codepipeline.IPipeline;
}

/** The violations of rejected input; the rejection must not change the stack. */
export function refusedIn(stack: Stack, make: () => unknown): string[] {
  const before = contentOf(stack);
  const violations = problemsOf(make);
  if (violations.length > 0) {
    expect(contentOf(stack)).toEqual(before);
  }
  return violations;
}

/** The template of a stack, the metadata of its constructs (warnings among them) and the symbols on its app. */
function contentOf(stack: Stack): unknown {
  const { _toCloudFormation: render } = stack as unknown as { _toCloudFormation(): object };
  return {
    template: stack.resolve(render.call(stack)) as unknown,
    metadata: stack.node.findAll().map(({ node }) => [node.path, node.metadata.map(({ data }) => data as unknown)]),
    symbols: Object.getOwnPropertySymbols(stack.node.root),
  };
}

/** The warnings of a construct, with the ids that acknowledge them. */
export function warningsOf(construct: IConstruct): string[] {
  return construct.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
}

/** A construct, factory or method, and a misspelt key of its props or options. */
export interface Struct {
  readonly what: string;
  readonly key: string;
  readonly closest: string;
  /** The name that a construct claims. */
  readonly claims?: string;
  readonly make: (stack: Stack, extra: object, id: string) => unknown;
}

/** Tests that a struct rejects unknown keys, and a suffix that is taken. */
export function testStruct({ what, key, closest, claims, make }: Struct): void {
  const stack = newStack();
  importedPipeline(stack);

  test(`${what} refuses the key ${key}`, () => {
    expect(refusedIn(stack, () => make(stack, { [key]: 1 }, 'Misspelt')))
      .toEqual([`'${key}' is not a valid key; use '${closest}' [BGP151]`]);
  });

  test(`${what} does not ignore an unknown key silently`, () => {
    const made: unknown[] = [];
    const violations = problemsOf(() => made.push(make(stack, { zebra: 1 }, 'One')));

    expect(Construct.isConstruct(made[0]) ? warningsOf(made[0]) : violations)
      .toContainEqual(expect.stringMatching(/^'zebra' (is not a valid key|has no effect): .* \[BGP15[12]\]/));
    if (claims !== undefined) {
      expect(refusedIn(stack, () => make(stack, {}, 'Two')))
        .toEqual([expect.stringContaining(`"${claims}" already belongs to Storefront/One; use`)]);
    }
  });
}
