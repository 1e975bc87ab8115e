import { aws_iam as iam, aws_s3 as s3, Duration, Stack } from 'aws-cdk-lib';
import { gateIn, newStack } from './subjects';
import { DashboardDeployment, RegistryCredentials, RegistryCredentialsProps, SecureArtifactBucket, SecureArtifactBucketProps } from '../../../src';

function artifacts(props: Partial<SecureArtifactBucketProps>, stack = newStack()): SecureArtifactBucket {
  return new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev', ...props });
}

function credentials(props: Partial<RegistryCredentialsProps>): () => unknown {
  return () => new RegistryCredentials(newStack(), 'Registry', { environmentSuffix: 'dev', ...props });
}

/** A bucket of the user's, in the stack of the test. */
function logs(stack: Stack): s3.IBucket {
  return s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs');
}

/** BGP080 to BGP089: approval, artifacts, alarms, dashboard and credentials. */
export const SMALL_MODULES = {
  BGP080: () => gateIn(newStack(), { timeout: Duration.days(61) }),
  BGP081: () => gateIn(newStack(), { message: '?'.repeat(1001) }),
  BGP082: () => artifacts({ noncurrentVersionExpiration: Duration.hours(36) }),
  BGP083: () => artifacts({ accessLogsPrefix: 'artifacts/' }),
  BGP084: credentials({ registry: 'https://ghcr.io' }),
  BGP085: credentials({ rotationInterval: Duration.hours(1) }),
  BGP086: () => {
    const stack = newStack();
    artifacts({ accessLogsBucket: logs(stack), accessLogsPrefix: '/'.repeat(989) }, stack);
  },
  BGP087: () => {
    const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
    gateIn(stack, { approverRoles: [iam.Role.fromRoleArn(stack, 'Leads', 'arn:aws:iam::222222222222:role/leads')] });
  },
  BGP088: () => new DashboardDeployment('live', 'Deploy to live'),
  BGP089: () => gateIn(newStack()),
};
