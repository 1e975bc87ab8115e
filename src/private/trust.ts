import { aws_iam as iam, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * Returns an AWS service that may assume a role only for this account, and only for one resource if AWS documents
 * the resource. Names are physical, so the ARN is a literal: the resource waits for the role, and not the other way
 * round.
 *
 * Use it only for services that are documented to send the account they act for; any other service could never
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
