import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * A service of AWS that may assume a role for the sake of this account alone, and of one resource
 * in it where AWS says what that is. Names are physical, so the ARN can be written out: the
 * resource waits for the role, not the other way round.
 *
 * Only for services that are documented to say for whom they act; one that does not could never
 * assume the role. See docs/decisions/0014 for each.
 */
export function serviceActingFor(scope: Construct, service: string, sourceArn?: string): iam.ServicePrincipal {
  return new iam.ServicePrincipal(service, {
    conditions: {
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      ...(sourceArn !== undefined && { ArnLike: { 'aws:SourceArn': sourceArn } }),
    },
  });
}
