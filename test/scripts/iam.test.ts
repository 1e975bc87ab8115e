import { readFileSync } from 'fs';
import { join } from 'path';
import { iamPage } from '../../scripts/iam/page';

const page = iamPage();

test('docs/iam.md matches the templates: after a change of a permission, run "npm run iam" and review the difference', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'iam.md'), 'utf8')).toBe(page);
});

test('each permission on the page has a reason', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| Allow | `') && line.split(' | ').length === 5);

  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => !row.includes('https://docs.aws.amazon.com/'))).toEqual([
    '| Allow | `sqs:SendMessage` | `arn:aws:sqs:us-east-1:111111111111:orders` |  | granted by the app |',
  ]);
});
