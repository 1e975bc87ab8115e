import { Duration } from 'aws-cdk-lib';

export { DEFAULT_REGISTRY } from '../private/shared-checks';

export const DEFAULT_ROTATION_INTERVAL = Duration.days(30);
