import { readFileSync } from 'fs';
import { join } from 'path';
import {
  aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_lambda as lambda, aws_logs as logs, CustomResource,
  Duration, Lazy, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { stackTags } from './stack-tags';
import { Names } from '../../private/names';
import { renderedList, renderedProperties } from '../../private/rendered-properties';
import { ScopedRole } from '../../private/scoped-role';

export interface LiveColourOptions {
  readonly names: Names;
  readonly blue: elbv2.ApplicationTargetGroup;
  readonly green: elbv2.ApplicationTargetGroup;
  /** Called at synthesis: the listeners are created after the actions. */
  readonly listeners: () => elbv2.ApplicationListener[];
  readonly logRetention: logs.RetentionDays;
}

/** The default actions of the two listeners. */
export interface LiveColour {
  readonly production: LiveColourAction;
  readonly test: LiveColourAction;
}

/** Timeout of CloudFormation for the answer; the function ends earlier. */
const RESPONSE_TIMEOUT = Duration.minutes(2);
const FUNCTION_TIMEOUT = Duration.seconds(110);

/**
 * Creates actions that forward to the live target group at the time when CloudFormation updates a listener, instead
 * of to the target groups of the template.
 *
 * CloudFormation sends all properties of a listener, including its default action, whenever one of them changes. It
 * requests the action first, because the listener refers to it, and requests it again whenever a property of the
 * custom resource changes. So these properties are those of the listeners, and the tags that reach them without being
 * a property.
 *
 * Nothing here may refer to the service or to a listener, which wait for the action: their names are literals.
 */
export function liveColour(scope: Construct, options: LiveColourOptions): LiveColour {
  const { names, blue, green, listeners } = options;
  const role = liveColourRole(scope, names);
  const answer = new CustomResource(scope, 'LiveColour', {
    resourceType: 'Custom::LiveColour',
    serviceToken: liveColourFunction(scope, role, options).functionArn,
    serviceTimeout: RESPONSE_TIMEOUT,
    properties: {
      EnvironmentName: names.environmentName,
      Cluster: names.of('cluster'),
      Service: names.of('service'),
      Blue: blue.targetGroupArn,
      Green: green.targetGroupArn,
      // Not cached: only the last of several resolutions has the exports of other stacks in place of references.
      Listeners: Lazy.uncachedAny({ produce: () => listeners().map(propertiesButActions) }),
      StackTags: Lazy.uncachedAny({ produce: () => stackTags(scope) }, { omitEmptyArray: true }),
    },
  });
  answer.node.addDependency(role);
  return {
    production: new LiveColourAction(answer.getAttString('Production'), blue),
    test: new LiveColourAction(answer.getAttString('Test'), green),
  };
}

/** A forward to a target group that CloudFormation learns during the deployment. */
class LiveColourAction extends elbv2.ListenerAction {
  /** `atFirst` is the target group that gets the traffic of the listener until the first release. */
  constructor(private readonly targetGroupArn: string, private readonly atFirst: elbv2.ApplicationTargetGroup) {
    super({ type: 'forward', targetGroupArn });
  }

  /** Lets the load balancer reach the targets, as a forward to a known target group does. */
  public bind(_scope: Construct, listener: elbv2.IApplicationListener): void {
    this.atFirst.registerListener(listener);
  }

  /** True if this is the only default action of a rendered listener. */
  public isOnlyActionIn(listener: { readonly DefaultActions?: unknown }, stack: Stack): boolean {
    const [action = {}, ...others] = renderedList<object>(listener.DefaultActions);
    const parts = Object.entries(action).filter(([, value]) => value !== undefined).sort();
    const expected = [['TargetGroupArn', stack.resolve(this.targetGroupArn)], ['Type', 'forward']];
    return others.length === 0 && JSON.stringify(parts) === JSON.stringify(expected);
  }
}

function propertiesButActions(listener: elbv2.ApplicationListener): object {
  const { DefaultActions: _, ...others } = renderedProperties(listener.node.defaultChild);
  return others;
}

/** Reads one service and one stack. */
function liveColourRole(scope: Construct, names: Names): ScopedRole {
  const role = new ScopedRole(scope, 'LiveColourRole', {
    names,
    purpose: 'colour',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Reads the live colour of ${names.environmentName}`,
    deploys: true,
  });
  const stack = Stack.of(scope);
  const resourceName = `${names.of('cluster')}/${names.of('service')}`;
  role.allow(['ecs:DescribeServices'], [stack.formatArn({ service: 'ecs', resource: 'service', resourceName })]);
  role.allow(['cloudformation:DescribeStacks'], [stack.stackId]);
  return role;
}

function liveColourFunction(
  scope: Construct,
  role: ScopedRole,
  { names, logRetention }: LiveColourOptions,
): lambda.Function {
  const logGroup = new logs.LogGroup(scope, 'LiveColourLogs', {
    logGroupName: names.claim('logs-colour'),
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  role.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  return role.ignoringGrants(() => new lambda.Function(scope, 'LiveColourFunction', {
    functionName: names.claim('function-colour'),
    description: `Returns the live colour of ${names.environmentName} before a listener changes`,
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    // In the template, where a reviewer sees it; the SDK is that of the runtime.
    code: lambda.Code.fromInline(readFileSync(join(__dirname, 'live-colour-handler.js'), 'utf8')),
    timeout: FUNCTION_TIMEOUT,
    memorySize: 256,
    logGroup,
    role,
  }));
}
