import {
  aws_codebuild as codebuild, aws_codepipeline as codepipeline, aws_codepipeline_actions as actions, aws_ec2 as ec2, aws_ecr as ecr,
  aws_logs as logs, aws_s3 as s3, aws_secretsmanager as secretsmanager, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { imageSpec, PROBE_VARIABLES, probeSpec, releaseSpec } from './stock-builds';
import { Environment } from './stock-environment';
import { createAlerts, createCounts, createDashboard, createTopic } from './stock-monitoring';
import { tagAction } from './stock-tagging';

/** The same as the smallest program of the library, written with the L2s of the CDK and their own grants. */
export class Storefront extends Stack {
  constructor(scope: Construct, id: string, suffix: string) {
    super(scope, id, { env: { region: 'us-east-1' } });

    const vpc = new ec2.Vpc(this, 'Vpc', {
      vpcName: `vpc-${suffix}`,
      maxAzs: 2,
      natGateways: 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const repository = new ecr.Repository(this, 'Repository', {
      repositoryName: `repository-${suffix}`,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      lifecycleRules: [
        ...['staging', 'production'].map((name) => ({ tagPrefixList: [`live-${name}-`], maxImageCount: 1_000_000 })),
        { maxImageCount: 1500 },
      ],
      emptyOnDelete: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const credentials = new secretsmanager.Secret(this, 'RegistryCredentials', {
      secretName: `registry-credentials-${suffix}`,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ registry: 'docker.io', username: 'REPLACE_ME' }),
        generateStringKey: 'password',
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const artifacts = this.bucket('Artifacts', `artifacts-${suffix}`, true, [
      {
        expiration: Duration.days(365),
        noncurrentVersionExpiration: Duration.days(90),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
      { expiredObjectDeleteMarker: true },
    ]);
    const cache = this.bucket('Cache', `cache-build-${suffix}`, false,
      [{ expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) }]);
    const environments = [
      new Environment(this, 'Staging', { name: 'staging', suffix, vpc, repository, taskCount: 1, canary: false }),
      new Environment(this, 'Production', { name: 'production', suffix, vpc, repository, taskCount: 2, canary: true }),
    ];

    const build = this.project('Build', `project-build-${suffix}`, `logs-project-build-${suffix}`, imageSpec(repository), {
      cache: codebuild.Cache.bucket(cache, { prefix: 'build' }),
      environmentVariables: Object.fromEntries(['registry', 'username', 'password'].map((key) => [`REGISTRY_${key.toUpperCase()}`, {
        type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER,
        value: `${credentials.secretArn}:${key}`,
      }])),
    });
    repository.grantPullPush(build);
    const test = this.project('Test', `project-test-${suffix}`, `logs-project-test-${suffix}`, probeSpec(repository), { environmentVariables: PROBE_VARIABLES });
    repository.grantPull(test);
    const releasing = this.project('Release', `project-release-${suffix}`, `logs-project-release-${suffix}`, releaseSpec(environments), {
      environment: { privileged: false },
      environmentVariables: {
        IMAGE_REPOSITORY: { value: repository.repositoryUri },
        ...Object.fromEntries(environments.map(({ taskDefinitionJson }, index) => [`TASK_DEFINITION_${index + 1}`, { value: taskDefinitionJson }])),
      },
    });
    repository.grant(releasing, 'ecr:DescribeImages');

    const pipeline = new codepipeline.Pipeline(this, 'Pipeline', {
      pipelineName: `pipeline-${suffix}`,
      artifactBucket: artifacts,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.SUPERSEDED,
      crossAccountKeys: false,
    });
    const source = new codepipeline.Artifact('Source');
    const release = new codepipeline.Artifact('Release');
    const stage = (stageName: string, ...stageActions: codepipeline.IAction[]) => pipeline.addStage({ stageName, actions: stageActions });
    stage('Source', new actions.CodeStarConnectionsSourceAction({
      actionName: 'Source',
      connectionArn: 'arn:aws:codeconnections:us-east-1:111111111111:connection/6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d',
      owner: 'acme',
      repo: 'storefront',
      branch: 'main',
      output: source,
      variablesNamespace: 'Source',
    }));
    stage('Build', new actions.CodeBuildAction({
      actionName: 'Build', project: build, input: source, variablesNamespace: 'Build',
    }));
    const environmentVariables = { IMAGE_DIGEST: { value: '#{Build.IMAGE_DIGEST}' } };
    stage('Test', new actions.CodeBuildAction({
      actionName: 'Test',
      type: actions.CodeBuildActionType.TEST,
      project: test,
      input: source,
      environmentVariables,
      variablesNamespace: 'Test',
    }), new actions.CodeBuildAction({
      actionName: 'Release', project: releasing, input: source, outputs: [release], environmentVariables, variablesNamespace: 'Release',
    }));
    for (const environment of environments) {
      const { name, node } = environment;
      stage(`Approve${node.id}`, new actions.ManualApprovalAction({
        actionName: 'Approve',
        notificationTopic: createTopic(this, `Approve${node.id}`, `topic-approval-${name}-${suffix}`, ['team@example.com']),
        additionalInformation: `Deploy commit #{Source.CommitId} to ${name}? It was released as #{Release.IMAGE_URI} and passed its tests.`,
        timeout: Duration.days(7),
      }));
      stage(`Deploy${node.id}`, environment.deployAction(release), tagAction(environment.tagging, release));
    }

    const monitored = { suffix, pipeline, projects: [build, test, releasing], environments };
    const counts = createCounts(this, monitored);
    const counting = [...counts.outcomes.flatMap(({ succeeded, failed }) => [succeeded, failed]), counts.rejected];
    createDashboard(this, monitored, counts, createAlerts(this, monitored, counting));
  }

  private bucket(id: string, name: string, versioned: boolean, lifecycleRules: s3.LifecycleRule[]): s3.Bucket {
    return new s3.Bucket(this, id, {
      bucketName: `${name}-${this.account}-${this.region}`,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned,
      lifecycleRules,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }

  private project(id: string, projectName: string, logGroupName: string, buildSpec: codebuild.BuildSpec, props: codebuild.PipelineProjectProps = {}) {
    return new codebuild.PipelineProject(this, id, {
      ...props,
      projectName,
      buildSpec,
      environment: {
        buildImage: codebuild.LinuxBuildImage.fromDockerRegistry('public.ecr.aws/codebuild/amazonlinux-x86_64-standard:6.0'),
        computeType: codebuild.ComputeType.SMALL,
        privileged: true,
        ...props.environment,
      },
      logging: {
        cloudWatch: {
          logGroup: new logs.LogGroup(this, `${id}Logs`, { logGroupName, retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }),
        },
      },
      timeout: Duration.minutes(30),
      queuedTimeout: Duration.minutes(30),
      grantReportGroupPermissions: false,
    });
  }
}
