import { readFileSync } from 'fs';
import { join, sep } from 'path';
import {
  aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, CustomResource, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** `race.ts` compiles the contestants into `.cache`, which contains no other file of the repository. */
const ROOT = join(__dirname.replace(join(sep, '.cache'), ''), '..', '..');
const HANDLER = join(ROOT, 'src', 'deployment', 'private', 'live-colour-handler.js');

export interface LiveColourProps {
  readonly name: string;
  readonly suffix: string;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
}

/** Looks up the live colour, with the code of the library and the grants of CDK. */
export function liveColour(scope: Construct, { name, suffix, blue, green }: LiveColourProps): CustomResource {
  const [cluster, service] = [`cluster-${name}-${suffix}`, `service-${name}-${suffix}`];
  const asked = new lambda.Function(scope, 'LiveColourFunction', {
    functionName: `function-colour-${name}-${suffix}`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(readFileSync(HANDLER, 'utf8')),
    timeout: Duration.seconds(110),
    memorySize: 256,
    logGroup: new logs.LogGroup(scope, 'LiveColourLogs', {
      logGroupName: `logs-colour-${name}-${suffix}`,
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  });
  asked.addToRolePolicy(new iam.PolicyStatement({
    actions: ['ecs:DescribeServices'],
    resources: [Stack.of(scope).formatArn({ service: 'ecs', resource: 'service', resourceName: `${cluster}/${service}` })],
  }));
  asked.addToRolePolicy(new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(scope).stackId] }));
  return new CustomResource(scope, 'LiveColour', {
    resourceType: 'Custom::LiveColour',
    serviceToken: asked.functionArn,
    properties: { Cluster: cluster, Service: service, Blue: blue.targetGroupArn, Green: green.targetGroupArn },
  });
}
