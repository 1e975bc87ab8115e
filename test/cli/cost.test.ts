import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_certificatemanager as acm, Duration } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { costOf, HALVED, SMALLEST, templateOf } from '../../scripts/cost/choices';
import { costPage } from '../../scripts/cost/page';
import { highestPushesCost, pushesCost, releaseOf, releasesCost } from '../../scripts/cost/release';
import { PipelineEnvironment, TrafficShift } from '../../src';
import { allowance, idleCost, itemsOf, notPriced } from '../../src/cli/explain/bill';
import { Template, TemplateJson } from '../../src/cli/template';
import { newStack, pipelineIn, templateOf as templateOfStack } from '../helpers/synthesis';

type Resources = TemplateJson['Resources'];

function template(resources: Resources): Template {
  return new Template({ Resources: resources }, { stackName: 'ByHand', region: 'us-east-1' });
}

/** Templates that are written by hand, in a file of their own. */
const BILLS = parse(readFileSync(join(__dirname, 'bills.yaml'), 'utf8')) as {
  readonly idle: { name: string; dollars: number; resources: Resources }[];
  readonly notPriced: { message: string; resources: Resources }[];
  readonly release: Resources;
};

const metric = { MetricStat: { Stat: 'Sum' } };

describe('the idle bill of a hand-written template', () => {
  test.each(BILLS.idle)('the idle bill is right for: $name', ({ dollars, resources }) => {
    expect(idleCost(template(resources))).toBeCloseTo(dollars, 6);
  });

  test('the idle bill is the sum of its lines', () => {
    const { Definition, Service } = BILLS.release;
    const both = template({ Definition, Service, Gateway: { Type: 'AWS::EC2::NatGateway' } });

    // 32.85 + 108.1203
    expect(idleCost(both)).toBeCloseTo(140.9703, 6);
    expect(itemsOf(both).map(({ what }) => what)).toEqual(['1 NAT gateway', 'Fargate for web']);
  });

  test('the idle bill shows what an account without free alarms and dashboards pays in addition', () => {
    const one = template({
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [metric, metric] } },
      B: { Type: 'AWS::CloudWatch::Dashboard' },
    });

    // 2 x 0.10 + 3
    expect(allowance(one)).toBeCloseTo(3.2, 6);
  });

  test.each(BILLS.notPriced)('the idle bill lists resources without a known price: $message', ({ message, resources }) => {
    expect(notPriced(template(resources)).join()).toContain(message);
  });
});

describe('a release', () => {
  const resources = BILLS.release;

  test('the cost of a release includes the minutes of its actions, the doubled tasks and the images that new tasks pull', () => {
    const release = releaseOf(template(resources));

    // 1 for the source, 5 for the build, 2 for the test, none for the approval, 2 + 15 + 23 for the deployment.
    expect(release.actionMinutes).toBe(48);
    expect(release.buildMinutes).toBe(7);
    // 3 tasks of 0.04937 an hour for 40 minutes.
    expect(release.taskDollars).toBeCloseTo(0.09874, 6);
    // 3 images of 0.2 GB.
    expect(release.natGigabytes).toBeCloseTo(0.6, 6);
  });

  test('a release pulls no image through NAT when the network has no NAT gateway, or an endpoint for S3', () => {
    const { Gateway, ...without } = resources;
    const endpoint = { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 'com.amazonaws.us-east-1.s3', VpcEndpointType: 'Gateway' } };

    expect(Gateway.Type).toBe('AWS::EC2::NatGateway');
    expect(releaseOf(template(without)).natGigabytes).toBe(0);
    expect(releaseOf(template({ ...resources, Endpoint: endpoint })).natGigabytes).toBe(0);
  });

  test('tagging an image costs a minute and the steps of a state machine', () => {
    const { Pipeline } = resources;
    const tag = { ActionTypeId: { Category: 'Invoke', Provider: 'StepFunctions' }, Configuration: { StateMachineArn: { Ref: 'Machine' } } };
    const stages = [...Pipeline.Properties?.Stages as object[], { Name: 'Tag', Actions: [tag] }];
    const release = releaseOf(template({
      ...resources,
      Pipeline: { ...Pipeline, Properties: { ...Pipeline.Properties, Stages: stages } },
      Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: '{"States":{"Find":{},"Tag":{},"Done":{}}}' } },
    }));

    // 48 without the tag; the start and three states.
    expect(release.actionMinutes).toBe(49);
    expect(release.stateTransitions).toBe(4);
    // 0.12574 for tasks and images, 49 x 0.002, 7 x 0.005 and 4 x 0.000025.
    expect(releasesCost(release, 1, {})).toBeCloseTo(0.25884, 6);
    // 2000 x (0.12574 + 49 x 0.002 + 7 x 0.005) less 100 x 0.002 and 100 x 0.005, and 4000 of 8000 steps.
    expect(releasesCost(release, 2000)).toBeCloseTo(516.88, 6);
  });

  test('a release that is never approved costs source, build and test, as often as they fit into a day', () => {
    const smallest = templateOf(SMALLEST);
    const release = releaseOf(smallest);
    // 5 for the build, 2 for the test, 1 to write the release.
    expect(release.buildMinutes).toBe(8);
    const each = release.buildMinutes * 0.007 + 0.002;

    expect(pushesCost(release, 1)).toBeCloseTo(each, 6);
    expect(pushesCost(release, 288)).toBeCloseTo(288 * each, 6);
    expect(pushesCost(release, 289)).toBeCloseTo(288 * each + 0.002, 6);
    expect(pushesCost(release, 5000)).toBeCloseTo(288 * release.buildMinutes * 0.007 + 1440 * 0.002, 6);
    expect(pushesCost(release, 5000)).toBeLessThan(highestPushesCost(smallest));
  });

  test('a release costs less while free minutes last', () => {
    const release = releaseOf(template(resources));

    // 0.09874 for tasks and 0.6 x 0.045 for images.
    expect(releasesCost(release, 1)).toBeCloseTo(0.12574, 6);
    // 20 x 0.12574, (20 x 48 - 100) x 0.002 and (20 x 7 - 100) x 0.005.
    expect(releasesCost(release, 20)).toBeCloseTo(4.4348, 6);
    // 0.12574 + 48 x 0.002 + 7 x 0.005
    expect(releasesCost(release, 1, {})).toBeCloseTo(0.25674, 6);
  });
});

describe('docs/cost.md', () => {
  const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');

  test('docs/cost.md is what "npm run cost" writes', () => {
    expect(read('docs', 'cost.md')).toBe(costPage());
  }, 60_000);

  test('docs/cost.md agrees with the README', () => {
    const [, rounded] = /about (\d+) US dollars a month/.exec(read('README.md')) ?? [];

    expect(Number(rounded)).toBe(Math.round(idleCost(templateOf(SMALLEST))));
  });

  test('docs/cost.md is right about what does not change the idle bill', () => {
    const stack = newStack();
    pipelineIn(stack, {
      environments: ['staging', 'production'].map((name) => new PipelineEnvironment(name, {
        certificate: acm.Certificate.fromCertificateArn(stack, name, 'arn:aws:acm:us-east-1:111111111111:certificate/0f9d7bd3-4c43-4f4c-8f9b-2f4d7e1a5b6c'),
        loadBalancer: { testListenerCidrs: ['203.0.113.0/24'] },
        trafficShift: TrafficShift.linear({ percentage: 20, interval: Duration.minutes(2) }),
        taskCount: name === 'staging' ? 1 : 2,
      })),
    });
    const dearer = newStack();
    pipelineIn(dearer, { environments: [PipelineEnvironment.staging({ maxTaskCount: 4 }), PipelineEnvironment.production({ maxTaskCount: 4 })] });

    // 113.780075 by the test of the demo; four alarms of 0.10 for the scaling of two environments.
    expect(idleCost(template(templateOfStack(stack).Resources))).toBeCloseTo(113.780075, 6);
    expect(idleCost(template(templateOfStack(dearer).Resources))).toBeCloseTo(114.180075, 6);
  });

  test('docs/cost.md claims that a choice halves the bill only where it does', () => {
    const half = idleCost(templateOf(SMALLEST)) / 2;

    expect(HALVED.map((choice) => costOf(choice) <= half)).toEqual([true, true, true]);
  });
});
