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

/** The functions of the user that CodeDeploy may call, by prop. */
export interface UserFunctions {
  readonly [prop: string]: lambda.IFunction;
}

/** Functions of the hooks, and of those that releases which were built before still name. */
export function userFunctions(hooks: HookFunctions, retiring: lambda.IFunction[] = []): UserFunctions {
  return Object.fromEntries([
    ...listHooks(hooks).map(({ prop, handler }) => [`hooks.${prop}`, handler]),
    ...retiring.map((handler, index) => [`retiring.functions[${index}]`, handler]),
  ]);
}

/**
 * Lets functions of the user report to the deployment group, and denies them what no role that
 * deploys may do.
 */
export function authorise(scope: Construct, names: Names, functions: UserFunctions): void {
  for (const [prop, { role }] of Object.entries(functions)) {
    if (role) {
      denyTermination(scope, prop, role);
    }
  }
  for (const handler of new Set(Object.values(functions))) {
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
