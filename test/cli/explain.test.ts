import {
  aws_certificatemanager as acm, aws_codepipeline_actions as actions, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam,
  aws_secretsmanager as secretsmanager, aws_stepfunctions as sfn, Duration, RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import {
  Approval, BlueGreenFargatePipeline, BlueGreenFargatePipelineProps, BuildSteps, PipelineEnvironment,
  PipelineEnvironmentOptions, TrafficShift,
} from '../../src';
import { cost } from '../../src/cli/explain/cost';
import { explainReport } from '../../src/cli/explain/explain';
import { notifications } from '../../src/cli/explain/notifications';
import { removal } from '../../src/cli/explain/removal';
import { roles } from '../../src/cli/explain/roles';
import { rollback } from '../../src/cli/explain/rollback';
import { running } from '../../src/cli/explain/running';
import { stages } from '../../src/cli/explain/stages';
import { Entry, reportLines, sectionLines } from '../../src/cli/layout';
import { permissionsOf } from '../../src/cli/permissions/permissions';
import { permissionsReport } from '../../src/cli/permissions/text';
import { Template } from '../../src/cli/template';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

type Props = Partial<BlueGreenFargatePipelineProps>;
type Part = (template: Template) => Entry[];

function read(template: SynthesisedTemplate, region = 'us-east-1'): Template {
  return new Template(template, { stackName: 'Storefront', region });
}

/** A part of the report on one line, so that a test does not depend on where lines break. */
function printed(part: Part, template: Template): string {
  return sectionLines({ title: '', entries: part(template) }).slice(3).join(' ').replace(/\s+/g, ' ');
}

function templateWith(
  props: Props | ((stack: Stack) => Props) = {}, change: (pipeline: BlueGreenFargatePipeline) => void = () => undefined,
): SynthesisedTemplate {
  const stack = newStack();
  change(pipelineIn(stack, typeof props === 'function' ? props(stack) : props));
  return templateOf(stack);
}

/** The two default environments, with options for the second. */
function both(options: PipelineEnvironmentOptions): Props {
  return { environments: [PipelineEnvironment.staging(), PipelineEnvironment.production(options)] };
}

/** One environment with options. */
function production(options: PipelineEnvironmentOptions): Props {
  return { environments: [PipelineEnvironment.production(options)] };
}

const taskPolicies = (action: string, resource: string) => both({
  tasks: { policies: [new iam.PolicyStatement({ actions: [action], resources: [resource] })] },
});
const smallest = templateWith();
const every = (minutes: number) => ({ percentage: 20, interval: Duration.minutes(minutes) });

test.each<[string, Part, SynthesisedTemplate, string[]]>([
  ['the source', stages, smallest, [
    'The branch main of acme/storefront. A push starts an execution. Read through the connection '
      + '6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d of account 111111111111 in us-east-1.',
  ]],
  ['the build, its machine, its limits and its cache', stages, smallest, [
    'on BUILD_GENERAL1_SMALL (the smallest machine, 2 vCPU and 4 GiB), in privileged mode, which Docker needs.',
    'Builds an image from Dockerfile with the context . and pushes it to repository-dev. '
      + 'Its tags are immutable, images are scanned on push, the last 1500 are kept, '
      + 'and those whose tag begins with live-staging- or live-production- for ever.',
    'Secret variables: REGISTRY_PASSWORD, read from registry-credentials-dev.',
    'Keeps its cache in cache-build-dev-<account>-us-east-1/build-dev, each entry for 7 days.',
    'Stopped after 30 minutes',
  ]],
  ["the images that the user's repository keeps", stages, templateWith((stack) => ({
    repository: new ecr.Repository(stack, 'Images', { repositoryName: 'images', lifecycleRules: [{ maxImageCount: 30 }] }),
  })), ['pushes it to images. Its tags are mutable, the last 30 are kept.']],
  ['the artifact bucket and its retention', stages, templateWith({ storage: { artifactExpiration: Duration.days(100) } }), [
    'through the bucket artifacts-dev-<account>-us-east-1, where they expire after 100 days and old versions are deleted after 90 days.',
  ]],
  ['the tag of an image that is deployed', stages, smallest, [
    'Then state-machine-live-production-dev adds the tag live-production-<digest> to the image in repository-dev.',
  ]],
  ['a state machine for another purpose', stages, templateWith({}, ({ pipeline }) => {
    const stateMachine = new sfn.StateMachine(pipeline, 'Machine', {
      stateMachineName: 'warm-up', definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(pipeline, 'Nothing')),
    });
    pipeline.addStage({ stageName: 'Warm', actions: [new actions.StepFunctionInvokeAction({ actionName: 'Warm', stateMachine })] });
  }), ['8 Warm Starts the state machine warm-up.']],
  ['the health check of the test stage', stages, templateWith({ containerPort: 3000, healthCheckPath: '/up' }), [
    'Starts the image that was just built as the first environment does, and fails unless its port 3000 answers /up with 200.',
  ]],
  ['the commands of a test stage', stages, templateWith({ testSteps: BuildSteps.commands(['npm test']) }), [
    'Runs one command: npm test',
  ]],
  ['an approval', stages, templateWith({ approverEmails: ['ann@example.com', 'bob@example.com'] }), [
    '4 ApproveStaging Asks ann@example.com and bob@example.com by e-mail; fails without a response within 7 days.',
    '"Deploy commit #{Source.CommitId} to staging?',
    'No role is granted permission to respond here',
  ]],
  ['the roles that may approve, each for its own environment only', stages, templateWith((stack) => both({
    approval: Approval.byEmail({
      roles: [new iam.Role(stack, 'Lead', { roleName: 'lead', assumedBy: new iam.AccountRootPrincipal() })],
    }),
  })), ['can. 5 DeployStaging', 'lead can approve or reject here. 7 DeployProduction']],
  ['the default traffic shifts', stages, smallest, [
    'service-staging-dev, and once they are healthy moves all traffic at once.',
    'service-production-dev, and once they are healthy moves 10 % of the traffic, and the rest after 5 minutes.',
  ]],
  ['a linear shift', stages, templateWith(both({ trafficShift: TrafficShift.linear(every(2)) })), [
    'service-production-dev, and once they are healthy moves 20 % of the traffic every 2 minutes.',
  ]],
  ['a linear shift of CodeDeploy', stages,
    templateWith(both({ trafficShift: TrafficShift.linear({ percentage: 10, interval: Duration.minutes(1) }) })),
    ['service-production-dev, and once they are healthy moves 10 % of the traffic every minute.']],
  ['a canary', stages, templateWith(both({ trafficShift: TrafficShift.canary(every(7)) })), [
    'service-production-dev, and once they are healthy moves 20 % of the traffic, and the rest after 7 minutes.',
  ]],
  ['tasks and their scaling', running,
    templateWith(both({ cpu: 1024, memoryLimitMiB: 2048, taskCount: 3, maxTaskCount: 9 })), [
      'Tasks 1 task of 0.25 vCPU and 0.5 GB, a fixed number',
      'Tasks 3 tasks of 1 vCPU and 2 GB, from 3 to 9 to keep the average CPU use at 60 %',
      'public.ecr.aws/docker/library/node:22-alpine (0.25 vCPU and 0.5 GB) serves requests until the first release',
    ]],
  ['the values of plain variables and the names of secret ones', running, templateWith((stack) => production({
    containerEnvironment: { LEVEL: 'info' },
    containerSecrets: { TOKEN: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Given', 'hidden')) },
  })), ['variables LEVEL=info secrets TOKEN Health check']],
  ['the health check', running, templateWith({ healthCheckPath: '/up' }), [
    'GET /up every 15 s must answer 200 within 5 s; healthy after 2 in a row, unhealthy after 3',
  ]],
  ['logs, closed test listeners and the access to tasks', running, smallest, [
    'Logs logs-service-staging-dev, kept 30 days',
    'testers HTTP on port 9000, closed: no security group rule opens it',
    'Task access port 8080, open to security-group-alb-staging-dev; tasks can connect anywhere',
    'alb-production-dev, on the Internet, in 2 subnets',
  ]],
  ['testers', running, templateWith(production({ loadBalancer: { testListenerCidrs: ['203.0.113.0/24'] } })), [
    'testers HTTP on port 9000, open to 203.0.113.0/24',
  ]],
  ['a listener that the app itself opened', running, templateWith(production({}), ({ deployments }) => {
    deployments.production.testListener.connections.allowDefaultPortFromAnyIpv4();
  }), ['testers HTTP on port 9000, open to everybody (0.0.0.0/0)']],
  ['a certificate and the redirect', running, templateWith((stack) => production({
    certificate: acm.Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
  })), [
    'users HTTPS on port 443 (ELBSecurityPolicy-',
    'also HTTP on port 80, open to everybody (0.0.0.0/0); redirects to HTTPS on port 443',
  ]],
  ['an internal load balancer', running, templateWith(production({ loadBalancer: { internetFacing: false } })), [
    'alb-production-dev, inside the network, in 2 subnets users HTTP on port 80, open to 10.0.0.0/16',
  ]],
  ['rollback', rollback, templateWith(production({
    rollback: { errorRate: 2, minimumRequests: 50, terminationWaitTime: Duration.hours(1) },
  })), [
    'A deployment rolls back automatically when it fails, a person stops it or one of these alarms is in the ALARM state.',
    'more than 2 % of requests are 5xx answers, with at least 50 requests a minute, '
      + 'in 2 of 3 minutes: alarm-errors-blue-production-dev or alarm-errors-green-production-dev',
    'more than 2 % of requests are refused connections for any of 2 target groups, with at least 50 requests a minute, '
      + 'in 2 of 3 minutes: alarm-refused-connections-production-dev',
    'more than 0 unhealthy tasks in 3 of 10 minutes: '
      + 'alarm-unhealthy-blue-production-dev or alarm-unhealthy-green-production-dev',
    'The old tasks are kept for 1 hour after the shift',
  ]],
  ['the e-mail alerts and their recipients', notifications, templateWith({ notificationEmails: ['oncall@example.com'] }), [
    'topic-alerts-dev goes to oncall@example.com by e-mail: '
      + '- rule-pipeline-failed-dev: an execution of the pipeline ends as FAILED or CANCELED (pipeline pipeline-dev)',
    '- rule-build-failed-dev: a build ends as FAILED, FAULT, STOPPED or TIMED_OUT '
      + '(project-name project-build-dev, project-test-dev or project-release-dev)',
    '- the 10 alarms above that roll back',
    '- alarm-unavailable-staging-dev: more than 0 answers of 503 by the load balancer in 2 of 3 minutes',
    '- alarm-no-healthy-task-staging-dev: less than 1 healthy tasks, or no data, for all of 2 target groups '
      + 'for 3 consecutive minutes',
    '- alarm-alerts-undelivered-dev: more than 0 messages that EventBridge could not deliver for any of 8 rules '
      + 'in 1 of 3 periods of 5 minutes',
    'topic-approval-staging-dev goes to oncall@example.com by e-mail: - the approval request of the stage ApproveStaging',
    'dashboard-dev-us-east-1 shows "Build time"',
    'topic-deployments-dev goes to nobody:',
  ]],
  ['roles with their deny, their conditions and the permissions from resource policies', roles, smallest, [
    'role-task-staging-dev-us-east-1 Runs the application in staging. Assumed by ecs-tasks.amazonaws.com. MAY do nothing in AWS',
    'Assumed by codedeploy.amazonaws.com. NEVER ec2: TerminateInstances *',
    '13 roles with an explicit deny of ec2:TerminateInstances.',
    'only if iam:PassedToService is ecs.amazonaws.com or ecs-tasks.amazonaws.com',
    '(by the policy of cache-build-dev-<account>-us-east-1)',
    // Logins to ECR by two execution roles and two projects, two tokens of ECR Public for one of them; both environments describe load
    // balancers and register.
    '11 Allow statements on Resource "*", for these actions: ecr-public:GetAuthorizationToken, ecr:GetAuthorizationToken, ecs:DescribeTaskDefinition, ecs:RegisterTaskDefinition, '
      + 'elasticloadbalancing:DescribeListeners, elasticloadbalancing:DescribeRules, '
      + 'elasticloadbalancing:DescribeTargetGroups, sts:GetServiceBearerToken.',
  ]],
  ['a permission of one environment only', roles,
    templateWith(taskPolicies('sqs:SendMessage', 'arn:aws:sqs:us-east-1:222222222222:orders')), [
      'Runs the application in staging. Assumed by ecs-tasks.amazonaws.com. MAY do nothing in AWS',
      'Runs the application in production. Assumed by ecs-tasks.amazonaws.com. '
        + 'MAY sqs: SendMessage arn:aws:sqs:us-east-1:222222222222:orders',
    ]],
  ['one more wildcard', roles, templateWith(taskPolicies('s3:*', '*')), [
    '12 Allow statements on Resource "*"', 'elasticloadbalancing:DescribeTargetGroups, s3:*, sts:GetServiceBearerToken.',
  ]],
  ['what AWS leaves behind', removal, smallest, [
    'are deleted with the stack, and none is retained.',
    'Emptied first: cache-build-dev-<account>-us-east-1, artifacts-dev-<account>-us-east-1 and repository-dev.',
    'This stays: - the log group /aws/lambda/Storefront-CustomS3AutoDeleteObjects',
    ', which Lambda creates itself - in the list of ECS',
  ]],
  ['the retained and the protected resources', removal, templateWith(production({}), ({ deployments }) => {
    deployments.production.logGroup.applyRemovalPolicy(RemovalPolicy.RETAIN);
    deployments.production.loadBalancer.setAttribute('deletion_protection.enabled', 'true');
  }), ['and 1 retained: logs-service-production-dev.', 'Protected against deletion: alb-production-dev.']],
  ['the idle bill', cost, smallest, [
    // 730 hours: NAT 32.85 + its address 3.65 + two load balancers 32.85 + their four addresses 14.60 + three small
    // tasks of 730 * (0.25 * 0.04048 + 0.5 * 0.004445) = 9.01 + a secret 0.40 + 24 metrics beyond the free ones 2.40.
    'Idle, per month $113.78',
    'Fargate for service-production-dev 2 tasks of 0.25 vCPU and 0.5 GB $18.02',
    '15 alarms on 34 metrics 34 x $0.10, the first 10 free $2.40',
    // Ten metrics of 0.10 and one dashboard of 3.00.
    'An account that has used up its free alarms and dashboards pays $4.00 more.',
    // 2 minutes in staging, 5 + 10 in production, at 0.002.
    'A release waits at least 2 minutes in staging and 15 minutes in production: $0.03.',
  ]],
  ['tasks at the size of releases, and before the first one', cost,
    templateWith(both({ cpu: 1024, memoryLimitMiB: 2048, taskCount: 3, maxTaskCount: 10 })), [
      // 730 * (0.04048 + 2 * 0.004445) = 36.04 a task; before, 9.01.
      '3 tasks of 1 vCPU and 2 GB $108.12',
      'before the first one its tasks have 0.25 vCPU and 0.5 GB and cost $27.03; '
        + 'under load up to 10 tasks, $360.40 for a whole month.',
      // As above without 18.02 for two small tasks, and with 0.20 for the two alarms that scaling makes.
      'Idle, per month $204.08',
      '17 alarms on 36 metrics 36 x $0.10, the first 10 free $2.60',
    ]],
])('explain prints %s', (_, part, template, sentences) => {
  const text = printed(part, read(template));

  expect(sentences.filter((sentence) => !text.includes(sentence)).map((sentence) => [sentence, text])).toEqual([]);
  expect(text).not.toContain('hidden');
});

test('explain reports protections that were removed from a template by hand', () => {
  const template = templateWith(production({}));
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::CodeDeploy::DeploymentGroup') {
      Properties.AutoRollbackConfiguration = { Enabled: false };
      Properties.AlarmConfiguration = { Enabled: false };
    }
    if (Properties?.RoleName?.startsWith('role-codedeploy-production')) {
      Properties.Policies = Properties.Policies.filter((policy: { PolicyName: string }) => !policy.PolicyName.includes('deny'));
    }
  }

  expect(printed(rollback, read(template))).toBe('production A deployment never rolls back automatically. '
    + 'The old tasks are kept for 10 minutes after the shift; until then a rollback only moves traffic back.');
  expect(printed(roles, read(template))).toContain('Shifts traffic and replaces tasks in production. '
    + 'Assumed by codedeploy.amazonaws.com. MAY ecs: DescribeServices,');
  expect(printed(roles, read(template))).toContain('7 roles with an explicit deny of ec2:TerminateInstances.');
});

test('a value of an unexpected type is printed as JSON', () => {
  const odd = { Odd: ['type'] };
  const keys = ['BranchName', 'Description', 'Endpoint', 'Image', 'aws:SourceAccount'];
  const json = JSON.parse(JSON.stringify(smallest), (key, value: unknown) => (keys.includes(key) ? odd : value)) as SynthesisedTemplate;
  const [project] = Object.values(json.Resources).filter(({ Type }) => Type === 'AWS::CodeBuild::Project');
  project.Properties.Source.BuildSpec = JSON.stringify({ phases: { build: { commands: [odd] } } });
  const stack = { path: 'Storefront', template: read({ ...json, Description: odd } as never), templateBytes: 1, annotations: [] };
  const text = [explainReport(stack), permissionsReport(stack)].flatMap((report) => reportLines(report!)).join(' ').replace(/\s+/g, ' ');

  for (const sentence of ['The branch {"Odd":["type"]} of', 'Runs one command: {"Odd":["type"]}', 'aws:SourceAccount is {"Odd":["type"]}']) {
    expect(text).toContain(sentence);
  }
  expect(text).not.toContain('[object');
});

test('a role with only the name or only the description of a library role is not treated as one', () => {
  const ours = (template: SynthesisedTemplate) => permissionsOf(read(template)).roles
    .filter(({ fromLibrary }) => fromLibrary).map(({ name }) => name);
  const alike = templateWith({}, (pipeline) => [
    ['role-task-qa-dev-us-east-1', 'Runs the tasks of qa'], ['role-reports-dev-us-east-1', 'Runs the application in staging'], ['mine', 'Runs the application in qa'],
  ].forEach(([roleName, description]) => new iam.Role(Stack.of(pipeline), roleName, {
    roleName, description, assumedBy: new iam.AccountRootPrincipal(),
  })));

  expect(ours(smallest)).toHaveLength(24);
  expect(ours(alike)).toEqual(ours(smallest));
});

test('the bill has no public addresses for an internal load balancer, and names a region without prices', () => {
  expect(printed(cost, read(templateWith(production({ loadBalancer: { internetFacing: false } }))))).not.toContain('public IPv4 address');
  expect(printed(cost, read(smallest, 'eu-west-1'))).toContain('This stack goes to eu-west-1, where prices differ.');
});
