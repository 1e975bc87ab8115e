import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ingressOf, wideNetworks } from './ingress';
import { DeploymentParts, renderDeployment } from './rendered-deployment';
import { warn } from '../../private/errors';
import { renderedProperties } from '../../private/rendered-properties';
import { checkAtSynthesis } from '../../private/synthesis-check';
import { formatValue } from '../../private/validation';

export interface OpenPortsOptions {
  readonly environmentName: string;
  /** Networks that the user names; wide ones have a separate warning. */
  readonly testers?: readonly string[];
}

/** Warns at synthesis of a test listener that is open to the Internet, and of tasks that others can reach. */
export function warnOfOpenPorts(scope: Construct, parts: DeploymentParts, options: OpenPortsOptions): void {
  checkAtSynthesis(scope, () => {
    warnOfOpenTestListener(scope, parts, options);
    warnOfOpenTasks(scope, parts, options);
  });
}

function warnOfOpenTestListener(scope: Construct, parts: DeploymentParts, options: OpenPortsOptions): void {
  const { balancing: { loadBalancer, test } } = parts;
  const { environmentName, testers = [] } = options;
  const { Port: port } = renderedProperties(test.node.defaultChild);
  const { SecurityGroups: groups } = renderedProperties(loadBalancer.node.defaultChild);
  const { rules, unknown } = ingressOf(Stack.of(loadBalancer), groups);
  const open = [...wideNetworks(rules, port).filter((network) => !testers.includes(String(network))), ...unknown];
  if (open.length > 0) {
    warn(scope, 'EcsBlueGreenDeployment.openTestListener', 'BGP189',
      `${formatValue(open)} can reach the test listener of ${environmentName}, so an unreleased version may be `
      + "public: remove the ingress rule, and list your testers' networks in 'loadBalancer.testListenerCidrs'");
  }
}

function warnOfOpenTasks(scope: Construct, parts: DeploymentParts, { environmentName }: OpenPortsOptions): void {
  const { service } = renderDeployment(parts);
  const { SecurityGroups: groups, AssignPublicIp: address } = service.NetworkConfiguration?.AwsvpcConfiguration ?? {};
  const { rules, unknown } = ingressOf(Stack.of(parts.service), groups);
  const open = [...wideNetworks(rules), ...unknown];
  if (address !== 'DISABLED' || open.length > 0) {
    const reason = open.length > 0 ? `${formatValue(open)} can reach its tasks` : 'its tasks have public addresses';
    warn(scope, 'EcsBlueGreenDeployment.openTasks', 'BGP194',
      `${environmentName} can be reached without its load balancer, because ${reason}: `
      + 'remove the override or the ingress rule');
  }
}
