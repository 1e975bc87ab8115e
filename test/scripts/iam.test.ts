import { readFileSync } from 'fs';
import { join } from 'path';
import { iamPage } from '../../scripts/iam/page';

test('docs/iam.md says what the templates say: after a change of a permission, run "npm run iam" and read the difference', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'iam.md'), 'utf8')).toBe(iamPage());
});

test('each permission on the page has its reason', () => {
  const rows = iamPage().split('\n').filter((line) => line.startsWith('| Allow | `') && line.split(' | ').length === 5);

  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => !row.includes('https://docs.aws.amazon.com/'))).toEqual([
    '| Allow | `sqs:SendMessage` | `arn:aws:sqs:us-east-1:111111111111:orders` |  | granted by the user of the program |',
  ]);
});
