import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_iam as iam, aws_s3 as s3, CfnResource, Duration, Stack,
} from 'aws-cdk-lib';
import { connection, CONNECTION_ARN, gateIn, newStack, pipelineIn } from './subjects';
import { DashboardDeployment, PipelineAlarms, PipelineDashboard, SecureArtifactBucket } from '../../../src';

/** The constructs that show or report many projects. */
function manyProjects(stack: Stack, count: number) {
  return {
    environmentSuffix: 'dev',
    pipeline: new codepipeline.Pipeline(stack, 'Pipeline'),
    projects: Array.from({ length: count }, (_, index) =>
      codebuild.Project.fromProjectName(stack, `Project${index}`, `build-and-test-of-service-${index}`)),
  };
}

/** BGP020 to BGP029, BGP080 to BGP089, BGP155, BGP156 and BGP177: source, approval, artifacts, alarms, dashboard and credentials. */
export const SMALL_MODULES = {
  BGP024: () => pipelineIn(newStack({ env: { account: '222222222222', region: 'us-east-1' } }), {
    source: connection({ connectionArn: CONNECTION_ARN.replace('codeconnections', 'codestar-connections') }),
  }),
  BGP081: () => gateIn(newStack(), { message: '?'.repeat(1001) }),
  BGP086: () => {
    const stack = newStack();
    new SecureArtifactBucket(stack, 'Artifacts', {
      environmentSuffix: 'dev',
      accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'acme-logs'),
      accessLogsPrefix: '/'.repeat(989),
    });
  },
  BGP087: () => {
    const stack = newStack({ env: { account: '111111111111', region: 'us-east-1' } });
    gateIn(stack, { approverRoles: [iam.Role.fromRoleArn(stack, 'Leads', 'arn:aws:iam::222222222222:role/leads')] });
  },
  BGP161: () => {
    const stack = newStack();
    const { bucket } = new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev' });
    (bucket.node.defaultChild as CfnResource).addPropertyOverride('BucketEncryption.ServerSideEncryptionConfiguration', [{
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/acme' },
    }]);
    return bucket;
  },
  BGP166: () => {
    const stack = newStack();
    return new PipelineAlarms(stack, 'Alarms', { ...manyProjects(stack, 100), notificationEmails: ['team@example.com'] });
  },
  BGP169: () => {
    const stack = newStack();
    return new PipelineDashboard(stack, 'Dashboard', manyProjects(stack, 251));
  },
  BGP088: () => new DashboardDeployment('live', 'Deploy to live'),
  BGP177: () => {
    const stack = newStack();
    const { bucket } = new SecureArtifactBucket(stack, 'Artifacts', { environmentSuffix: 'dev', expiration: Duration.days(60) });
    const gate = gateIn(stack, { timeout: Duration.days(60) });
    gate.addToPipeline(new codepipeline.Pipeline(stack, 'Pipeline', { artifactBucket: bucket }));
    return gate;
  },
  BGP155: () => {
    const stack = newStack();
    const arn = 'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Leads_0123456789abcdef';
    gateIn(stack, { approverRoles: [iam.Role.fromRoleArn(stack, 'Leads', arn)] });
  },
  BGP156: () => {
    const stack = newStack();
    const leads = iam.Role.fromRoleName(stack, 'Leads', 'leads', { mutable: false });
    const gate = gateIn(stack, { approverRoles: [leads] });
    gate.addToPipeline(new codepipeline.Pipeline(stack, 'Pipeline', { pipelineName: 'storefront' }));
    return gate;
  },
};
