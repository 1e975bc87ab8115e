/** Why an action stands on `Resource: "*"`, and where AWS says that it must. */
export interface UnscopableAction {
  readonly why: string;
  readonly source: string;
}

/** A page of the Service Authorization Reference, which lists the resources that each action can be narrowed to. */
function authorizationReference(service: string): string {
  return `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${service}.html`;
}

/** Every action that a role of the library is allowed on `*`: those that AWS narrows to no resource of ours. */
export const UNSCOPABLE_ACTIONS: { readonly [action: string]: UnscopableAction } = {
  'ec2:DescribeNetworkInterfaces': {
    why: 'No Describe action of EC2 takes a resource. Lambda asks for its interfaces, the smoke test for the addresses of the load balancer.',
    source: authorizationReference('amazonec2'),
  },
  'ec2:DescribeSubnets': {
    why: 'No Describe action of EC2 takes a resource. Lambda asks for the subnets of the smoke test.',
    source: authorizationReference('amazonec2'),
  },
  'ecr:GetAuthorizationToken': {
    why: 'The token is for the registry of the account as a whole. What it opens is narrowed by the other actions of ECR.',
    source: authorizationReference('amazonelasticcontainerregistry'),
  },
  'ecs:RegisterTaskDefinition': {
    why: 'A new revision has no ARN yet. The reference names the type task-definition, but the policy that AWS publishes for CodePipeline keeps "*", '
      + 'and a narrower one was never seen to work. The roles of a task are narrowed by iam:PassRole.',
    source: authorizationReference('amazonelasticcontainerservice'),
  },
  'elasticloadbalancing:DescribeListeners': {
    why: 'No Describe action of Elastic Load Balancing takes a resource or a condition.',
    source: authorizationReference('awselasticloadbalancingv2'),
  },
  'elasticloadbalancing:DescribeRules': {
    why: 'No Describe action of Elastic Load Balancing takes a resource or a condition.',
    source: authorizationReference('awselasticloadbalancingv2'),
  },
  'elasticloadbalancing:DescribeTargetGroups': {
    why: 'No Describe action of Elastic Load Balancing takes a resource or a condition.',
    source: authorizationReference('awselasticloadbalancingv2'),
  },
};
