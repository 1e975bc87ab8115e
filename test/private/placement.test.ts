import { App, aws_codepipeline as codepipeline, aws_s3 as s3, Lazy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { placeViolations, sameEnvironment, stageViolations } from '../../src/private/placement';
import { listViolations, Violations } from '../../src/private/violations';
import { newStack } from '../helpers/synthesis';

const texts = (found: Violations) => listViolations(found).map(({ code, text }) => `${text} [${code}]`);
const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
const inner = new Construct(stack, 'Inner');
const place = (scope: unknown, id: unknown) => texts(placeViolations(scope as Construct, id as string));

test('a construct is accepted in a stack, under an unused id', () => {
  expect([place(stack, 'It'), place(inner, 'It'), place(inner, 'a/b')]).toEqual([[], [], []]);
});

test.each<[unknown, string]>([
  [undefined, 'undefined'], [null, 'null'], ['Stack', '"Stack"'], [{ node: {} }, '{"node":{}}'],
  [new App(), 'the App at ""'], [new Construct(new App(), 'Alone'), 'the Construct at "Alone"'],
])('a construct is rejected outside a stack (%#)', (scope, got) => {
  expect(place(scope, 'It')).toEqual([`'scope' must be a construct within a Stack, got ${got}; for example the Stack [BGP013]`]);
});

test.each<[unknown, string]>([
  ['Inner', "'id' must be unique within its scope, got \"Inner\" again; use a different id for the second construct [BGP014]"],
  [undefined, "'id' is required; for example \"Pipeline\" [BGP001]"],
  ['', "'id' must not be empty or blank, got \"\"; for example \"Pipeline\" [BGP004]"],
  [7, "'id' must be a string, got 7; for example \"Pipeline\" [BGP002]"],
  [Lazy.string({ produce: () => 'x' }), "'id' must be known at synthesis, got a token; pass a literal id, for example \"Pipeline\" [BGP003]"],
])('the id of a construct must not be %j', (id, message) => {
  expect(place(stack, id)).toEqual([message]);
});

test('a stage belongs to a pipeline of the same stack, once, under an unused name', () => {
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline');
  pipeline.addStage({ stageName: 'DeployLive' });
  const elsewhere = new codepipeline.Pipeline(new Stack(stack, 'Other'), 'Pipeline');
  new Construct(inner, 'Made');
  const stage = (given: unknown, options: object = {}) => texts(stageViolations({
    construct: inner, child: 'Role', pipeline: given as codepipeline.Pipeline, ...options,
  }));
  const kind = "'pipeline' must be a codepipeline.Pipeline";

  expect([stage(pipeline), stage(pipeline, { stageName: 'DeployTest' })]).toEqual([[], []]);
  expect([
    stage(pipeline, { child: 'Made' }), stage(undefined), stage({ addStage: 1 }), stage(inner), stage(elsewhere),
    stage(pipeline, { stageName: 'DeployLive' }),
  ].flat()).toEqual([
    "'addToPipeline' must be called only once; create another construct for another stage [BGP015]",
    "'pipeline' is required; for example new codepipeline.Pipeline(…) [BGP001]",
    `${kind}, got {"addStage":1}; for example new codepipeline.Pipeline(…) [BGP002]`,
    `${kind}, got the Construct at "Storefront/Inner"; for example new codepipeline.Pipeline(…) [BGP002]`,
    "'pipeline' must be in the same stack as the construct, got a pipeline in \"Storefront/Other\" for a construct in \"Storefront\"; move one of them to the stack of the other [BGP016]",
    "'pipeline' must not already have a stage \"DeployLive\"; use a unique name for each stage [BGP019]",
  ]);
});

test('a resource belongs to the account and region of the stack, as far as both are known', () => {
  const here = s3.Bucket.fromBucketName(stack, 'Here', 'acme');
  const far = s3.Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'acme', region: 'eu-west-1' });
  const foreign = s3.Bucket.fromBucketAttributes(stack, 'Foreign', { bucketName: 'acme', account: '222222222222' });
  const check = (bucket: unknown, scope: unknown, parts?: ('account' | 'region')[]) =>
    texts(sameEnvironment({ code: 'BGP087', scope, parts })('bucket', bucket as s3.IBucket));

  expect([
    check(here, stack), check({}, stack), check(far, undefined), check(far, newStack({ env: {} })), check(far, stack, ['account']),
  ].flat()).toEqual([]);
  expect(check(far, stack)).toEqual(["'bucket' must be in us-east-1, the stack's region, got a resource in eu-west-1; use a resource in us-east-1 [BGP087]"]);
  expect(check(foreign, stack)).toEqual([
    "'bucket' must be in 111111111111, the stack's account, got a resource in 222222222222; use a resource in 111111111111 [BGP087]",
  ]);
});
