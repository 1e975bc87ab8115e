import { actionStarts, arn, artifact, bucketArn, Call, CalledEnvironment, CalledPipeline, imagePull, imagePush, logStream, onBehalf, PAGES, roleArn, service } from './called';
import { Principal } from './evaluate';

export function sourceCalls(pipeline: CalledPipeline): Call[] {
  const artifacts = bucketArn(pipeline, 'artifacts');
  const connection = pipeline.connectionArn;
  return [
    {
      by: service('codepipeline'),
      when: 'Source',
      actions: ['sts:AssumeRole'],
      resources: [roleArn(pipeline, 'pipeline')],
      context: onBehalf(pipeline, arn(pipeline, 'codepipeline', `pipeline-${pipeline.suffix}`)),
      why: 'runs the pipeline',
      source: PAGES.pipelineRole,
    },
    {
      by: { role: roleArn(pipeline, 'pipeline') },
      when: 'Every stage',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [artifacts],
      why: 'looks at the bucket of the artifacts',
      source: PAGES.pipelineRole,
    },
    {
      by: { role: roleArn(pipeline, 'pipeline') },
      when: 'Every stage',
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl'],
      resources: [artifact(pipeline, 'Source'), artifact(pipeline, 'Release')],
      why: 'hands artifacts from stage to stage',
      source: PAGES.pipelineRole,
    },
    actionStarts(pipeline, 'Source', 'source'),
    {
      by: { role: roleArn(pipeline, 'source') },
      when: 'Source',
      actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
      resources: [connection],
      why: 'reads the commit; AWS asks under the old name of the service, the new one, or either',
      source: PAGES.connection,
    },
    {
      by: { role: roleArn(pipeline, 'source') },
      when: 'Source',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [artifacts],
      why: 'looks at the bucket of the artifacts',
      source: PAGES.pipelineRole,
    },
    {
      by: { role: roleArn(pipeline, 'source') },
      when: 'Source',
      actions: ['s3:PutObject', 's3:PutObjectAcl'],
      resources: [artifact(pipeline, 'Source')],
      why: 'stores the source',
      source: PAGES.pipelineRole,
    },
  ];
}

/** What CodeBuild does for each project, whatever it builds. */
function projectCalls(pipeline: CalledPipeline, when: string, purpose: string): Call[] {
  const role: Principal = { role: roleArn(pipeline, `project-${purpose}`) };
  const project = arn(pipeline, 'codebuild', `project/project-${purpose}-${pipeline.suffix}`);
  const artifacts = bucketArn(pipeline, 'artifacts');
  return [
    actionStarts(pipeline, when, `start-${purpose}`),
    {
      by: { role: roleArn(pipeline, `start-${purpose}`) },
      when,
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      resources: [project],
      why: 'starts the build, waits for it, and stops it with the execution',
      source: PAGES.codeBuildAction,
    },
    {
      by: service('codebuild'),
      when,
      actions: ['sts:AssumeRole'],
      resources: [roleArn(pipeline, `project-${purpose}`)],
      context: onBehalf(pipeline, project),
      why: 'runs the build',
      source: PAGES.codeBuild,
    },
    {
      by: role,
      when,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logStream(pipeline, `project-${purpose}`)],
      why: 'writes the log',
      source: PAGES.codeBuild,
    },
    {
      by: role,
      when,
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
      resources: [artifacts],
      why: 'looks at the bucket of the artifacts',
      source: PAGES.codeBuild,
    },
    {
      by: role,
      when,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [artifact(pipeline, 'Source')],
      why: 'reads what it works on',
      source: PAGES.codeBuild,
    },
    ...(pipeline.buildImageRepository === undefined ? [] : imagePull(pipeline, role, when, pipeline.buildImageRepository, 'starts in the private build image')),
  ];
}

function cacheCalls(pipeline: CalledPipeline, when: string, purpose: string, bucket: string): Call[] {
  const by: Principal = { role: roleArn(pipeline, `project-${purpose}`) };
  const cache = bucketArn(pipeline, bucket);
  return [
    { by, when, actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [cache], why: 'looks at the bucket of the cache', source: PAGES.codeBuild },
    {
      by,
      when,
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      resources: [`${cache}/${purpose}/0123456789abcdef`],
      why: 'takes the cache of the last build, and leaves one for the next',
      source: PAGES.codeBuild,
    },
  ];
}

export function buildCalls(pipeline: CalledPipeline): Call[] {
  const by: Principal = { role: roleArn(pipeline, 'project-build') };
  const when = 'Build';
  const repository = `repository-${pipeline.suffix}`;
  return [
    ...projectCalls(pipeline, when, 'build'),
    ...(pipeline.cacheRepository === undefined ? cacheCalls(pipeline, when, 'build', 'cache-build') : [
      ...imagePull(pipeline, by, when, pipeline.cacheRepository, 'takes the layers of the last build'),
      ...imagePush(pipeline, by, when, pipeline.cacheRepository, 'leaves the layers for the next build'),
    ]),
    ...imagePull(pipeline, by, when, repository, 'looks which layers are there already'),
    ...imagePush(pipeline, by, when, repository, 'pushes the image'),
    ...pipeline.reportGroups.map((group): Call => ({
      by,
      when,
      actions: ['codebuild:BatchPutCodeCoverages', 'codebuild:BatchPutTestCases', 'codebuild:CreateReport', 'codebuild:UpdateReport'],
      resources: [group],
      why: 'files the reports of the build',
      source: PAGES.reports,
    })),
    {
      by,
      when,
      actions: ['secretsmanager:GetSecretValue'],
      resources: [pipeline.registrySecret],
      why: 'reads the login of the other registry, which the base image may come from',
      source: PAGES.codeBuildSecrets,
    },
    {
      by,
      when,
      actions: ['s3:PutObject'],
      resources: [artifact(pipeline, 'Release')],
      why: 'stores the release: the digest, task definitions and appspecs',
      source: PAGES.codeBuild,
    },
  ];
}

export function testCalls(pipeline: CalledPipeline): Call[] {
  const by: Principal = { role: roleArn(pipeline, 'project-test') };
  return [
    ...projectCalls(pipeline, 'Test', 'test'),
    ...(pipeline.testsAreCached ? cacheCalls(pipeline, 'Test', 'test', 'cache-build') : []),
    ...(pipeline.testsPullTheImage ? imagePull(pipeline, by, 'Test', `repository-${pipeline.suffix}`, 'pulls the new image by its digest, to try it') : []),
  ];
}

export function approvalCalls(pipeline: CalledPipeline, { name, approverRoles }: CalledEnvironment): Call[] {
  const when = 'Approval';
  const own = arn(pipeline, 'codepipeline', `pipeline-${pipeline.suffix}`);
  const stage = `Approve${name[0].toUpperCase()}${name.slice(1)}`;
  return [
    actionStarts(pipeline, when, `approval-${name}`),
    {
      by: { role: roleArn(pipeline, `approval-${name}`) },
      when,
      actions: ['sns:Publish'],
      resources: [arn(pipeline, 'sns', `topic-approval-${name}-${pipeline.suffix}`)],
      why: 'asks the approvers',
      source: PAGES.approval,
    },
    ...approverRoles.flatMap((approver): Call[] => [
      {
        by: { role: `arn:${pipeline.partition}:iam::${pipeline.account}:role/${approver}` },
        when,
        actions: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineExecution', 'codepipeline:GetPipelineState'],
        resources: [own],
        why: 'a person looks at what is to be approved',
        source: PAGES.approval,
      },
      {
        by: { role: `arn:${pipeline.partition}:iam::${pipeline.account}:role/${approver}` },
        when,
        actions: ['codepipeline:PutApprovalResult'],
        resources: [`${own}/${stage}/Approve`],
        why: 'a person answers',
        source: PAGES.approval,
      },
    ]),
  ];
}
