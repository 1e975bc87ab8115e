import { App, aws_certificatemanager as acm, aws_elasticloadbalancingv2 as elbv2, CfnResource, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { deploymentIn } from '../../scripts/errors/cases/subjects';
import { EcsBlueGreenDeployment } from '../../src';
import { newStack, templateOf } from '../helpers/synthesis';
import { all, functionFor } from '../helpers/templates';

const production = ({ productionListener }: EcsBlueGreenDeployment) => productionListener.node.defaultChild as CfnResource;

/** Rendered properties of the custom resource and of the listeners. */
function deployed(change: (deployment: EcsBlueGreenDeployment, stack: Stack) => void = () => {}, certificate?: (stack: Stack) => acm.ICertificate) {
  const stack = newStack();
  change(deploymentIn(stack, { certificate: certificate?.(stack) }), stack);
  const template = templateOf(stack);
  const [[, asked]] = all(template, 'Custom::LiveColour');
  return { asked, listeners: JSON.stringify(all(template, 'AWS::ElasticLoadBalancingV2::Listener')) };
}

const UNCHANGED = deployed();

const issued = (id: string, ...names: string[]) => (stack: Stack) =>
  new acm.Certificate(stack, id, { domainName: 'shop.example.com', subjectAlternativeNames: names });

test.each<[string, () => ReturnType<typeof deployed>]>([
  ['a certificate', () => deployed(undefined, issued('Certificate'))],
  ['a TLS policy', () => deployed((made) => production(made).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-TLS13-1-3-2021-06'))],
  ['an attribute', () => deployed((made) => production(made).addPropertyOverride('ListenerAttributes', [{ Key: 'routing.http.response.server.enabled', Value: 'false' }]))],
  ['a port', () => deployed((made) => production(made).addPropertyOverride('Port', 8443))],
  ['the other listener', () => deployed(({ testListener }) => (testListener.node.defaultChild as CfnResource).addPropertyOverride('Protocol', 'HTTPS'))],
  ['tags of the listener', () => deployed((made) => production(made).addPropertyOverride('Tags', [{ Key: 'team', Value: 'web' }]))],
])('the function runs before a change of %s', (_, change) => {
  const { asked, listeners } = change();

  expect(listeners).not.toBe(UNCHANGED.listeners);
  expect(asked).not.toEqual(UNCHANGED.asked);
});

test('a certificate is passed by reference, so that a new certificate with one more name is a change, too', () => {
  const { asked } = deployed(undefined, issued('Certificate', 'www.example.com'));

  expect(asked.Listeners.map(({ Certificates }: { Certificates: unknown }) => Certificates)).toEqual(
    Array(2).fill([{ CertificateArn: { Ref: expect.stringMatching(/^Certificate/) } }]));
});

test('a certificate of another stack is passed as the export that the listener imports', () => {
  const app = new App();
  const certificate = new acm.Certificate(new Stack(app, 'Names', { env: { region: 'us-east-1' } }), 'Certificate', { domainName: 'shop.example.com' });
  const stack = new Stack(app, 'Storefront', { env: { region: 'us-east-1' } });
  deploymentIn(stack, { certificate });
  const [[, { Listeners }]] = all(templateOf(stack), 'Custom::LiveColour');

  expect(JSON.stringify(Listeners).match(/{"Fn::ImportValue":"Names:ExportsOutputRefCertificate\w+"}/g)).toHaveLength(2);
});

test.each<[string, (app: App) => Stack]>([
  ['a stack', (app) => new Stack(app, 'Storefront', { tags: { team: 'web' } })],
  ['an app', (app) => {
    Tags.of(app).add('team', 'web');
    return new Stack(app, 'Storefront');
  }],
  ['the stack around a nested one', (app) => new NestedStack(new Stack(app, 'Shop', { tags: { team: 'web' } }), 'Storefront')],
])('the function runs before a change of the tags of %s, which reach the listeners', (_, stackIn) => {
  const stack = stackIn(new App());
  const deployment = deploymentIn(stack, {});
  (stack.node.root as App).synth();
  const { StackTags } = Object.values((stack.resolve((deployment.node.findChild('LiveColour').node.defaultChild as CfnResource & { _toCloudFormation(): object })
    ._toCloudFormation()) as { Resources: object }).Resources)[0].Properties;

  expect(StackTags).toEqual(expect.arrayContaining([{ Key: 'team', Value: 'web' }]));
});

test('a function without tags has no tag property', () => {
  expect(Object.keys(UNCHANGED.asked)).not.toContain('StackTags');
});

test('the function is outside the VPC, keeps its log as long as the tasks do, and times out before CloudFormation', () => {
  const stack = newStack();
  deploymentIn(stack, {});
  const template = templateOf(stack);
  const [, { VpcConfig, Timeout, Code, FunctionName }] = functionFor('colour', template);
  const [[, { ServiceTimeout }]] = all(template, 'Custom::LiveColour');

  expect([VpcConfig, FunctionName, Timeout < Number(ServiceTimeout)]).toEqual([undefined, 'function-colour-production-dev', true]);
  expect([...new Set([...(Code.ZipFile as string).matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name))].filter((name) => !name.startsWith('node:')))
    .toEqual(['@aws-sdk/client-cloudformation', '@aws-sdk/client-ecs']);
});

test('another default action is rejected, whoever sets it', () => {
  const stack = newStack();
  deploymentIn(stack, {}).productionListener.addAction('Closed', { action: elbv2.ListenerAction.fixedResponse(503) });

  expect(() => templateOf(stack)).toThrow("'productionListener' must keep its default action, which forwards to the live colour, got [");
});
