import { readFileSync } from 'fs';
import { join } from 'path';
import { aws_certificatemanager as acm, aws_ecs as ecs } from 'aws-cdk-lib';
import { PipelineEnvironment, PipelineSource } from '../../src';
import { Properties } from '../helpers/environments';
import { CONNECTION_ARN, newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';
import { all, buildSpecOf, idOf, releaseSettingsIn } from '../helpers/templates';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'defaults.md'), 'utf8');
const ROWS = (PAGE.match(/^\| .* \|$/gm) ?? []).slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, setting, value, , change]): [string, string] => [setting, `${value} ${change}`]);

const stack = newStack();
pipelineIn(stack, { source: PipelineSource.connection({ connectionArn: CONNECTION_ARN, repository: 'acme/storefront' }) });
const template = templateOf(stack);

// A program with the options that some rows mention.
const otherStack = newStack();
const certificate = acm.Certificate.fromCertificateArn(otherStack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/x');
const environments = [PipelineEnvironment.production({ certificate, maxTaskCount: 4 })];
pipelineIn(otherStack, { environments, platform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } });
const other = templateOf(otherStack);

/** The one resource of a type, or the one with a name. */
function one(type: string, name?: string, from = template): Properties {
  const [[, properties]] = all(from, type).filter((entry) => name === undefined || Object.values(entry[1]).includes(name));
  return properties;
}

/** The words that the table may use for a value in the template. */
function when(condition: boolean, words: string): string {
  return condition ? words : `not: ${words}`;
}

const has = (text: string): boolean => JSON.stringify(template).includes(text);

const build = one('AWS::CodeBuild::Project', 'project-build-dev');
const spec = buildSpecOf(build);
const variables = spec.env?.variables ?? {};
const commands = Object.values(spec.phases).flatMap((phase) => phase.commands).join('\n');
const { Stages, ...pipeline } = one('AWS::CodePipeline::Pipeline');
const actions = (Stages as Properties[]).flatMap((stage) => stage.Actions as Properties[]);
const target = one('AWS::ElasticLoadBalancingV2::TargetGroup', 'tg-blue-production-dev');
const service = (name: string): Properties => one('AWS::ECS::Service', `service-${name}-dev`);
const tasksOf = (name: string): unknown =>
  all(template, 'AWS::ApplicationAutoScaling::ScalableTarget').filter(([id]) => id.includes(`Deploy${name}`)).map(([, { MinCapacity }]) => MinCapacity as number);
const group = (name: string): Properties => one('AWS::CodeDeploy::DeploymentGroup', `deployment-group-${name}-dev`);
const task = one('AWS::ECS::TaskDefinition', 'taskdef-production-dev');
const [container] = task.ContainerDefinitions as Properties[];
const errors = one('AWS::CloudWatch::Alarm', 'alarm-errors-blue-production-dev');
const unhealthy = one('AWS::CloudWatch::Alarm', 'alarm-unhealthy-blue-production-dev');
const refused = one('AWS::CloudWatch::Alarm', 'alarm-refused-connections-production-dev');
const unavailable = one('AWS::CloudWatch::Alarm', 'alarm-unavailable-production-dev');
const noHealthyTask = one('AWS::CloudWatch::Alarm', 'alarm-no-healthy-task-production-dev');
const repository = one('AWS::ECR::Repository');
const lifecycleRules = (JSON.parse(repository.LifecyclePolicy.LifecyclePolicyText as string) as {
  rules: { selection: { tagStatus: string; countNumber: number } }[];
}).rules.map(({ selection }) => selection);
const artifacts = template.Resources[idOf(pipeline.ArtifactStore.Location)].Properties;
const cache = template.Resources[idOf(build.Cache.Location)].Properties;
const listeners = (from: SynthesisedTemplate) => all(from, 'AWS::ElasticLoadBalancingV2::Listener').map(([, listener]) => listener);
const secret = JSON.parse(one('AWS::SecretsManager::Secret').GenerateSecretString.SecretStringTemplate) as { [key: string]: string };
const subscribers = new Set(all(template, 'AWS::SNS::Subscription').map(([, { Endpoint }]) => Endpoint as string));
const waits = (name: string): string =>
  `${/"TerminationWaitTimeInMinutes":(\d+)/.exec(JSON.stringify(group(name)))?.[1]} minutes`;
/** `canary of 10 % for 5 minutes`, from the name of the CodeDeploy configuration. */
const shift = (name: string): string => String(group(name).DeploymentConfigName).replace('CodeDeployDefault.ECS', '')
  .replace(/^AllAtOnce$/, 'all at once').replace(/^Canary(\d+)Percent(\d+)Minutes$/, 'canary of $1 % for $2 minutes');
const periods = ({ DatapointsToAlarm, EvaluationPeriods }: Properties): string => `${DatapointsToAlarm} of ${EvaluationPeriods} minutes`;
const expiry = ({ LifecycleConfiguration }: Properties): Properties => LifecycleConfiguration.Rules[0];
const denied = all(template, 'AWS::IAM::Role').filter(([, role]) => JSON.stringify(role).includes('ec2:TerminateInstances'))
  .map(([, { RoleName }]) => RoleName as string).join();

/** The words of each row, from the template. */
const EXPECTED: { readonly [setting: string]: string[] } = {
  'branch': [`\`${actions[0].Configuration.BranchName}\``],
  'environments': [(Stages as Properties[]).flatMap(({ Name }) => /^Deploy(.+)/.exec(Name)?.[1].toLowerCase() ?? [])
    .map((name) => `\`${name}\``).join(', then ')],
  'approvers': [when(subscribers.size === 1, 'notificationEmails')],
  'roles that may approve': [when(!has('codepipeline:PutApprovalResult'), 'none')],
  'approval waits': [...new Set(actions.flatMap(({ TimeoutInMinutes }) => TimeoutInMinutes as number | undefined ?? []))].map((minutes) => `${minutes / 24 / 60} days`),
  'pipeline': [pipeline.PipelineType, pipeline.ExecutionMode, when(!has('AWS::KMS::'), 'no cross-account key')],
  'processor': [when(task.RuntimePlatform === undefined && build.Environment.Type === 'LINUX_CONTAINER', 'x86-64')],
  'build image': [template, other].map((from) => one('AWS::CodeBuild::Project', undefined, from).Environment.Image.replace(/.*\//, '')),
  'build machine': [build.Environment.ComputeType],
  'build and queue time-out': [when(build.TimeoutInMinutes === build.QueuedTimeoutInMinutes, `${build.TimeoutInMinutes} minutes each`)],
  'build cache': [build.Cache.Type, `${expiry(cache).ExpirationInDays} days`, when(!cache.VersioningConfiguration, 'not versioned')],
  'BuildKit': [variables.BUILDKIT_IMAGE, variables.BUILDKIT_MIRROR.replace(/@.*/, '')],
  'Dockerfile, context': [
    `\`${variables.DOCKERFILE}\`, \`${variables.BUILD_CONTEXT}\``,
    when(!commands.includes('--target'), 'the last stage'), when(!/--build-arg "(?!BUILDKIT_CACHE_MOUNT_NS)/.test(commands), 'no build arguments'),
  ],
  'image tag': [`${/cut -c 1-(\d+)/.exec(commands)?.[1]} characters`, when(commands.includes('-${CODEBUILD_BUILD_ID##*:}"'), 'UUID of the build')],
  'ECR repository': [
    `${repository.ImageTagMutability.toLowerCase()} tags`, when(repository.ImageScanningConfiguration.ScanOnPush, 'scan on push'),
    when(lifecycleRules.filter(({ tagStatus, countNumber }) => tagStatus === 'tagged' && countNumber > 100_000).length === 2,
      'every image that an environment runs or ran is kept'),
    ...lifecycleRules.filter(({ tagStatus }) => tagStatus === 'any').map(({ countNumber }) => `the last ${countNumber.toLocaleString('en-US')} other images`),
  ],
  'test': [when(buildSpecOf(one('AWS::CodeBuild::Project', 'project-test-dev')).env?.variables?.STARTUP_SECONDS === '60', 'a minute')],
  'test reports': [when(!has('AWS::CodeBuild::ReportGroup'), 'none')],
  'container port, health path': [`\`${target.Port}\`, \`${target.HealthCheckPath}\``],
  'task size': [`${task.Cpu} CPU units`, `${task.Memory} MiB`],
  'task count': [`${tasksOf('Production')}`, `${tasksOf('Staging')} in`],
  'scaling': [
    when(!has('AWS::ApplicationAutoScaling::ScalingPolicy'), 'off'),
    `${one('AWS::ApplicationAutoScaling::ScalingPolicy', undefined, other).TargetTrackingScalingPolicyConfiguration.TargetValue} %`,
  ],
  'task permissions': [when(one('AWS::IAM::Role', 'role-task-production-dev-us-east-1').Policies === undefined, 'none')],
  'container': [
    when(container.LinuxParameters.InitProcessEnabled, 'init process'),
    when(!container.Command && !container.Environment && !container.Secrets, 'as in the image'),
  ],
  'logs': [...new Set(all(template, 'AWS::Logs::LogGroup').map(([, { RetentionInDays }]) => `${RetentionInDays} days`))],
  'Container Insights': [String(one('AWS::ECS::Cluster').ClusterSettings[0].Value).replace('disabled', 'off')],
  'network': [
    `${service('staging').NetworkConfiguration.AwsvpcConfiguration.Subnets.length} zones`,
    `${all(template, 'AWS::EC2::NatGateway').length} NAT gateway`, when(!has('"AssignPublicIp":"ENABLED"'), 'private subnets'),
  ],
  'load balancer': [
    when(!has('"Scheme":"internal"'), 'Internet'),
    when(has('drop_invalid_header_fields.enabled","Value":"true"'), 'invalid headers dropped'),
  ],
  'protocol': [
    `${listeners(template)[0].Protocol} on port ${listeners(template)[0].Port}`, when(listeners(other).length === 3, 'redirect from 80'),
    ...listeners(other).filter(({ Port }) => Port === 443).map(({ Port, SslPolicy }) => `HTTPS on ${Port} (\`${SslPolicy}\`)`),
  ],
  'load balancer logs': [when(!has('access_logs.s3.enabled'), 'none')],
  'test listener': [`port ${listeners(template)[1].Port}`, when(!has('"FromPort":9000'), 'nobody')],
  'health check': [
    `${target.HealthCheckIntervalSeconds} s`, `${target.HealthCheckTimeoutSeconds} s`, `${target.HealthyThresholdCount} good`,
    `${target.UnhealthyThresholdCount} bad`, target.Matcher.HttpCode, `${service('production').HealthCheckGracePeriodSeconds / 60} minute`,
    `${(target.TargetGroupAttributes as Properties[]).find(({ Key }) => /^deregistration/.test(Key))?.Value} s deregistration`,
  ],
  'first task': [one('AWS::ECS::TaskDefinition', 'task-production-dev').ContainerDefinitions[0].Image],
  'smoke test': [when(!has('function-smoke-'), 'none')],
  'functions at the events of a deployment': [when(releaseSettingsIn(template).production.hooks === undefined, 'none')],
  'traffic shift': [shift('production'), `${shift('staging')} in`],
  'old tasks kept': [waits('production'), `${waits('staging')} in`],
  'rollback': (group('production').AutoRollbackConfiguration.Events as string[]).map((event) =>
    `on ${event.replace(/^DEPLOYMENT_(STOP_ON_)?/, '').toLowerCase().replace('request', 'stop')}`),
  'rollback alarms, per colour': [
    `${errors.Threshold} %`, periods(errors), `${/>= (\d+)/.exec(errors.Metrics[0].Expression)?.[1]} requests`, periods(unhealthy),
    when([refused.Threshold, periods(refused)].join() === [errors.Threshold, periods(errors)].join(), 'refused connections'),
  ],
  'outage alarms, per environment': [
    `${/\d+/.exec(unavailable.MetricName)} by the load balancer in ${periods(unavailable)}`,
    `no healthy task in either colour for ${noHealthyTask.EvaluationPeriods} minutes`,
    when(!JSON.stringify(group('production').AlarmConfiguration).match(/Unavailable|NoHealthyTask/), 'roll nothing back'),
  ],
  'alerts': [
    when(has('"state":["FAILED","CANCELED"]'), 'failed or canceled execution'),
    when(has('"build-status":["FAILED","FAULT","STOPPED","TIMED_OUT"]'), 'failed, faulted, stopped or timed-out build'),
    when(has('"state":["FAILURE","STOP"]'), 'failed, stopped or rolled-back deployment'),
    when(errors.AlarmActions.length === 1, 'each rollback alarm'),
    when([unavailable, noHealthyTask].every(({ AlarmActions }) => AlarmActions.length === 1), 'each outage alarm'),
    when(has('alarm-alerts-undelivered-dev'), 'undelivered messages'),
  ],
  'operators': [when(!has('policy-operators'), 'no role')],
  'registry credentials': [
    secret.username, String(/to (\S+):/.exec(one('AWS::SecretsManager::Secret').Description)?.[1]).replace('docker.io', 'Docker Hub'),
  ],
  'rotation': [when(!has('AWS::SecretsManager::RotationSchedule'), 'none')],
  'artifact bucket': [
    when(JSON.stringify(artifacts.BucketEncryption).includes('AES256'), 'SSE-S3'),
    String(artifacts.VersioningConfiguration.Status).replace('Enabled', 'versioned'),
    `expire after ${expiry(artifacts).ExpirationInDays} days`,
    `deleted ${expiry(artifacts).NoncurrentVersionExpiration.NoncurrentDays} days later`,
    `uploads after ${expiry(artifacts).AbortIncompleteMultipartUpload.DaysAfterInitiation}`,
  ],
  'removal': [
    when(!has(':"Retain'), 'everything is deleted'),
    when(repository.EmptyOnDelete && all(template, 'Custom::S3AutoDeleteObjects').length === all(template, 'AWS::S3::Bucket').length, 'emptied'),
    when(!has('deletion_protection.enabled","Value":"true"'), 'no deletion protection'),
  ],
  '`ec2:TerminateInstances`': [
    when(/role-pipeline-/.test(denied), 'pipeline role'),
    when(/role-project-release-/.test(denied) && /role-start-release-/.test(denied), 'roles of the release project and of its action'), when(/role-deploy-/.test(denied), 'deploy action roles'),
    when(/role-tag-/.test(denied) && /role-live-tag-/.test(denied), 'roles that tag images'),
    when(/role-codedeploy-/.test(denied), 'CodeDeploy roles'),
  ],
};

test.each(ROWS)('docs/defaults.md states the template\'s value of "%s"', (setting, cells) => {
  for (const words of EXPECTED[setting]) {
    // No part of a longer number or word: "mutable tags" is not in "immutable tags".
    expect(cells).toMatch(new RegExp(`(?<![\\w.])${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\d)`));
  }
});

test('every row of the table of defaults is checked', () => {
  expect(ROWS.map(([setting]) => setting)).toEqual(Object.keys(EXPECTED));
});
