import { aws_elasticloadbalancingv2 as elbv2, CfnResource, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { LoadBalancing } from './load-balancing';
import { warn } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';

/**
 * Warns at synthesis of a login in a rule of a listener: CodeDeploy rewrites the rules that forward to a
 * target group of the deployment, and one report tells of a rollback that removed the login.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
export function warnOfLogins(scope: Construct, { production, test }: LoadBalancing): void {
  scope.node.addValidation({
    validate: () => {
      const listeners = [production, test]
        .map(({ listenerArn }) => JSON.stringify(Stack.of(scope).resolve(listenerArn)));
      for (const rule of Stack.of(scope).node.findAll().filter(isListenerRule)) {
        const { ListenerArn, Actions } = renderedProperties(rule) as RuleProperties;
        if (listeners.includes(JSON.stringify(ListenerArn)) && Actions?.some(isLogin)) {
          warn(rule, 'EcsBlueGreenDeployment.ruleWithLogin', 'BGP159',
            'a release may remove the login of this listener rule, because CodeDeploy rewrites its actions: '
            + 'authenticate in the application, or in front of the load balancer with CloudFront or API Gateway');
        }
      }
      return [];
    },
  });
}

interface RuleProperties {
  readonly ListenerArn?: unknown;
  readonly Actions?: { readonly Type?: string }[];
}

function isLogin({ Type: type }: { readonly Type?: string }): boolean {
  return type?.startsWith('authenticate-') ?? false;
}

function isListenerRule(construct: IConstruct): construct is CfnResource {
  return CfnResource.isCfnResource(construct)
    && construct.cfnResourceType === elbv2.CfnListenerRule.CFN_RESOURCE_TYPE_NAME;
}
