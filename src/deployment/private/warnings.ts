import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';
import { isLatest } from './bootstrap';
import { isWide } from './load-balancer-checks';

/** Warns of what works, and few would want in front of users. */
export function addWarnings(scope: Construct, props: EcsBlueGreenDeploymentProps, bootstrapImageName: string): void {
  const { certificate, environmentName, loadBalancer = {} } = props;
  if (certificate === undefined) {
    warn(scope, 'EcsBlueGreenDeployment.http', 'BGP109',
      `${environmentName} answers over HTTP: give its environment a 'certificate' before the first deployment`);
  }
  if (isLatest(bootstrapImageName)) {
    warn(scope, 'EcsBlueGreenDeployment.latestImage', 'BGP119',
      `the 'bootstrapImage' of ${environmentName} has the tag latest, which means another image tomorrow: `
      + 'name a tag that stays, or a digest');
  }
  for (const cidr of (loadBalancer.testListenerCidrs ?? []).filter(isWide)) {
    warn(scope, 'EcsBlueGreenDeployment.wideTestNetwork', 'BGP139',
      `'loadBalancer.testListenerCidrs' of ${environmentName} let ${cidr} reach an unreleased version: `
      + 'name the networks of your testers');
  }
}
