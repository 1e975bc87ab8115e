import { ArnFormat, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { homeProblem, optional, resourceProblem, wrongType } from '../../private/checks';
import { broken, Problem } from '../../private/errors';
import { NameParts, resourceName } from '../../private/names';
import { undeniedProblem } from '../../private/scoped-role';
import { DeploymentHooks } from '../deployment-hooks';

/** The events in CodeDeploy's order, as props and as the appspec calls them. */
const EVENTS: [keyof DeploymentHooks, string][] = [
  ['beforeInstall', 'BeforeInstall'],
  ['afterInstall', 'AfterInstall'],
  ['afterAllowTestTraffic', 'AfterAllowTestTraffic'],
  ['beforeAllowTraffic', 'BeforeAllowTraffic'],
  ['afterAllowTraffic', 'AfterAllowTraffic'],
];

/** A function that CodeDeploy calls, and when. */
export interface Hook {
  readonly event: string;
  readonly handler: lambda.IFunction;
}

/** The hooks that are given, in CodeDeploy's order. */
export function hooksIn(hooks: DeploymentHooks): Hook[] {
  return EVENTS.flatMap(([prop, event]) => {
    const handler = hooks[prop];
    return handler === undefined ? [] : [{ event, handler }];
  });
}

/** What can be wrong about the hooks. */
export function hooksProblems(at: string, options: { readonly hooks?: DeploymentHooks; readonly smokeTest?: object }, scope: Construct): Problem[] {
  const { hooks, smokeTest } = options;
  if (hooks === undefined || typeof hooks !== 'object' || hooks === null) {
    return [optional(hooks, () => wrongType(`${at}hooks`, 'an object', hooks, '{ afterAllowTraffic: announce }'))];
  }
  return [
    smokeTest !== undefined && hooks.afterAllowTestTraffic !== undefined
      ? broken('BGP114', `${at}hooks.afterAllowTestTraffic`, `must not come with '${at}smokeTest': CodeDeploy calls one function at an event`, undefined,
        'remove one, or let your function ask the test listener itself')
      : undefined,
    ...EVENTS.map(([prop]) => hookProblem(`${at}hooks.${prop}`, hooks[prop], scope)),
  ];
}

/** CodeDeploy calls functions of its own account and region only. */
function hookProblem(prop: string, hook: lambda.IFunction | undefined, scope: Construct): Problem {
  return resourceProblem(prop, hook, 'functionArn', 'a lambda.IFunction', 'new lambda.Function(this, "Gate", { … })')
    ?? homeProblem('BGP116', prop, hook, scope)
    ?? (hook !== undefined && hook.role === undefined
      ? broken('BGP115', prop, 'must have a role that can be allowed to report to CodeDeploy', 'a function that was imported without one',
        'import it with Function.fromFunctionAttributes({ functionArn, role })')
      : undefined);
}

/**
 * The resource that a hook reports to. Written out of names: a reference would let the deployment group, its role, the
 * function and the function's role each wait for the next.
 */
export function deploymentGroupArn(scope: Construct, names: NameParts): string {
  return Stack.of(scope).formatArn({
    service: 'codedeploy',
    resource: 'deploymentgroup',
    resourceName: `${resourceName('application', names)}/${resourceName('deployment-group', names)}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Keeps the functions of the user from terminating instances, as every role that deploys; asked last, for it changes their roles. */
export function hookRoleProblems(at: string, hooks: DeploymentHooks = {}): Problem[] {
  return EVENTS.map(([prop]) => undeniedProblem(`${at}hooks.${prop}`, hooks[prop]?.role));
}

/** Lets the functions of the user report. */
export function allowReports(scope: Construct, names: NameParts, hooks: Hook[]): void {
  for (const handler of new Set(hooks.map((hook) => hook.handler))) {
    handler.role?.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'], resources: [deploymentGroupArn(scope, names)] }));
  }
}
