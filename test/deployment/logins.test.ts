import { App, aws_ecr as ecr, aws_elasticloadbalancingv2 as elbv2, Aws, CfnCondition, Fn, Stack, Validations } from 'aws-cdk-lib';
import { deploymentIn, loginOf } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { newStack } from '../helpers/synthesis';

const ID = '@org/bluegreen-pipeline:EcsBlueGreenDeployment.loginRule';
const WORDS = "a release can remove the authentication from this listener rule, because CodeDeploy rewrites the rule's actions: "
  + 'authenticate users in the application, or in front of the load balancer with CloudFront or API Gateway [BGP159]';

const conditions = [elbv2.ListenerCondition.pathPatterns(['/admin/*'])];

/** The construct paths of the login warnings in the assembly, which the CDK CLI reads. */
function warnedIn(app: App): string[] {
  return app.synth({ force: true }).stacks.flatMap(({ messages }) => messages)
    .filter(({ level, entry }) => level === 'warning' && String(entry.data).includes(WORDS) && String(entry.data).includes(ID))
    .map(({ id }) => id);
}

function ruleByHand(scope: Stack, id: string, listenerArn: string, type: string): elbv2.CfnListenerRule {
  return new elbv2.CfnListenerRule(scope, id, {
    listenerArn,
    priority: 7,
    conditions: [{ field: 'path-pattern', values: ['/admin/*'] }],
    actions: [
      { type, order: 1, authenticateCognitoConfig: { userPoolArn: 'arn:aws:cognito-idp:us-east-1:111111111111:userpool/p', userPoolClientId: 'c', userPoolDomain: 'd' } },
      { type: 'fixed-response', order: 2, fixedResponseConfig: { statusCode: '204' } },
    ],
  });
}

/** A deployment with a rule of each kind, some of which have a login. */
function withRules(): Stack {
  const stack = newStack();
  const { productionListener: production, testListener: tests, ...deployment } = deploymentIn(stack);
  const { loadBalancer, blueTargetGroup: blue, greenTargetGroup: green } = deployment;
  const rules = new Stack(stack.node.root, 'Rules', { env: { region: 'us-east-1' } });
  const other = loadBalancer.addListener('Other', { port: 8443, protocol: elbv2.ApplicationProtocol.HTTP, defaultTargetGroups: [blue] });

  production.addAction('Admin', { priority: 1, conditions, action: loginOf(blue) });
  tests.addAction('Admin', { priority: 1, conditions, action: loginOf(green) });
  ruleByHand(stack, 'ForProduction', production.listenerArn, 'authenticate-cognito');
  ruleByHand(stack, 'ForTests', tests.listenerArn, 'authenticate-cognito');
  ruleByHand(stack, 'WithJwt', production.listenerArn, 'jwt-validation');
  ruleByHand(stack, 'Overridden', production.listenerArn, 'redirect').addPropertyOverride('Actions.0.Type', 'authenticate-oidc');
  ruleByHand(stack, 'ByAttribute', (production.node.defaultChild as elbv2.CfnListener).attrListenerArn, 'authenticate-cognito');
  new CfnCondition(stack, 'IsRegional', { expression: Fn.conditionEquals(Aws.REGION, 'us-east-1') });
  const underCondition = (type: string) => ({ 'Fn::If': ['IsRegional', [{ Type: type }, { Type: 'forward' }], [{ Type: 'forward' }]] });
  ruleByHand(stack, 'UnderCondition', production.listenerArn, 'redirect').addPropertyOverride('Actions', underCondition('authenticate-oidc'));
  ruleByHand(stack, 'UnderConditionWithout', production.listenerArn, 'redirect').addPropertyOverride('Actions', underCondition('redirect'));
  ruleByHand(rules, 'FromAnotherStack', production.listenerArn, 'authenticate-cognito');

  production.addAction('Forward', { priority: 2, conditions, action: elbv2.ListenerAction.forward([blue]) });
  ruleByHand(stack, 'Redirect', tests.listenerArn, 'redirect');
  ruleByHand(stack, 'OfAnotherListener', other.listenerArn, 'authenticate-cognito');
  ruleByHand(stack, 'OfAnotherApp', 'arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/a/b/c', 'authenticate-cognito');
  return stack;
}

const WARNED = [
  '/Rules/FromAnotherStack',
  '/Storefront/ByAttribute',
  '/Storefront/ForProduction',
  '/Storefront/ForTests',
  '/Storefront/Overridden',
  '/Storefront/Production/LoadBalancer/Production/AdminRule/Resource',
  '/Storefront/Production/LoadBalancer/Test/AdminRule/Resource',
  '/Storefront/UnderCondition',
  '/Storefront/WithJwt',
];

test('each rule with a login at the production or test listener has one warning in the assembly', () => {
  const app = withRules().node.root as App;

  expect(warnedIn(app).sort()).toEqual(WARNED);
  // Synthesis twice, as for assertions, repeats nothing.
  expect(warnedIn(app).sort()).toEqual(WARNED);
});

test('the warning can be acknowledged for one rule and for a stack', () => {
  const stack = withRules();
  const acknowledgement = { id: ID, reason: 'A rollback kept it.' };
  Validations.of(stack.node.findChild('ForTests')).acknowledge(acknowledgement);

  expect(warnedIn(stack.node.root as App).sort()).toEqual(WARNED.filter((path) => path !== '/Storefront/ForTests'));

  Validations.of(stack).acknowledge(acknowledgement);

  expect(warnedIn(stack.node.root as App)).toEqual(['/Rules/FromAnotherStack']);
});

test('the warning can be acknowledged for the whole app, together with another warning', () => {
  const app = withRules().node.root as App;
  Validations.of(app).acknowledge({ id: 'Other::Rule', reason: 'No.' }, { id: ID, reason: 'A rollback kept it.' });

  expect(warnedIn(app)).toEqual([]);
});

test('the acknowledgement of another warning on the app leaves this warning', () => {
  const app = withRules().node.root as App;
  Validations.of(app).acknowledge({ id: `${ID}s`, reason: 'Another.' }, { id: '@org/bluegreen-pipeline:EcsBlueGreenDeployment.http', reason: 'Internal.' });

  expect(warnedIn(app).sort()).toEqual(WARNED);
});

test('each of two deployments warns about its own rules', () => {
  const stack = newStack();
  const first = deploymentIn(stack);
  const repository = ecr.Repository.fromRepositoryName(stack, 'Others', 'images');
  const second = new EcsBlueGreenDeployment(stack, 'Second', { environmentSuffix: 'two', environmentName: 'staging', repository });
  ruleByHand(stack, 'One', first.productionListener.listenerArn, 'authenticate-cognito');
  ruleByHand(stack, 'Two', second.testListener.listenerArn, 'authenticate-cognito');

  expect(warnedIn(stack.node.root as App)).toEqual(['/Storefront/One', '/Storefront/Two']);
});
