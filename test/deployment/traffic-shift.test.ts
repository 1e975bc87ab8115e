import { aws_ecr as ecr, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { EcsBlueGreenDeployment, TrafficShift, TrafficStepsProps } from '../../src';
import { newStack } from '../helpers/synthesis';

function deployedWith(trafficShift: TrafficShift): Template {
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Images', 'images');
  new EcsBlueGreenDeployment(stack, 'Production', { environmentSuffix: 'dev', environmentName: 'production', repository, trafficShift });
  return Template.fromStack(stack);
}

test.each([
  ['all at once', TrafficShift.allAtOnce(), 'CodeDeployDefault.ECSAllAtOnce'],
  ['canary of 10 % for 5 minutes', TrafficShift.canary({ percentage: 10, interval: Duration.minutes(5) }), 'CodeDeployDefault.ECSCanary10Percent5Minutes'],
  ['canary of 10 % for 15 minutes', TrafficShift.canary({ percentage: 10, interval: Duration.seconds(900) }), 'CodeDeployDefault.ECSCanary10Percent15Minutes'],
  ['linear, 10 % every 1 minutes', TrafficShift.linear({ percentage: 10, interval: Duration.minutes(1) }), 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes'],
  ['linear, 10 % every 3 minutes', TrafficShift.linear({ percentage: 10, interval: Duration.minutes(3) }), 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes'],
])('%s is a configuration that CodeDeploy has ready', (description, shift, name) => {
  const template = deployedWith(shift);

  expect(shift.description).toBe(description);
  template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: name });
});

test.each([
  ['canary-20-10-production-dev', TrafficShift.canary({ percentage: 20, interval: Duration.minutes(10) }),
    { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 20, CanaryInterval: 10 } }],
  ['linear-25-2-production-dev', TrafficShift.linear({ percentage: 25, interval: Duration.minutes(2) }),
    { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 25, LinearInterval: 2 } }],
])('%s carries its values in its name, because AWS can only replace it', (name, shift, routing) => {
  deployedWith(shift).hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
    ComputePlatform: 'ECS', DeploymentConfigName: name, TrafficRoutingConfig: routing,
  });
});

const minute = Duration.minutes(1);
const later = Lazy.number({ produce: () => 10 });
const PERCENTAGE = "'percentage' must be a whole number from 1 to 99";
const INTERVAL = "'interval' must be whole minutes from 1 minute to 2 days";

test.each<[unknown, string]>([
  [{ percentage: 0, interval: minute }, `${PERCENTAGE}, got 0; for example 10 [BGP100]`],
  [{ percentage: 100, interval: minute }, `${PERCENTAGE}, got 100; for example 10 [BGP100]`],
  [{ percentage: 12.5, interval: minute }, `${PERCENTAGE}, got 12.5; for example 10 [BGP100]`],
  [{ percentage: NaN, interval: minute }, `${PERCENTAGE}, got NaN; for example 10 [BGP100]`],
  [{ percentage: '10', interval: minute }, "'percentage' must be a number, got \"10\"; for example 10 [BGP002]"],
  [{ percentage: null, interval: minute }, "'percentage' is required; for example 10 [BGP001]"],
  [{ percentage: later, interval: minute }, "'percentage' must be known at synthesis, got a token; write it out, for example 10 [BGP003]"],
  [{ percentage: 10, interval: Duration.seconds(30) }, `${INTERVAL}, got 30 seconds; for example Duration.minutes(1) [BGP101]`],
  [{ percentage: 10, interval: Duration.seconds(90) }, `${INTERVAL}, got 1 minute 30 seconds; for example Duration.minutes(1) [BGP101]`],
  [{ percentage: 10, interval: Duration.minutes(2881) }, `${INTERVAL}, got 2 days 1 minute; for example Duration.minutes(1) [BGP101]`],
  [{ percentage: 10, interval: 5 }, "'interval' must be a Duration, got 5; for example Duration.minutes(1) [BGP002]"],
  [{ percentage: 10 }, "'interval' is required; for example Duration.minutes(5) [BGP001]"],
  [{ percentage: 10, interval: Duration.minutes(later) },
    "'interval' must be known at synthesis, got a token; write it out, for example Duration.minutes(5) [BGP003]"],
  ['x', "'props' must be an object, got \"x\"; for example { environmentSuffix: \"dev\" } [BGP002]"],
])('%# fails: %p', (steps, message) => {
  expect(() => TrafficShift.canary(steps as TrafficStepsProps)).toThrow(`TrafficShift.canary: ${message}\n`);
  expect(() => TrafficShift.linear(steps as TrafficStepsProps)).toThrow(`TrafficShift.linear: ${message}\n`);
});

test('says all that is wrong at once', () => {
  expect(() => TrafficShift.canary({} as TrafficStepsProps)).toThrow('TrafficShift.canary has 2 problems:');
});

test.each([{ percentage: 1, interval: minute }, { percentage: 99, interval: Duration.days(2) }])('accepts the bounds %j', (steps) => {
  expect(() => TrafficShift.canary(steps)).not.toThrow();
});

test('fails for no other error, whatever is handed in', () => {
  const value = fc.anything();
  fc.assert(fc.property(fc.oneof(value, fc.record({ percentage: fc.oneof(value, fc.integer({ min: -5, max: 120 })), interval: value })), (steps) => {
    try {
      TrafficShift.canary(steps as TrafficStepsProps);
    } catch (error) {
      return (error as Error).name === 'InvalidInputError';
    }
    return true;
  }), { numRuns: 2000 });
});

test.each([
  [TrafficShift.allAtOnce(), 0], [TrafficShift.canary({ percentage: 99, interval: Duration.hours(1) }), 60],
  [TrafficShift.linear({ percentage: 10, interval: Duration.minutes(3) }), 27], [TrafficShift.linear({ percentage: 33, interval: minute }), 3],
  [TrafficShift.linear({ percentage: 50, interval: minute }), 1], [TrafficShift.linear({ percentage: 99, interval: minute }), 1],
])('%p takes %d minutes', (shift, minutes) => {
  expect(shift._minutes).toBe(minutes);
});
