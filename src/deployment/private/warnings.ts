import { Construct } from 'constructs';
import { warnOfStackTags } from './stack-tags';
import { warn } from '../../private/errors';
import { formatValue } from '../../private/validation';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';
import { isLatest } from './bootstrap';
import { isWide } from './load-balancer-checks';

/** Warns of valid settings that are unusual for an environment with users. */
export function addWarnings(scope: Construct, props: EcsBlueGreenDeploymentProps, bootstrapImageName: string): void {
  const { certificate, environmentName, loadBalancer = {} } = props;
  if (certificate === undefined) {
    warn(scope, 'EcsBlueGreenDeployment.http', 'BGP109',
      `${environmentName} serves HTTP only: pass a 'certificate' for its environment`);
  }
  if (isLatest(bootstrapImageName)) {
    warn(scope, 'EcsBlueGreenDeployment.latestImage', 'BGP119',
      `the 'bootstrapImage' of ${environmentName} has the tag "latest", which is mutable, so tasks can start from a `
      + 'different image: use a fixed tag or a digest');
  }
  const { accessLogsBucket } = loadBalancer;
  // CDK adds the delivery of logs to the policy of a bucket that it creates, and drops it for an imported one.
  if (accessLogsBucket !== undefined && accessLogsBucket.policy === undefined) {
    warn(scope, 'EcsBlueGreenDeployment.importedAccessLogsBucket', 'BGP156',
      `${formatValue(accessLogsBucket.node.path)} is imported, so the library cannot change its policy: allow `
      + 'Elastic Load Balancing to write the access logs before you deploy '
      + '(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html)');
  }
  for (const cidr of (loadBalancer.testListenerCidrs ?? []).filter(isWide)) {
    warn(scope, 'EcsBlueGreenDeployment.wideTestNetwork', 'BGP139',
      `'loadBalancer.testListenerCidrs' of ${environmentName} lets ${cidr} reach an unreleased version: list only `
      + "your testers' networks");
  }
  warnOfStackTags(scope);
}
