import { readFileSync } from 'fs';
import { join } from 'path';
import { baselineOf } from '../../scripts/compat/baseline';
import { templateBreaks } from '../../scripts/compat/templates';
import { guardFindings, knownFindings } from '../helpers/guard';

/** The template that the CDK CLI synthesised from the example; test:python runs this after it. */
const TEMPLATE = join(__dirname, '..', '..', 'examples', 'python', 'cdk.out', 'storefront-dev.template.json');

test('the AWS Guard rules find nothing in examples/python except findings with a reason', () => {
  expect(guardFindings(JSON.parse(readFileSync(TEMPLATE, 'utf8')))).toEqual(knownFindings());
}, 120_000);

test('examples/python keeps the logical ids, names and permissions of the baseline', () => {
  const { example } = baselineOf().templates;

  expect(Object.keys(example.Resources).length).toBeGreaterThan(100);
  expect(templateBreaks({ example }, { example: JSON.parse(readFileSync(TEMPLATE, 'utf8')) })).toEqual([]);
});
