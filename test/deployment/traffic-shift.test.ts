import { aws_ecr as ecr, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EcsBlueGreenDeployment, TrafficShift } from '../../src';
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

test.each([
  [{ percentage: 0, interval: minute }, "'percentage' must be a whole number from 1 to 99, got 0"],
  [{ percentage: 100, interval: minute }, "'percentage' must be a whole number from 1 to 99, got 100"],
  [{ percentage: 12.5, interval: minute }, "'percentage' must be a whole number from 1 to 99, got 12.5"],
  [{ percentage: NaN, interval: minute }, "'percentage' must be a whole number from 1 to 99, got NaN"],
  [{ percentage: 10, interval: Duration.seconds(30) }, "'interval' must be from 1 minute to 2 days, got 30 seconds"],
  [{ percentage: 10, interval: Duration.seconds(90) }, "'interval' must be whole minutes, got 1 minute 30 seconds"],
  [{ percentage: 10, interval: Duration.minutes(2881) }, "'interval' must be from 1 minute to 2 days, got 2 days 1 minute"],
  [{ percentage: Lazy.number({ produce: () => 10 }), interval: minute }, "'percentage' must be a number that is known at synthesis"],
])('fails for %j', (steps, message) => {
  expect(() => TrafficShift.canary(steps)).toThrow(`TrafficShift.canary: ${message}`);
  expect(() => TrafficShift.linear(steps)).toThrow(`TrafficShift.linear: ${message}`);
});

test.each([{ percentage: 1, interval: minute }, { percentage: 99, interval: Duration.days(2) }])('accepts the bounds %j', (steps) => {
  expect(() => TrafficShift.canary(steps)).not.toThrow();
});
