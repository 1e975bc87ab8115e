import { aws_lambda as lambda } from 'aws-cdk-lib';
import { sameEnvironment } from '../../private/placement';
import { struct } from '../../private/structs';
import { CdkType, cdkType, instanceOf } from '../../private/types';
import { mutableRole } from '../../private/user-roles';
import { Check, optional } from '../../private/validation';
import { violation } from '../../private/violations';
import { DeploymentHooks } from '../deployment-hooks';
import { SmokeTest } from '../smoke-test';

const FUNCTION: CdkType = {
  type: 'a lambda.IFunction',
  member: 'functionArn',
  example: 'new lambda.Function(this, "Gate", { … })',
};

const hasRole: Check<lambda.IFunction> = (prop, hook) => (hook.role === undefined
  ? violation({
    code: 'BGP115',
    prop,
    rule: 'must have a role that can be allowed to report to CodeDeploy',
    got: 'a function that was imported without one',
    remedy: 'import it with Function.fromFunctionAttributes({ functionArn, role })',
  })
  : undefined);

const hasMutableRole: Check<lambda.IFunction> = (prop, hook) => mutableRole(prop, hook.role);

/**
 * Checks the hooks of an environment. CodeDeploy calls functions of its own account and region
 * only.
 */
export function deploymentHooks(scope: unknown): Check {
  const hook = optional(cdkType(FUNCTION), sameEnvironment({ code: 'BGP116', scope }), hasRole, hasMutableRole);
  return struct<DeploymentHooks>({
    example: '{ afterAllowTraffic: announce }',
    fields: {
      beforeInstall: hook,
      afterInstall: hook,
      afterAllowTestTraffic: hook,
      beforeAllowTraffic: hook,
      afterAllowTraffic: hook,
      smokeTest: instanceOf(SmokeTest, 'SmokeTest.http({ path: "/healthz" })'),
    },
    together: ({ smokeTest, afterAllowTestTraffic }, at) => (smokeTest && afterAllowTestTraffic
      ? violation({
        code: 'BGP114',
        prop: at('afterAllowTestTraffic'),
        rule: `must not come with '${at('smokeTest')}': CodeDeploy calls one function at an event`,
        remedy: 'remove one, or let your function ask the test listener itself',
      })
      : undefined),
  });
}
