import { actionStarts, arn, artifact, bucketArn, Call, CalledEnvironment, CalledPipeline, DOCS, imagePull, logStream, onBehalf, PAGES, roleArn, service } from './called';
import { Principal } from './evaluate';

function passedRoles(pipeline: CalledPipeline, name: string): string[] {
  return [roleArn(pipeline, `task-${name}`), roleArn(pipeline, `execution-${name}`)];
}

export function deployActionCalls(pipeline: CalledPipeline, { name, deploymentConfig }: CalledEnvironment): Call[] {
  const by: Principal = { role: roleArn(pipeline, `deploy-${name}`) };
  const when = 'Deploy';
  const own = `${name}-${pipeline.suffix}`;
  const release = [artifact(pipeline, 'Release')];
  return [
    actionStarts(pipeline, when, `deploy-${name}`),
    {
      by,
      when,
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [bucketArn(pipeline, 'artifacts')],
      why: 'looks at the bucket of the artifacts',
      source: PAGES.pipelineRole,
    },
    {
      by,
      when,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: release,
      why: 'reads the task definition, the appspec and the digest',
      source: PAGES.deployAction,
    },
    {
      by,
      when,
      actions: ['ecs:RegisterTaskDefinition'],
      resources: [arn(pipeline, 'ecs', `task-definition/task-${own}:*`)],
      why: 'registers the task definition with the new image',
      source: PAGES.deployAction,
    },
    {
      by,
      when,
      actions: ['ecs:TagResource'],
      resources: [arn(pipeline, 'ecs', `task-definition/task-${own}:7`)],
      context: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
      why: 'gives it the tags of the stack',
      source: PAGES.tagTaskDefinition,
    },
    ...['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'].map((passedTo): Call => ({
      by,
      when,
      actions: ['iam:PassRole'],
      resources: passedRoles(pipeline, name),
      context: { 'iam:PassedToService': passedTo },
      why: 'names the two roles of the task in it',
      source: PAGES.deployAction,
    })),
    {
      by,
      when,
      actions: ['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      resources: [arn(pipeline, 'codedeploy', `application:application-${own}`)],
      why: 'hands the appspec to CodeDeploy',
      source: PAGES.deployAction,
    },
    {
      by,
      when,
      actions: ['codedeploy:GetDeploymentConfig'],
      resources: [arn(pipeline, 'codedeploy', `deploymentconfig:${deploymentConfig}`)],
      why: 'looks how traffic shifts',
      source: PAGES.deployAction,
    },
    {
      by,
      when,
      actions: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
      resources: [arn(pipeline, 'codedeploy', `deploymentgroup:application-${own}/deployment-group-${own}`)],
      why: 'starts the deployment and waits for it',
      source: PAGES.deployAction,
    },
  ];
}

export function shiftCalls(pipeline: CalledPipeline, { name, listeners, hooks, smokeTest }: CalledEnvironment): Call[] {
  const by: Principal = { role: roleArn(pipeline, `codedeploy-${name}`) };
  const own = `${name}-${pipeline.suffix}`;
  const cluster = `cluster-${own}/service-${own}`;
  const functions = [...hooks, ...(smokeTest === undefined ? [] : [`function-smoke-${own}`])];
  const group = arn(pipeline, 'codedeploy', `deploymentgroup:application-${own}/deployment-group-${own}`);
  return [
    {
      by: service('codedeploy'),
      when: 'Shift',
      actions: ['sts:AssumeRole'],
      resources: [roleArn(pipeline, `codedeploy-${name}`)],
      context: onBehalf(pipeline, group),
      why: 'runs the deployment',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift',
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [artifact(pipeline, 'Release')],
      why: 'reads the revision where it lies in the bucket',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift',
      actions: ['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'],
      resources: [arn(pipeline, 'ecs', `service/${cluster}`)],
      why: 'watches the service, and makes the new tasks its primary ones',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift, rollback',
      actions: ['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'],
      resources: [arn(pipeline, 'ecs', `task-set/${cluster}/ecs-svc/0123456789`)],
      why: 'starts the new tasks; stops the old ones, or the new ones when it turns back',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift',
      actions: ['iam:PassRole'],
      resources: passedRoles(pipeline, name),
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      why: 'starts the new tasks with their two roles',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift',
      resources: ['*'],
      why: 'looks where the listeners point',
      source: PAGES.codeDeployRole,
      actions: ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTargetGroups'],
    },
    {
      by,
      when: 'Shift, rollback',
      actions: ['elasticloadbalancing:ModifyListener'],
      resources: listeners,
      why: 'shifts test traffic and production traffic, and back',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift, rollback',
      actions: ['elasticloadbalancing:ModifyRule'],
      resources: listeners.map((listener) => `${listener.replace(':listener/', ':listener-rule/')}/0123456789abcdef`),
      why: 'does the same for rules of the listeners',
      source: PAGES.codeDeployRole,
    },
    {
      by,
      when: 'Shift',
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['errors-blue', 'errors-green', 'unhealthy-blue', 'unhealthy-green'].map((alarm) => arn(pipeline, 'cloudwatch', `alarm:alarm-${alarm}-${own}`)),
      why: 'turns back when an alarm is on',
      source: PAGES.codeDeployRole,
    },
    ...functions.map((name_): Call => ({
      by,
      when: 'Shift',
      actions: ['lambda:InvokeFunction'],
      resources: [arn(pipeline, 'lambda', `function:${name_}`)],
      why: 'calls the smoke test and the hooks at their events',
      source: PAGES.codeDeployRole,
    })),
  ];
}

export function hookCalls(pipeline: CalledPipeline, { name, hooks, smokeTest }: CalledEnvironment): Call[] {
  const own = `${name}-${pipeline.suffix}`;
  const reports = (role: string): Call => ({
    by: { role },
    when: 'Shift',
    actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
    resources: [arn(pipeline, 'codedeploy', `deploymentgroup:application-${own}/deployment-group-${own}`)],
    why: 'tells CodeDeploy how the test went',
    source: PAGES.hook,
  });
  const smoke = roleArn(pipeline, `smoke-${name}`);
  return [
    ...hooks.map((hook) => reports(`arn:${pipeline.partition}:iam::${pipeline.account}:role/${hook}`)),
    ...(smokeTest === undefined ? [] : [
      reports(smoke),
      { by: service('lambda'), when: 'Shift', actions: ['sts:AssumeRole'], resources: [smoke], why: 'runs the function', source: PAGES.lambdaNetwork },
      {
        by: { role: smoke },
        when: 'Shift',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logStream(pipeline, `smoke-${name}`)],
        why: 'writes the log',
        source: PAGES.lambdaLogs,
      },
      {
        by: { role: smoke },
        when: 'Shift',
        actions: ['ec2:DescribeNetworkInterfaces'],
        resources: ['*'],
        context: { 'lambda:SourceFunctionArn': arn(pipeline, 'lambda', `function:function-smoke-${own}`) },
        why: 'finds the private addresses of the load balancer',
        source: `${DOCS}/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html`,
      },
      {
        by: { role: smoke },
        when: 'cdk deploy',
        actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
        resources: ['*'],
        why: 'Lambda puts the function into the network',
        source: PAGES.lambdaNetwork,
      },
      {
        by: { role: smoke },
        when: 'cdk deploy',
        actions: ['ec2:CreateNetworkInterface'],
        why: 'Lambda puts the function into the network',
        source: PAGES.lambdaNetwork,
        resources: [
          ...smokeTest.subnets.map((subnet) => arn(pipeline, 'ec2', `subnet/${subnet}`)),
          arn(pipeline, 'ec2', `security-group/${smokeTest.securityGroup}`), arn(pipeline, 'ec2', 'network-interface/eni-0123456789abcdef0'),
        ],
      },
      {
        by: { role: smoke },
        when: 'cdk deploy, cdk destroy',
        resources: [arn(pipeline, 'ec2', 'network-interface/eni-0123456789abcdef0')],
        actions: ['ec2:AssignPrivateIpAddresses', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
        why: 'Lambda manages the network interfaces of the function',
        source: PAGES.lambdaNetwork,
      },
    ] satisfies Call[]),
  ];
}

export function taskCalls(pipeline: CalledPipeline, { name, secrets, parameters }: CalledEnvironment): Call[] {
  const by: Principal = { role: roleArn(pipeline, `execution-${name}`) };
  const when = 'Start of a task';
  const tasks = onBehalf(pipeline, arn(pipeline, 'ecs', `task/cluster-${name}-${pipeline.suffix}/0123456789`));
  return [
    ...passedRoles(pipeline, name).map((role): Call => ({
      by: service('ecs-tasks'),
      when,
      actions: ['sts:AssumeRole'],
      resources: [role],
      context: tasks,
      why: 'starts the task, and gives the application its role',
      source: `${DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html`,
    })),
    ...imagePull(pipeline, by, when, `repository-${pipeline.suffix}`, 'pulls the image'),
    {
      by,
      when,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logStream(pipeline, `service-${name}`)],
      why: 'writes the log of the container',
      source: PAGES.executionRole,
    },
    ...secrets.map((secret): Call => ({
      by, when, actions: ['secretsmanager:GetSecretValue'], resources: [secret], why: 'gives the container its secrets', source: PAGES.taskSecrets,
    })),
    ...parameters.map((parameter): Call => ({
      by, when, actions: ['ssm:GetParameters'], resources: [parameter], why: 'gives the container its secrets', source: PAGES.taskSecrets,
    })),
  ];
}
