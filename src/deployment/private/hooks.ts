import { ArnFormat, aws_iam as iam, aws_lambda as lambda, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';
import { denyTermination } from '../../private/scoped-role';
import { DeploymentHooks } from '../deployment-hooks';

/** The functions of the hooks. */
export type HookFunctions = Omit<DeploymentHooks, 'smokeTest'>;

/** The events in CodeDeploy's order, as props and as the appspec calls them. */
const EVENTS: { readonly [prop in keyof HookFunctions]-?: string } = {
  beforeInstall: 'BeforeInstall',
  afterInstall: 'AfterInstall',
  afterAllowTestTraffic: 'AfterAllowTestTraffic',
  beforeAllowTraffic: 'BeforeAllowTraffic',
  afterAllowTraffic: 'AfterAllowTraffic',
};

/** A function that CodeDeploy calls at an event. */
export interface Hook {
  readonly prop: string;
  readonly event: string;
  readonly handler: lambda.IFunction;
}

/** The hooks that are set, in CodeDeploy's order. */
export function listHooks(functions: HookFunctions): Hook[] {
  return Object.entries(EVENTS).flatMap(([prop, event]) => {
    const handler = functions[prop as keyof HookFunctions];
    return handler === undefined ? [] : [{ prop, event, handler }];
  });
}

/**
 * Lets functions of the user report to the deployment group, and denies them what no role that
 * deploys may do.
 */
export function authoriseHooks(scope: Construct, names: Names, functions: HookFunctions): void {
  const hooks = listHooks(functions);
  for (const { prop, handler } of hooks) {
    if (handler.role) {
      denyTermination(scope, `hooks.${prop}`, handler.role);
    }
  }
  for (const handler of new Set(hooks.map((hook) => hook.handler))) {
    handler.role?.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
      resources: [deploymentGroupArn(scope, names)],
    }));
  }
}

/**
 * The resource that a hook reports to. Written out of names: a reference would let the deployment
 * group, its role, the function and the function's role each wait for the next.
 */
export function deploymentGroupArn(scope: Construct, names: Names): string {
  return Stack.of(scope).formatArn({
    service: 'codedeploy',
    resource: 'deploymentgroup',
    resourceName: `${names.of('application')}/${names.of('deployment-group')}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
