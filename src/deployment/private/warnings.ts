import { Construct } from 'constructs';
import { warn } from '../../private/errors';
import { EcsBlueGreenDeploymentProps } from '../ecs-blue-green-deployment-props';
import { isLatest } from './bootstrap';
import { isWide } from './network-checks';

/** What works, and few would want in front of users. */
export function warnOf(scope: Construct, props: EcsBlueGreenDeploymentProps, bootstrapImageName: string): void {
  if (props.certificate === undefined) {
    warn(scope, 'EcsBlueGreenDeployment.http', 'BGP109',
      `${props.environmentName} answers over HTTP: give its environment a 'certificate' before the first deployment`);
  }
  if (isLatest(bootstrapImageName)) {
    warn(scope, 'EcsBlueGreenDeployment.latestImage', 'BGP119',
      `the 'bootstrapImage' of ${props.environmentName} has the tag latest, which means another image tomorrow: name a tag that stays, or a digest`);
  }
  for (const cidr of (props.testListenerCidrs ?? []).filter(isWide)) {
    warn(scope, 'EcsBlueGreenDeployment.wideTestNetwork', 'BGP139',
      `'testListenerCidrs' of ${props.environmentName} let ${cidr} reach an unreleased version: name the networks of your testers`);
  }
}
