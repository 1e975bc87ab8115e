import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { TaskOptions } from '../../src';
import { policiesOf } from '../../src/cli/iam/collect';
import { evaluate } from '../../src/cli/iam/evaluate';
import { newStack, templateOf } from '../helpers/synthesis';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const AGENT = 'arn:aws:ecr:us-east-1:593207742271:repository/aws-guardduty-agent-fargate';

/** The permissions of the execution role of a deployment on a resource, among these actions. */
function allowed(tasks: TaskOptions | undefined, resource: string, actions = PULL): string[] {
  const stack = newStack();
  deploymentIn(stack, { tasks });
  const place = { partition: 'aws', region: 'us-east-1', account: '111111111111', stackName: 'Storefront' };
  const policies = policiesOf(templateOf(stack), place);
  const role = 'arn:aws:iam::111111111111:role/role-execution-production-dev-us-east-1';
  return actions.filter((action) => evaluate({ principal: { role }, action, resource }, policies) === 'Allowed');
}

test.each([undefined, {}, { guardDutyAgent: false }])('no task may pull the GuardDuty agent with %j', (tasks) => {
  expect(allowed(tasks, AGENT)).toEqual([]);
  expect(allowed(tasks, 'arn:aws:ecr:us-east-1:111111111111:repository/images')).toEqual(PULL);
});

describe('the execution role with guardDutyAgent', () => {
  const tasks = { guardDutyAgent: true };

  test.each([AGENT, AGENT.replace('593207742271', '123456789012')])('the execution role with guardDutyAgent may pull %s, whichever account AWS stores it in', (resource) => {
    expect(allowed(tasks, resource)).toEqual(PULL);
  });

  test.each([
    AGENT.replace('fargate', 'eks'),
    AGENT.replace('us-east-1', 'eu-west-1'),
    `${AGENT}-2`,
    `${AGENT}/more`,
    AGENT.replace('repository/', 'repository/x/'),
    'arn:aws:ecr:us-east-1:593207742271:repository/images',
  ])('the execution role with guardDutyAgent may not pull %s', (resource) => {
    expect(allowed(tasks, resource)).toEqual([]);
  });

  test('the permissions for the GuardDuty agent only allow pulling', () => {
    expect(allowed(tasks, AGENT, ['ecr:PutImage', 'ecr:DescribeImages', 'ecr:BatchDeleteImage', 'ecr:InitiateLayerUpload'])).toEqual([]);
  });
});
