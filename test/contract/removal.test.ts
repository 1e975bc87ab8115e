import { allPrograms, pipelinePrograms, SMOKE_TESTED } from '../helpers/programs';
import { kept, STATEFUL } from '../helpers/promises';
import { Resource, resources } from '../helpers/synthesis';
import { all, identityStatements, idOf, listOf, propertiesOf, releasedTaskDefinitions, waitsFor } from '../helpers/templates';

/** Every type with data of its own that CloudFormation knows a policy for; none but those above may be in a program. */
const OTHER_STATEFUL = /^AWS::(RDS|DynamoDB|EFS|KMS|Cognito|OpenSearchService|Kinesis|SQS|SSM|Backup|ElastiCache|Neptune|Redshift|DocDB)::/;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

describe.each(allPrograms())('$name', ({ template, stack, suffix, given }) => {
  const every = Object.entries(template.Resources);
  const groupOf = (value: unknown): Resource['Properties'] => propertiesOf(template, idOf(value), 'AWS::Logs::LogGroup');

  test('promise 35: nothing is kept when the stack goes, and everything with data says so', () => {
    expect(kept(template)).toEqual([]);
  });

  test('promise 35: the program has the kinds of data that are known here, and no other', () => {
    const stateful = every.filter(([, { Type }]) => STATEFUL.includes(Type));

    expect(new Set(stateful.map(([, { Type }]) => Type))).toEqual(new Set(
      STATEFUL.filter((type) => type !== 'AWS::ECR::Repository' || Object.keys(resources(template, type)).length > 0)));
    expect(every.filter(([, { Type }]) => OTHER_STATEFUL.test(Type))).toEqual([]);
  });

  test('promise 35: every bucket is emptied before it is deleted', () => {
    const emptied = all(template, 'Custom::S3AutoDeleteObjects').map(([, { BucketName }]) => idOf(BucketName));

    expect(emptied.sort()).toEqual(all(template, 'AWS::S3::Bucket').map(([id]) => id).sort());
  });

  test('promise 35: every repository is emptied, and every load balancer and the stack can be deleted', () => {
    for (const { Properties } of Object.values(resources(template, 'AWS::ECR::Repository'))) {
      expect(Properties.EmptyOnDelete).toBe(true);
    }
    for (const [, { LoadBalancerAttributes }] of all(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')) {
      expect(LoadBalancerAttributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'false' });
    }
    expect(stack.terminationProtection).toBe(false);
    expect(every.filter(([, { Properties }]) => JSON.stringify(Properties ?? {}).includes('"DeletionProtection'))).toEqual([]);
  });

  test('promise 36: every build logs to a group of the program, and nowhere else', () => {
    for (const [, { LogsConfig }] of all(template, 'AWS::CodeBuild::Project')) {
      expect(LogsConfig.CloudWatchLogs.Status).toBe('ENABLED');
      expect(groupOf(LogsConfig.CloudWatchLogs.GroupName).RetentionInDays).toBe(30);
      expect(LogsConfig.S3Logs?.Status ?? 'DISABLED').toBe('DISABLED');
    }
  });

  test('promise 36: every container of every task definition logs to a group of the program', () => {
    for (const [, { ContainerDefinitions }] of all(template, 'AWS::ECS::TaskDefinition')) {
      for (const { LogConfiguration } of ContainerDefinitions as Resource['Properties'][]) {
        expect(LogConfiguration.LogDriver).toBe('awslogs');
        expect(groupOf(LogConfiguration.Options['awslogs-group']).RetentionInDays).toBe(30);
        expect(LogConfiguration.Options).not.toHaveProperty('awslogs-create-group');
      }
    }
  });

  test('promise 36: no cluster makes log groups of its own', () => {
    for (const [, cluster] of all(template, 'AWS::ECS::Cluster')) {
      expect(cluster.ClusterSettings).toEqual([{ Name: 'containerInsights', Value: 'disabled' }]);
      expect(cluster.Configuration?.ExecuteCommandConfiguration).toBeUndefined();
    }
    for (const [, service] of all(template, 'AWS::ECS::Service')) {
      expect(service.EnableExecuteCommand ?? false).toBe(false);
    }
  });

  test('promise 36: the one function that leaves a log group behind is the helper that empties buckets', () => {
    const functions = all(template, 'AWS::Lambda::Function').filter(([id]) => !given.includes(id));
    const logless = functions.filter(([, { LoggingConfig }]) => LoggingConfig?.LogGroup === undefined).map(([id]) => id);
    const custom = every.map(([, { Type }]) => Type).filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::CloudFormation::'));

    expect(logless).toEqual([expect.stringMatching(/^CustomS3AutoDeleteObjectsCustomResourceProviderHandler/)]);
    expect(functions.length - logless.length).toBe(suffix === 'shop' ? SMOKE_TESTED.length : 0);
    expect(new Set(custom)).toEqual(new Set(['Custom::S3AutoDeleteObjects']));
  });

  test('promise 36: a smoke test logs to a group of the program, which a late call cannot make anew', () => {
    for (const [, { LoggingConfig, Role, FunctionName }] of all(template, 'AWS::Lambda::Function').filter(([, properties]) => properties.FunctionName)) {
      const logActions = identityStatements(template).filter(([id]) => id === idOf(Role)).flatMap(([, { Action }]) => listOf(Action))
        .filter((action) => action.startsWith('logs:'));

      expect(groupOf(LoggingConfig.LogGroup).LogGroupName).toBe(String(FunctionName).replace('function-', 'logs-'));
      expect(logActions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    }
  });

  test('promise 37: a smoke test goes before the permissions that its network interfaces need, and before its security group and log group', () => {
    for (const [id, { LoggingConfig, Role, VpcConfig }] of all(template, 'AWS::Lambda::Function').filter(([, properties]) => properties.FunctionName)) {
      expect([...waitsFor(template, id)]).toEqual(expect.arrayContaining([LoggingConfig.LogGroup, Role, ...VpcConfig.SecurityGroupIds].map(idOf)));
    }
  });

  test('promise 36: no other kind of resource that writes logs is in the program', () => {
    const writers = /^AWS::(EC2::FlowLog|ApiGateway|ApiGatewayV2|StepFunctions|Route53|WAFv2|SSM|Synthetics|Lambda::EventSourceMapping)/;

    expect(every.filter(([, { Type }]) => writers.test(Type))).toEqual([]);
    expect(every.filter(([, { Properties }]) => Properties?.CloudWatchLogsLogGroupArn !== undefined)).toEqual([]);
  });

  test('promise 36: reports are kept in their group alone, which takes them with it', () => {
    for (const [, { Type, Properties }] of every) {
      if (Type === 'AWS::CodeBuild::ReportGroup') {
        expect(Properties).toMatchObject({ DeleteReports: true, ExportConfig: { ExportConfigType: 'NO_EXPORT' } });
      }
    }
  });

  test('promise 37: a bucket is emptied before its policy, which lets the helper in, is deleted', () => {
    for (const [id, { BucketName }] of all(template, 'Custom::S3AutoDeleteObjects')) {
      const bucket = idOf(BucketName);
      const [[policy]] = all(template, 'AWS::S3::BucketPolicy').filter(([, { Bucket }]) => idOf(Bucket) === bucket);

      expect([...waitsFor(template, id)]).toEqual(expect.arrayContaining([policy, bucket]));
    }
  });

  test('promise 37: a build project goes before its cache is emptied', () => {
    for (const [id, { Cache }] of all(template, 'AWS::CodeBuild::Project').filter(([, project]) => project.Cache.Type === 'S3')) {
      const [[emptying]] = all(template, 'Custom::S3AutoDeleteObjects').filter(([, { BucketName }]) => idOf(BucketName) === idOf(Cache.Location));

      expect([...waitsFor(template, id)]).toContain(emptying);
    }
  });

  test('promise 37: a service goes before its listeners, its target groups, its roles and its way out', () => {
    for (const [id, service] of all(template, 'AWS::ECS::Service')) {
      const before = waitsFor(template, id);
      const environmentName = String(service.ServiceName).split('-')[1];
      const [[, group]] = all(template, 'AWS::CodeDeploy::DeploymentGroup')
        .filter(([, { DeploymentGroupName }]) => String(DeploymentGroupName).split('-')[2] === environmentName);
      const [pair] = group.LoadBalancerInfo.TargetGroupPairInfoList as Resource['Properties'][];
      const needed = [
        ...pair.ProdTrafficRoute.ListenerArns as unknown[], ...pair.TestTrafficRoute.ListenerArns as unknown[],
        ...(pair.TargetGroups as { Name: unknown }[]).map(({ Name }) => Name), service.Cluster,
      ].map(idOf);
      const [[definition, { TaskRoleArn, ExecutionRoleArn }]] = all(template, 'AWS::ECS::TaskDefinition')
        .filter(([, { Family }]) => Family === service.TaskDefinition);

      expect([...before]).toEqual(expect.arrayContaining([...needed, definition, idOf(TaskRoleArn), idOf(ExecutionRoleArn)]));
      for (const subnet of service.NetworkConfiguration.AwsvpcConfiguration.Subnets as unknown[]) {
        if (typeof subnet === 'object') {
          const [[association, { RouteTableId }]] = all(template, 'AWS::EC2::SubnetRouteTableAssociation')
            .filter(([, { SubnetId }]) => idOf(SubnetId) === idOf(subnet));
          const [[route]] = all(template, 'AWS::EC2::Route').filter(([, properties]) => idOf(properties.RouteTableId) === idOf(RouteTableId));

          expect([...before]).toEqual(expect.arrayContaining([association, route]));
        }
      }
    }
  });

  test('promise 37: each listener goes before both target groups, whichever colour it shows by then', () => {
    for (const [, { LoadBalancerInfo }] of all(template, 'AWS::CodeDeploy::DeploymentGroup')) {
      const [pair] = LoadBalancerInfo.TargetGroupPairInfoList as Resource['Properties'][];
      const colours = (pair.TargetGroups as { Name: unknown }[]).map(({ Name }) => idOf(Name));

      for (const listener of [...pair.ProdTrafficRoute.ListenerArns as unknown[], ...pair.TestTrafficRoute.ListenerArns as unknown[]]) {
        expect([...waitsFor(template, idOf(listener))]).toEqual(expect.arrayContaining(colours));
      }
    }
  });

  test('promise 37: a deployment group goes before the service that it deploys to', () => {
    for (const [id, { ECSServices }] of all(template, 'AWS::CodeDeploy::DeploymentGroup')) {
      expect([...waitsFor(template, id)]).toContain(idOf(ECSServices[0].ServiceName));
    }
  });

  test('promise 38: every log group forgets after a number of days that CloudWatch knows', () => {
    const groups = all(template, 'AWS::Logs::LogGroup');

    for (const [id, { RetentionInDays }] of groups) {
      expect([id, RETENTION_DAYS.includes(RetentionInDays as number)]).toEqual([id, true]);
    }
    expect(given.filter((id) => groups.some(([group]) => group === id))).toEqual([]);
  });
});

describe.each(pipelinePrograms())('$name', ({ template }) => {
  test('promise 36: every released container logs to a group of the program', () => {
    const groups = all(template, 'AWS::Logs::LogGroup').map(([id]) => `\${${id}}`);

    for (const { containerDefinitions } of Object.values(releasedTaskDefinitions(template))) {
      for (const { logConfiguration } of containerDefinitions) {
        expect(groups).toContain(logConfiguration.options['awslogs-group']);
      }
    }
  });

  test('promise 37: the pipeline goes before its bucket is emptied', () => {
    const [[id, { ArtifactStore }]] = all(template, 'AWS::CodePipeline::Pipeline');
    const [[emptying]] = all(template, 'Custom::S3AutoDeleteObjects').filter(([, { BucketName }]) => idOf(BucketName) === idOf(ArtifactStore.Location));

    expect([...waitsFor(template, id)]).toContain(emptying);
  });
});
