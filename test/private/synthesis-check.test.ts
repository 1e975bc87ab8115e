import { App, aws_s3 as s3, CfnResource, Stack } from 'aws-cdk-lib';
import { renderedProperties } from '../../src/private/rendered-properties';
import { checkAtSynthesis } from '../../src/private/synthesis-check';
import { violation } from '../../src/private/violations';

function bucketIn(stack: Stack): CfnResource {
  return new s3.CfnBucket(stack, 'Bucket');
}

/** Has synthesis say what the bucket is called. */
function checkName(stack: Stack, bucket: CfnResource, seen: unknown[]): void {
  checkAtSynthesis(stack, () => { seen.push(renderedProperties(bucket).BucketName); });
}

const checksOf = (stack: Stack) => stack.node.validate();

test('a violation ends synthesis with its text and code', () => {
  const app = new App();
  checkAtSynthesis(new Stack(app, 'Stack'), () => violation({ code: 'BGP001', prop: 'name', rule: 'must be short', remedy: 'shorten it' }));

  expect(() => app.synth()).toThrow(/'name' must be short; shorten it \[BGP001\]/);
});

test('a resource is rendered once for all checks', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = bucketIn(stack);
  const rendered = jest.spyOn(bucket as never, '_toCloudFormation');
  const seen: unknown[] = [];
  [1, 2, 3].forEach(() => checkName(stack, bucket, seen));
  checksOf(stack);

  expect(rendered).toHaveBeenCalledTimes(1);
  expect(seen).toHaveLength(3);
});

test('the next synthesis sees changes since the first', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = bucketIn(stack);
  const seen: unknown[] = [];
  [1, 2].forEach(() => checkName(stack, bucket, seen));
  checksOf(stack);
  bucket.addPropertyOverride('BucketName', 'changed');
  checksOf(stack);

  expect(seen).toEqual([undefined, undefined, 'changed', 'changed']);
});

test('a check that is added later, and runs first, sees changes since the first synthesis', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = bucketIn(stack);
  checkName(stack, bucket, []);
  checksOf(stack);
  bucket.addPropertyOverride('BucketName', 'changed');
  const seen: unknown[] = [];
  const other = new Stack(stack, 'Other');
  checkName(other, bucket, seen);
  checksOf(other);

  expect(seen).toEqual(['changed']);
});

test('a resource is rendered anew each time outside the checks, even after a check that threw', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = bucketIn(stack);
  checkAtSynthesis(stack, () => {
    renderedProperties(bucket);
    throw new Error('wrong');
  });
  expect(() => checksOf(stack)).toThrow('wrong');
  bucket.addPropertyOverride('BucketName', 'changed');

  expect(renderedProperties(bucket)).toEqual({ BucketName: 'changed' });
});
