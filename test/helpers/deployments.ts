import { aws_ecr as ecr, Stack } from 'aws-cdk-lib';
import { EcsBlueGreenDeployment, EcsBlueGreenDeploymentProps } from '../../src';

/** A deployment on its own, with whatever a test wants to be different. */
export function deploymentIn(stack: Stack, props: Partial<EcsBlueGreenDeploymentProps> = {}): EcsBlueGreenDeployment {
  return new EcsBlueGreenDeployment(stack, 'Production', {
    environmentSuffix: 'dev',
    environmentName: 'production',
    repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'),
    ...props,
  });
}
