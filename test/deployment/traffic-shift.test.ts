import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import messages from './messages.json';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { TrafficShift } from '../../src';
import { testMessages } from '../helpers/messages';
import { newStack } from '../helpers/synthesis';

function deployedWith(trafficShift: TrafficShift): Template {
  const stack = newStack();
  deploymentIn(stack, { trafficShift });
  return Template.fromStack(stack);
}

const every = (percentage: number, minutes: number) => ({ percentage, interval: Duration.minutes(minutes) });

test.each([
  ['all at once', 'CodeDeployDefault.ECSAllAtOnce', TrafficShift.allAtOnce()],
  ['canary of 10 % for 5 minutes', 'CodeDeployDefault.ECSCanary10Percent5Minutes', TrafficShift.canary(every(10, 5))],
  ['canary of 10 % for 15 minutes', 'CodeDeployDefault.ECSCanary10Percent15Minutes',
    TrafficShift.canary({ percentage: 10, interval: Duration.seconds(900) })],
  ['linear, 10 % every 1 minutes', 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes', TrafficShift.linear(every(10, 1))],
  ['linear, 10 % every 3 minutes', 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes', TrafficShift.linear(every(10, 3))],
])('%s is a predefined configuration of CodeDeploy', (description, name, shift) => {
  const template = deployedWith(shift);

  expect(shift.description).toBe(description);
  template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: name });
});

test.each([
  ['canary-20-10-production-dev', TrafficShift.canary(every(20, 10)),
    { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 20, CanaryInterval: 10 } }],
  ['linear-25-2-production-dev', TrafficShift.linear(every(25, 2)),
    { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 25, LinearInterval: 2 } }],
])('%s has its values in its name, because AWS can only replace it', (name, shift, routing) => {
  deployedWith(shift).hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
    ComputePlatform: 'ECS', DeploymentConfigName: name, TrafficRoutingConfig: routing,
  });
});

testMessages(messages, {
  'TrafficShift.canary': { make: (options) => TrafficShift.canary(options) },
  'TrafficShift.linear': { make: (options) => TrafficShift.linear(options) },
});

test.each([
  [TrafficShift.allAtOnce(), 0],
  [TrafficShift.canary(every(99, 60)), 60],
  [TrafficShift.linear(every(10, 3)), 27],
  [TrafficShift.linear(every(33, 1)), 3],
  [TrafficShift.linear(every(50, 1)), 1],
  [TrafficShift.linear(every(99, 2880)), 2880],
])('%p takes %d minutes', (shift, minutes) => {
  expect(shift._bind().minutes).toBe(minutes);
});
