import { readFileSync } from 'fs';
import { App, aws_ecs as ecs, aws_iam as iam, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { frozen } from './pinned.json';
import { full, smallest } from '../helpers/programs';
import { unfrozenProps } from '../helpers/random-props';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all } from '../helpers/templates';

/** The one revision of each family that runs: CloudFormation may register no second one, or the next update of the service fails. */
function frozenIn(template: SynthesisedTemplate): unknown {
  return Object.fromEntries(Object.keys(frozen).map((id) => [id, template.Resources[id]]));
}

/** The globals of the CDK, which is loaded outside of the context of the tests. */
const cdkRealm = (App.constructor as FunctionConstructor)('return globalThis')() as { Date: DateConstructor };

test.each([smallest, full])('%p gives the same template, byte for byte, on every day', (make) => {
  const files = ['2026-11-23T12:00:00Z', '2031-02-28T23:59:59Z'].map((now) => {
    jest.useFakeTimers({ now: new Date(now), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const realDate = cdkRealm.Date;
    cdkRealm.Date = Date;
    const { stack } = make();
    cdkRealm.Date = realDate;
    jest.useRealTimers();
    return readFileSync((stack.node.root as App).synth().getStackArtifact(stack.artifactId).templateFullPath, 'utf8');
  });

  expect(files[0].length).toBeGreaterThan(50_000);
  expect(files[1] === files[0]).toBe(true);
});

/** Properties that no prop and no tag may change while a service is live. */
function stableResources(template: SynthesisedTemplate): unknown {
  const held = (type: string, ...properties: string[]) => all(template, type).map(([id, found]) =>
    [id, properties.length === 0 ? found : properties.map((property) => found[property])]);
  return [
    held('AWS::ECS::Service'),
    held('AWS::ElasticLoadBalancingV2::TargetGroup', 'Name', 'Port', 'Protocol', 'TargetType', 'VpcId'),
    // Not the redirect, which comes with a certificate.
    held('AWS::ElasticLoadBalancingV2::Listener', 'DefaultActions').filter((listener) => JSON.stringify(listener).includes('"forward"')),
  ];
}

test('no tag and no prop except the frozen ones changes the service, the identity of a target group or the action of a listener', () => {
  const held = stableResources(smallest().template);

  fc.assert(fc.property(unfrozenProps, (make) => {
    const stack = newStack();
    Tags.of(stack).add('team', 'web');
    const { vpc: _, ...others } = make(new Construct(stack, 'Given'));
    pipelineIn(stack, others);

    expect(stableResources(templateOf(stack))).toEqual(held);
  }), { numRuns: 12, seed: 44 });
});

test('no prop except the frozen ones changes the task definitions of the first tasks', () => {
  // Each prop is left out in half of the runs, so that it is alone with the frozen ones or beside others.
  fc.assert(fc.property(unfrozenProps, (make) => {
    const stack = newStack();
    pipelineIn(stack, make(new Construct(stack, 'Given')));

    expect(frozenIn(templateOf(stack))).toEqual(frozen);
  }), { numRuns: 8, seed: 44 });
});

test('changes to the task definition of the releases leave the frozen task definitions unchanged', () => {
  const stack = newStack();
  const { taskDefinition, taskRole } = pipelineIn(stack).deployments.production;
  taskDefinition.addContainer('Sidecar', { image: ecs.ContainerImage.fromRegistry('public.ecr.aws/acme/sidecar:1') });
  taskDefinition.addVolume({ name: 'scratch' });
  taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  const template = templateOf(stack);
  const containers = all(template, 'AWS::ECS::TaskDefinition').map(([, { ContainerDefinitions }]) => ContainerDefinitions.length as number);

  expect(frozenIn(template)).toEqual(frozen);
  expect(containers.sort()).toEqual([1, 1, 1, 2]);
});
