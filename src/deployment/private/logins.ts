import { aws_elasticloadbalancingv2 as elbv2, CfnResource, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { LoadBalancing } from './load-balancing';
import { ListenerProperties } from './rendered-deployment';
import { warn } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';
import { violation, Violations } from '../../private/violations';

/** Actions that end a request; every other one checks who sends it, and comes before them. */
const FINAL_ACTIONS = ['forward', 'redirect', 'fixed-response'];

const REMEDY = 'authenticate users in the application, or in front of the load balancer with CloudFront or API Gateway';

/** The listeners of a deployment in the template. */
interface Listeners {
  readonly production: ListenerProperties;
  readonly test: ListenerProperties;
}

/**
 * Rejects a login (OIDC, Cognito, JWT) in the default action of a listener: a release replaces the default action by
 * a forward, which admits every request.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export function defaultLoginViolations({ production, test }: Listeners): Violations[] {
  const listeners = { productionListener: production, testListener: test };
  return Object.entries(listeners).map(([prop, { DefaultActions: actions }]) => {
    const [login] = loginTypes(actions);
    return login === undefined ? undefined : violation({
      code: 'BGP158',
      prop,
      rule: 'must not authenticate users in its default action: each release replaces the action with a forward '
        + 'without authentication',
      got: formatValue(login),
      remedy: REMEDY,
    });
  });
}

/**
 * Warns at synthesis of a login in a rule of a listener: CodeDeploy rewrites rules that forward to a target
 * group of the deployment, and one public report describes a rollback that removed the login.
 */
export function warnOfLoginRules(scope: Construct, { production, test }: LoadBalancing): void {
  checkAtSynthesis(scope, () => {
    loginRules(scope, [production, test]).forEach((rule) =>
      warn(rule, 'EcsBlueGreenDeployment.loginRule', 'BGP159',
        "a release can remove the authentication from this listener rule, because CodeDeploy rewrites the rule's "
        + `actions: ${REMEDY}`));
  });
}

/** The rules of these listeners that have a login, in every stack of the app. */
function loginRules(scope: Construct, listeners: readonly elbv2.ApplicationListener[]): CfnResource[] {
  const arns = listeners.flatMap(({ node }) => {
    const { ref, attrListenerArn } = node.defaultChild as elbv2.CfnListener;
    return [ref, attrListenerArn];
  });
  const resolved = arns.map((arn) => JSON.stringify(Stack.of(scope).resolve(arn)));
  return scope.node.root.node.findAll().filter(isListenerRule).filter((rule) => {
    const { ListenerArn: listenerArn, Actions: actions } = renderedProperties(rule) as RuleProperties;
    const isOfListener = Stack.of(rule) === Stack.of(scope)
      ? resolved.includes(JSON.stringify(listenerArn))
      : arns.includes(rule.listenerArn ?? '');
    return isOfListener && loginTypes(actions).length > 0;
  });
}

interface RuleProperties {
  readonly ListenerArn?: unknown;
  readonly Actions?: unknown;
}

/** The types of the logins among actions, those within an intrinsic such as `Fn::If` included. */
function loginTypes(actions: unknown): string[] {
  if (typeof actions !== 'object' || actions === null) {
    return [];
  }
  const { Type: type } = actions as { readonly Type?: unknown };
  return typeof type === 'string'
    ? [type].filter((found) => !FINAL_ACTIONS.includes(found))
    : Object.values(actions).flatMap(loginTypes);
}

function isListenerRule(construct: IConstruct): construct is elbv2.CfnListenerRule {
  return CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === elbv2.CfnListenerRule.CFN_RESOURCE_TYPE_NAME;
}
