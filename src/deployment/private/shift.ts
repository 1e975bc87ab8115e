import { aws_codedeploy as codedeploy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from '../../private/names';

/** One kind of traffic shift. */
export interface Shift {
  readonly description: string;

  /** Minutes from the first step to the last. */
  readonly minutes: number;

  /** The deployment configuration: one of CodeDeploy's own, or a new one below `scope`. */
  deploymentConfig(scope: Construct, names: Names): codedeploy.IEcsDeploymentConfig;
}

export interface CustomConfigOptions {
  readonly scope: Construct;
  readonly names: Names;
  /**
   * The kind and the values: AWS replaces a configuration that changes, which needs another name.
   */
  readonly type: string;
  readonly trafficRouting: codedeploy.TrafficRouting;
}

/** A deployment configuration for values that none of CodeDeploy's own has. */
export function customConfig(options: CustomConfigOptions): codedeploy.IEcsDeploymentConfig {
  return new codedeploy.EcsDeploymentConfig(options.scope, 'TrafficShift', {
    deploymentConfigName: options.names.claim(options.type),
    trafficRouting: options.trafficRouting,
  });
}
