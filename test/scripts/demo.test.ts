import { spawnSync } from 'child_process';
import { join } from 'path';
import {
  aws_certificatemanager as acm, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_iam as iam, aws_secretsmanager as secretsmanager, Duration,
  RemovalPolicy, Stack,
} from 'aws-cdk-lib';
import { cost } from '../../scripts/demo/cost';
import { duration, WIDTH, wrapped } from '../../scripts/demo/layout';
import { messages } from '../../scripts/demo/messages';
import { removal } from '../../scripts/demo/removal';
import { report } from '../../scripts/demo/report';
import { road } from '../../scripts/demo/road';
import { roles } from '../../scripts/demo/roles';
import { rollback } from '../../scripts/demo/rollback';
import { running } from '../../scripts/demo/running';
import { Template } from '../../scripts/demo/template';
import { BlueGreenFargatePipelineProps, BuildSteps, PipelineEnvironment, TrafficShift } from '../../src';
import { newStack, pipelineIn, SynthesisedTemplate, templateOf } from '../helpers/synthesis';

const DESTINATION = { stackName: 'Storefront', region: 'us-east-1' };

/** A part of the report on one line, so that a test does not depend on where lines break. */
function told(part: (template: Template) => string[], template: SynthesisedTemplate): string {
  return part(new Template(template, DESTINATION)).join(' ').replace(/\s+/g, ' ');
}

function templateWith(props: Partial<BlueGreenFargatePipelineProps> = {}, change: (stack: Stack) => void = () => undefined): SynthesisedTemplate {
  const stack = newStack();
  pipelineIn(stack, props);
  change(stack);
  return templateOf(stack);
}

/** One environment, changed as a test wants it. */
function production(options: Partial<PipelineEnvironment>): Partial<BlueGreenFargatePipelineProps> {
  return { environments: [{ name: 'production', ...options }] };
}

const smallest = templateWith();

describe('the road', () => {
  test('says where the source comes from', () => {
    expect(told(road, smallest)).toContain('The branch main of acme/storefront. A push starts an execution. Read through the connection '
      + '6a5e4b1c-1f0e-4c53-9b1c-1d2f3a4b5c6d of account 111111111111 in us-east-1.');
  });

  test('says what the build makes, on which machine, how long it may take and how long its cache lives', () => {
    const text = told(road, smallest);

    expect(text).toContain('on BUILD_GENERAL1_SMALL (the smallest machine, 2 vCPU and 4 GiB), in privileged mode, which Docker needs.');
    expect(text).toContain('Builds an image from Dockerfile with the context . and pushes it to repository-dev. '
      + 'Its tags are immutable, images are scanned on push, the last 100 are kept.');
    expect(text).toContain('Secret variables: REGISTRY_SERVER, REGISTRY_USERNAME and REGISTRY_PASSWORD, read from registry-credentials-dev.');
    expect(text).toContain('Keeps its cache in cache-build-dev-<account>-us-east-1/build, each entry for 7 days.');
    expect(text).toContain('Stopped after 30 minutes');
  });

  test('says what the test stage tries', () => {
    expect(told(road, templateWith({ containerPort: 3000, healthCheckPath: '/up' })))
      .toContain('Starts the image that was just built, and fails unless http://127.0.0.1:3000/up answers 200.');
    expect(told(road, templateWith({ testSteps: BuildSteps.commands(['npm test']) }))).toContain('Runs one command: npm test');
  });

  test('says who is asked, what and for how long', () => {
    const text = told(road, templateWith({ approverEmails: ['ann@example.com', 'bob@example.com'] }));

    expect(text).toContain('4 ApproveStaging Asks ann@example.com and bob@example.com by e-mail; fails without an answer in 7 days.');
    expect(text).toContain('"Deploy commit #{Source.CommitId} to staging?');
    expect(text).toContain('No role gets the permission to answer here');
  });

  test('names the roles that may answer, for their own environment only', () => {
    const stack = newStack();
    const lead = new iam.Role(stack, 'Lead', { roleName: 'lead', assumedBy: new iam.AccountRootPrincipal() });
    pipelineIn(stack, { environments: [{ name: 'staging' }, { name: 'production', approverRoles: [lead] }] });
    const [staging, last] = told(road, templateOf(stack)).split('DeployStaging');

    expect(staging).toContain('No role gets the permission to answer here');
    expect(last).toContain('lead may answer here.');
  });

  test.each([
    [undefined, 'moves all traffic at once', 'staging'],
    [undefined, 'moves 10 % of the traffic, and the rest after 5 minutes', 'production'],
    [TrafficShift.linear({ percentage: 10, interval: Duration.minutes(1) }), 'moves 10 % of the traffic every minute', 'production'],
    [TrafficShift.canary({ percentage: 20, interval: Duration.minutes(7) }), 'moves 20 % of the traffic, and the rest after 7 minutes', 'production'],
    [TrafficShift.linear({ percentage: 25, interval: Duration.minutes(2) }), 'moves 25 % of the traffic every 2 minutes', 'production'],
  ])('says how traffic moves (%#)', (trafficShift, sentence, name) => {
    const text = told(road, templateWith({ environments: [{ name: 'staging' }, { name: 'production', trafficShift }] }));

    expect(text.slice(text.indexOf(`service-${name}-dev`))).toMatch(new RegExp(`^service-${name}-dev, and once they are healthy ${sentence}\\.`));
  });
});

describe('what runs', () => {
  test('gives the size and the number of the tasks, and how they scale', () => {
    const text = told(running, templateWith({
      environments: [{ name: 'staging' }, { name: 'production', cpu: 1024, memoryLimitMiB: 2048, taskCount: 3, maxTaskCount: 9 }],
    }));

    expect(text).toContain('Tasks 1 task of 0.25 vCPU and 0.5 GB, a fixed number');
    expect(text).toContain('Tasks 3 tasks of 1 vCPU and 2 GB, from 3 to 9 to keep the average CPU use at 60 %');
    expect(text).toContain('public.ecr.aws/docker/library/node:22-alpine (0.25 vCPU and 0.5 GB) answers until the first release arrives');
  });

  test('shows the values of plain variables and the names of secret ones', () => {
    const stack = newStack();
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Given', 'the-name-of-the-secret');
    pipelineIn(stack, production({ containerEnvironment: { LEVEL: 'info' }, containerSecrets: { TOKEN: ecs.Secret.fromSecretsManager(secret) } }));
    const text = told(running, templateOf(stack));

    expect(text).toContain('variables LEVEL=info secrets TOKEN Health check');
    expect(text).not.toContain('the-name-of-the-secret');
  });

  test('gives the health check and how long logs are kept', () => {
    expect(told(running, templateWith({ healthCheckPath: '/up' })))
      .toContain('GET /up every 15 s must answer 200 within 5 s; healthy after 2 in a row, unhealthy after 3');
    expect(told(running, smallest)).toContain('Logs logs-service-staging-dev, kept 30 days');
  });

  test('says that the test listener is closed, and to whom it is open', () => {
    expect(told(running, smallest)).toContain('testers HTTP on port 9000, closed: no security group rule opens it');
    expect(told(running, templateWith(production({ testListenerCidrs: ['203.0.113.0/24'] })))).toContain('testers HTTP on port 9000, open to 203.0.113.0/24');
  });

  test('notices a listener that a user opened behind the back of the library', () => {
    const stack = newStack();
    const { deployments } = pipelineIn(stack, production({}));
    deployments.production.testListener.connections.allowDefaultPortFromAnyIpv4();

    expect(told(running, templateOf(stack))).toContain('testers HTTP on port 9000, open to everybody (0.0.0.0/0)');
  });

  test('says that tasks are reached through the load balancer alone', () => {
    expect(told(running, smallest)).toContain('Task access port 8080, open to security-group-alb-staging-dev; tasks may call out anywhere');
  });

  test('tells a certificate from plain HTTP, with the redirect', () => {
    const stack = newStack();
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/1');
    pipelineIn(stack, production({ certificate }));
    const text = told(running, templateOf(stack));

    expect(text).toMatch(/users HTTPS on port 443 \(ELBSecurityPolicy-\S+\), open to everybody \(0\.0\.0\.0\/0\)/);
    expect(text).toContain('also HTTP on port 80, open to everybody (0.0.0.0/0); redirects to HTTPS on port 443');
  });

  test('tells a load balancer inside the network from one on the Internet', () => {
    expect(told(running, templateWith(production({ publicLoadBalancer: false }))))
      .toMatch(/alb-production-dev, inside the network, in 2 subnets users HTTP on port 80, open to 10\.0\.0\.0\/16/);
    expect(told(running, smallest)).toContain('alb-production-dev, on the Internet, in 2 subnets');
  });
});

describe('rollback', () => {
  test('says what sets it off, each alarm in words, and how long the old tasks are kept', () => {
    const text = told(rollback, templateWith(production({
      rollbackErrorRate: 2, rollbackMinimumRequests: 50, terminationWaitTime: Duration.hours(1),
    })));

    expect(text).toContain('A deployment rolls back by itself when it fails, a person stops it or one of these alarms goes off.');
    expect(text).toContain('more than 2 % of requests are 5xx answers or refused connections, with at least 50 requests a minute, in 2 of 3 minutes: '
      + 'alarm-errors-blue-production-dev or alarm-errors-green-production-dev');
    expect(text).toContain('more than 0 unhealthy tasks in 3 of 10 minutes: alarm-unhealthy-blue-production-dev or alarm-unhealthy-green-production-dev');
    expect(text).toContain('The old tasks are kept for 1 hour after the shift');
  });

  test('notices that a rollback was switched off', () => {
    const template = templateWith(production({}));
    for (const resource of Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup')) {
      resource.Properties.AutoRollbackConfiguration = { Enabled: false };
      resource.Properties.AlarmConfiguration = { Enabled: false };
    }

    expect(told(rollback, template)).toBe('production A deployment never rolls back by itself. '
      + 'The old tasks are kept for 10 minutes after the shift; until then a rollback only moves traffic back.');
  });
});

describe('who hears of what', () => {
  test('lists what is mailed, and to whom', () => {
    const text = told(messages, templateWith({ notificationEmails: ['oncall@example.com'] }));

    expect(text).toContain('topic-alerts-dev goes to oncall@example.com by e-mail: '
      + '- rule-pipeline-failed-dev: an execution of the pipeline ends as FAILED (pipeline pipeline-dev)');
    expect(text).toContain('- rule-build-failed-dev: a build ends as FAILED or STOPPED (project-name project-build-dev or project-test-dev)');
    expect(text).toContain('- each of the 8 alarms that roll back, as said above');
    expect(text).toContain('- alarm-alerts-undelivered-dev: more than 0 alerts that EventBridge could not deliver in a period of 5 minutes');
    expect(text).toContain('topic-approval-staging-dev goes to oncall@example.com by e-mail: - the question of the stage ApproveStaging');
    expect(text).toMatch(/dashboard-dev-us-east-1 shows "Build time".*"Deployment success rate"/);
  });

  test('says that a topic has no subscribers', () => {
    expect(told(messages, smallest)).toContain('topic-deployments-dev goes to nobody:');
  });
});

describe('roles', () => {
  test('shows the roles of the environments once, where they differ in nothing but the environment', () => {
    const text = told(roles, smallest);

    expect(text).toContain('role-task-<environment>-dev-us-east-1 (alike for staging and production) '
      + 'The application in <environment>. Assumed by ecs-tasks.amazonaws.com. MAY do nothing in AWS');
    // Their traffic shifts differ, and so do the configurations that they may read.
    expect(text).toContain('role-deploy-staging-dev-us-east-1 Starts');
    expect(text).toContain('role-deploy-production-dev-us-east-1 Starts');
  });

  test('shows a role apart as soon as it may do more than its sister', () => {
    const taskPolicies = [new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:us-east-1:222222222222:orders'] })];
    const text = told(roles, templateWith({ environments: [{ name: 'staging' }, { name: 'production', taskPolicies }] }));

    expect(text).toContain('role-task-staging-dev-us-east-1 The application in staging. Assumed by ecs-tasks.amazonaws.com. MAY do nothing in AWS');
    expect(text).toContain('role-task-production-dev-us-east-1 The application in production. Assumed by ecs-tasks.amazonaws.com. '
      + 'MAY sqs: SendMessage arn:aws:sqs:us-east-1:222222222222:orders');
  });

  test('shows the deny of every role that deploys, and that one is gone', () => {
    expect(told(roles, smallest)).toContain('Assumed by codedeploy.amazonaws.com. NEVER ec2: TerminateInstances *');
    expect(told(roles, smallest)).toContain('5 roles with an explicit deny of ec2:TerminateInstances.');

    const changed = templateWith();
    const [role] = Object.values(changed.Resources).filter(({ Properties }) => Properties?.RoleName?.startsWith('role-codedeploy-staging'));
    role.Properties.Policies = role.Properties.Policies.filter(({ PolicyName }: { PolicyName: string }) => !PolicyName.includes('deny'));
    expect(told(roles, changed)).toContain('role-codedeploy-staging-dev-us-east-1 Shifts traffic and replaces tasks in staging. '
      + 'Assumed by codedeploy.amazonaws.com. MAY ecs: DescribeServices,');
    expect(told(roles, changed)).toContain('4 roles with an explicit deny of ec2:TerminateInstances.');
  });

  test('shows what a role may do only under a condition, and what a bucket lets a role do', () => {
    expect(told(roles, smallest)).toContain('only if iam:PassedToService is ecs.amazonaws.com or ecs-tasks.amazonaws.com');
    expect(told(roles, smallest)).toContain('(by the policy of cache-build-dev-<account>-us-east-1)');
  });

  test('counts what is allowed on every resource', () => {
    // Logins to ECR by two execution roles and two projects; each environment describes load balancers and registers task definitions.
    expect(told(roles, smallest)).toContain('8 Allow statements on Resource "*", for these actions: ecr:GetAuthorizationToken, ecs:RegisterTaskDefinition, '
      + 'elasticloadbalancing:DescribeListeners, elasticloadbalancing:DescribeRules, elasticloadbalancing:DescribeTargetGroups.');

    const taskPolicies = [new iam.PolicyStatement({ actions: ['s3:*'], resources: ['*'] })];
    const text = told(roles, templateWith({ environments: [{ name: 'staging' }, { name: 'production', taskPolicies }] }));
    expect(text).toContain('9 Allow statements on Resource "*"');
    expect(text).toContain('elasticloadbalancing:DescribeTargetGroups, s3:*.');
  });
});

describe('what is left', () => {
  test('names what AWS makes for itself, and nothing else', () => {
    const text = told(removal, smallest);

    expect(text).toMatch(/^(\d+) resources of \1 are deleted with the stack, and none is retained\./);
    expect(text).toContain('Emptied first: cache-build-dev-<account>-us-east-1, artifacts-dev-<account>-us-east-1 and repository-dev.');
    expect(text).toMatch(/This stays: - the log group \/aws\/lambda\/Storefront-CustomS3AutoDeleteObjects\S+, which Lambda makes for itself - in the list of ECS/);
  });

  test('notices what is retained or protected', () => {
    const stack = newStack();
    const { deployments } = pipelineIn(stack, production({}));
    deployments.production.logGroup.applyRemovalPolicy(RemovalPolicy.RETAIN);
    deployments.production.loadBalancer.setAttribute('deletion_protection.enabled', 'true');
    const text = told(removal, templateOf(stack));

    expect(text).toContain('and 1 retained: logs-service-production-dev.');
    expect(text).toContain('Protected against deletion: alb-production-dev.');
  });
});

describe('cost', () => {
  test('adds up what an idle month of the smallest program costs', () => {
    const text = told(cost, smallest);

    // 730 hours: NAT 32.85 + its address 3.65 + two load balancers 32.85 + their four addresses 14.60 + three small tasks of
    // 730 * (0.25 * 0.04048 + 0.5 * 0.004445) = 9.01 + a secret 0.40 + nine alarm metrics beyond the ten free ones 0.90.
    expect(text).toContain('Idle, per month $112.28');
    expect(text).toContain('Fargate for service-production-dev 2 tasks of 0.25 vCPU and 0.5 GB $18.02');
    expect(text).toContain('9 alarms on 19 metrics 19 x $0.10, the first 10 free $0.90');
    // Ten metrics of 0.10 and one dashboard of 3.00.
    expect(text).toContain('An account that has used up its free alarms and dashboards pays $4.00 more.');
    // 10 minutes in staging, 5 + 10 in production, at 0.002.
    expect(text).toContain('A release waits at least 10 minutes in staging and 15 minutes in production: $0.05.');
  });

  test('counts tasks at the size of the releases, and says what they cost before the first one', () => {
    const text = told(cost, templateWith({
      environments: [{ name: 'staging' }, { name: 'production', cpu: 1024, memoryLimitMiB: 2048, taskCount: 3, maxTaskCount: 10 }],
    }));

    // 730 * (0.04048 + 2 * 0.004445) = 36.04 a task; before, 9.01.
    expect(text).toContain('3 tasks of 1 vCPU and 2 GB $108.12');
    expect(text).toContain('before the first one its tasks have 0.25 vCPU and 0.5 GB and cost $27.03; '
      + 'under load up to 10 tasks, $360.40 for a whole month.');
    // As above without 18.02 for two small tasks, and with 0.20 for the two alarms that scaling makes.
    expect(text).toContain('Idle, per month $202.58');
    expect(text).toContain('11 alarms on 21 metrics 21 x $0.10, the first 10 free $1.10');
  });

  test('knows no public addresses of a load balancer inside the network', () => {
    const template = templateWith(production({ publicLoadBalancer: false }));

    expect(told(cost, template)).not.toContain('public IPv4 address');
    expect(Object.values(template.Resources).filter(({ Type }) => Type === elbv2.CfnLoadBalancer.CFN_RESOURCE_TYPE_NAME)).toHaveLength(1);
  });

  test('warns where its prices do not hold', () => {
    const template = new Template(smallest, { stackName: 'Storefront', region: 'eu-west-1' });

    expect(cost(template).join(' ').replace(/\s+/g, ' ')).toContain('This stack goes to eu-west-1, where prices differ.');
  });
});

describe('the report', () => {
  const of = (template: SynthesisedTemplate) => report({
    template: new Template(template, DESTINATION), templateBytes: 171541, findings: ['W1: look here'], warnings: ['staging answers over HTTP'],
  });

  test('begins with what a reader of ten lines must not miss', () => {
    const [top] = of(smallest).split('THE ROAD');

    expect(top).toContain('Storefront in us-east-1');
    expect(top).toContain('in a template of 172 kB');
    expect(top.replace(/\s+/g, ' ')).toContain('with their errors switched on: 1 finding. - W1: look here');
    expect(top).toContain('- staging answers over HTTP');
    expect(top).toContain('about $112 a month');
  });

  test('fits its page, and leaves nothing of the template untranslated', () => {
    const text = of(smallest);

    expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN|\[object|\{"|Fn::|AWS::/);
  });
});

describe('layout', () => {
  test('breaks lines between words, and names that are too long after a slash or a colon', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapped('a task-set/cluster/service', 12)).toEqual(['a task-set/', 'cluster/', 'service']);
    expect(wrapped('unbreakable', 4)).toEqual(['unbreakable']);
  });

  test.each([[1, '1 minute'], [90, '90 minutes'], [120, '2 hours'], [10080, '7 days'], [0, '0 minutes']])('%d minutes are %s', (minutes, words) => {
    expect(duration(minutes)).toBe(words);
  });
});

describe('npm run demo', () => {
  const root = join(__dirname, '..', '..');
  const demo = (...args: string[]) => spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(root, 'scripts', 'demo.ts'), ...args], {
    cwd: root, encoding: 'utf8', env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.dev.json') },
  });

  test('synthesises the example with the CDK CLI and a value of the user, validates it and tells what it would deploy', () => {
    const { status, stdout } = demo('-c', 'environmentSuffix=qa');

    expect(status).toBe(0);
    expect(stdout).toContain('storefront-qa in us-east-1');
    expect(stdout).toContain('with their errors switched on: 0 findings.');
    expect(stdout).toContain('GET /healthz');
    expect(stdout).toContain('\n  environmentSuffix=qa\n');
    expect(stdout).not.toContain(root);
  }, 120_000);

  test('fails with the reason when the example cannot be synthesised', () => {
    const { status, stdout, stderr } = demo('--context', 'repository=storefront');

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('the example could not be synthesised');
    expect(stderr).toContain('repository');
  }, 120_000);

  test.each([
    [['-c', 'environmentSuffix'], '"-c" must be followed by key=value, got "environmentSuffix"'],
    [['--quiet'], "Unknown option '--quiet'"],
  ])('fails on arguments that it does not understand: %j', (args, message) => {
    const { status, stderr } = demo(...args);

    expect(status).toBe(1);
    expect(stderr).toContain(message);
  }, 30_000);
});
