import {
  App, aws_certificatemanager as acm, aws_lambda as lambda, CustomResource, RemovalPolicies, Stack, Tags,
} from 'aws-cdk-lib';
import { BlueGreenFargatePipeline, PipelineEnvironment, PipelineSource } from '@org/bluegreen-pipeline';

/** An app that a test changes through context, where a user would edit the code. */
const app = new App();
const context = (name: string): string | undefined => app.node.tryGetContext(name);
const environmentSuffix = context('environmentSuffix')!;
const stack = new Stack(app, `changing-${environmentSuffix}`, { env: { region: 'us-east-1' } });

const certificate = context('certificate') === undefined ? undefined
  : acm.Certificate.fromCertificateArn(stack, 'Certificate', `arn:aws:acm:us-east-1:000000000000:certificate/${context('certificate')}`);

const pipeline = new BlueGreenFargatePipeline(stack, context('id') ?? 'Pipeline', {
  environmentSuffix,
  source: PipelineSource.connection({ connectionArn: context('connectionArn')!, repository: context('repository')! }),
  notificationEmails: [context('notificationEmail')!],
  environments: (context('environments') ?? 'staging production').split(' ').map((name) => (new PipelineEnvironment(name, {
    cpu: Number(context('cpu') ?? 256),
    memoryLimitMiB: 2048,
    taskCount: Number(context('taskCount') ?? 1),
    certificate,
    rollback: { errorRate: Number(context('errorRate') ?? 5) },
  }))),
});

// In this app a tag of the stack, which CloudFormation hands on: it does not set '@aws-cdk/core:explicitStackTags'.
if (context('team') !== undefined) {
  Tags.of(stack).add('team', context('team')!);
}

if (context('retain') !== undefined) {
  RemovalPolicies.of(pipeline).retain({ applyToResourceTypes: ['AWS::ECR::Repository', 'AWS::S3::Bucket'] });
}

// A resource that fails after all other resources exist: here and on AWS the whole stack rolls back.
if (context('refusal') !== undefined) {
  const refuse = new lambda.Function(stack, 'Refuse', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(`exports.handler = (event) => fetch(event.ResponseURL, {
      method: 'PUT',
      headers: { 'content-type': '' },
      body: JSON.stringify({
        ...event,
        Status: event.RequestType === 'Delete' ? 'SUCCESS' : 'FAILED',
        Reason: 'refused on purpose',
        PhysicalResourceId: 'refusal',
      }),
    });`),
  });
  new CustomResource(stack, 'Refusal', { serviceToken: refuse.functionArn }).node.addDependency(pipeline);
}
