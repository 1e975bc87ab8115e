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

const hasRole: Check<lambda.IFunction> = (prop, { role }) => (role === undefined
  ? violation({
    code: 'BGP115',
    prop,
    rule: 'must have a role that the library can grant permission to report to CodeDeploy',
    got: 'a function that was imported without a role',
    remedy: 'import it with Function.fromFunctionAttributes({ functionArn, role })',
  })
  : undefined);

const hasMutableRole: Check<lambda.IFunction> = (prop, { role }) => mutableRole(prop, role);

/** Checks a hook function. CodeDeploy invokes only functions of its own account and region. */
export function hook(scope: unknown): Check {
  return optional(cdkType(FUNCTION), sameEnvironment({ code: 'BGP116', scope }), hasRole, hasMutableRole);
}

/** Checks the hooks of an environment. */
export function deploymentHooks(scope: unknown): Check {
  const handler = hook(scope);
  return struct<DeploymentHooks>({
    example: '{ afterAllowTraffic: announce }',
    fields: {
      beforeInstall: handler,
      afterInstall: handler,
      afterAllowTestTraffic: handler,
      beforeAllowTraffic: handler,
      afterAllowTraffic: handler,
      smokeTest: instanceOf(SmokeTest, 'SmokeTest.http({ path: "/healthz" })'),
    },
    combination: ({ smokeTest, afterAllowTestTraffic }, at) => (smokeTest && afterAllowTestTraffic
      ? violation({
        code: 'BGP114',
        prop: at('afterAllowTestTraffic'),
        rule: `must not be combined with '${at('smokeTest')}': CodeDeploy calls one function per lifecycle event`,
        remedy: 'remove one of the two, or send the request to the test listener from your own function',
      })
      : undefined),
  });
}
