import { aws_elasticloadbalancingv2 as elbv2, SecretValue } from 'aws-cdk-lib';

/** A login at the load balancer, after which requests go to a target group. */
export function loginOf(targetGroup: elbv2.IApplicationTargetGroup): elbv2.ListenerAction {
  return elbv2.ListenerAction.authenticateOidc({
    issuer: 'https://login.example.com',
    authorizationEndpoint: 'https://login.example.com/authorize',
    tokenEndpoint: 'https://login.example.com/token',
    userInfoEndpoint: 'https://login.example.com/user',
    clientId: 'storefront',
    clientSecret: SecretValue.secretsManager('login'),
    next: elbv2.ListenerAction.forward([targetGroup]),
  });
}
