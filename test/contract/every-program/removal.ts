import { SMOKE_TESTED } from '../../../scripts/programs';
import { environmentsOf, named, Properties } from '../../helpers/environments';
import { allPrograms } from '../../helpers/programs';
import { resources } from '../../helpers/synthesis';
import { all, identityStatements, idOf, listOf, waitsFor } from '../../helpers/templates';

describe.each(allPrograms())('$name', (program) => {
  const { template, stack, suffix, given } = program;
  const functions = all(template, 'AWS::Lambda::Function').filter(([id]) => !given.includes(id));
  /** The resources that empty the buckets, by the bucket. */
  const emptying = Object.fromEntries(all(template, 'Custom::S3AutoDeleteObjects').map(([id, { BucketName }]) => [idOf(BucketName), id]));
  const before = (id: string): string[] => [...waitsFor(template, id)];

  test('the stack can be deleted', () => {
    expect(stack.terminationProtection).toBe(false);
    expect(JSON.stringify(template)).not.toContain('"DeletionProtection');
  });

  test('every bucket is emptied while its policy still allows the function that empties it', () => {
    expect(Object.keys(emptying).sort()).toEqual(all(template, 'AWS::S3::Bucket').map(([id]) => id).sort());
    for (const [policy, { Bucket }] of all(template, 'AWS::S3::BucketPolicy')) {
      expect(before(emptying[idOf(Bucket)])).toContain(policy);
    }
  });

  test('builds, containers and smoke tests log to groups of the program, and cannot create groups', () => {
    const groups = Object.keys(resources(template, 'AWS::Logs::LogGroup'));
    const containers = all(template, 'AWS::ECS::TaskDefinition').flatMap(([, { ContainerDefinitions }]) =>
      (ContainerDefinitions as Properties[]).map(({ LogConfiguration: { LogDriver, Options } }) => ({ LogDriver, Options })));
    const used = [
      ...all(template, 'AWS::CodeBuild::Project').map(([, { LogsConfig }]) => idOf(LogsConfig.CloudWatchLogs.GroupName)),
      ...containers.map(({ Options }) => idOf(Options['awslogs-group'])),
      ...functions.flatMap(([, { LoggingConfig }]) => (LoggingConfig === undefined ? [] : idOf(LoggingConfig.LogGroup))),
    ];

    expect(used.filter((group) => !groups.includes(group))).toEqual([]);
    for (const { LogDriver, Options } of containers) {
      expect([LogDriver, Options['awslogs-create-group']]).toEqual(['awslogs', undefined]);
    }
  });

  test('only the function that empties buckets leaves a log group behind', () => {
    const ours = functions.filter(([, { FunctionName }]) => FunctionName !== undefined);
    const others = functions.filter(([, { FunctionName }]) => FunctionName === undefined).map(([id]) => id);

    expect(others).toEqual([expect.stringMatching(/^CustomS3AutoDeleteObjectsCustomResourceProviderHandler/)]);
    expect(ours).toHaveLength(environmentsOf(program).length + (suffix === 'shop' ? SMOKE_TESTED.length : 0));
    for (const [, { LoggingConfig, Role, FunctionName }] of ours) {
      const logActions = identityStatements(template).filter(([id]) => id === idOf(Role)).flatMap(([, { Action }]) => listOf(Action))
        .filter((action) => action.startsWith('logs:'));

      expect(template.Resources[idOf(LoggingConfig.LogGroup)].Properties.LogGroupName).toBe(String(FunctionName).replace('function-', 'logs-'));
      // A late call cannot create the group again.
      expect(logActions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    }
  });

  test('builds and pipelines are deleted before their buckets are emptied', () => {
    const users = [
      ...all(template, 'AWS::CodeBuild::Project').filter(([, { Cache }]) => Cache.Type === 'S3')
        .map(([id, { Cache }]) => [id, idOf(Cache.Location)]),
      ...Object.entries(resources(template, 'AWS::CodePipeline::Pipeline'))
        .map(([id, pipeline]) => [id, idOf(pipeline.Properties.ArtifactStore.Location)]),
    ];

    for (const [id, bucket] of users) {
      expect(before(id)).toContain(emptying[bucket]);
    }
  });

  test('a service is deleted before its listeners, its task definition and its route to the Internet', () => {
    for (const { name, service, serviceId, listeners } of environmentsOf(program)) {
      const [definition] = named(program, 'AWS::ECS::TaskDefinition', 'Family', `task-${name}-${suffix}`);
      const subnets = service.NetworkConfiguration.AwsvpcConfiguration.Subnets as unknown[];
      const waysOut = subnets.filter((subnet) => typeof subnet === 'object').flatMap((subnet) => {
        const [[association, { RouteTableId }]] = all(template, 'AWS::EC2::SubnetRouteTableAssociation')
          .filter(([, { SubnetId }]) => idOf(SubnetId) === idOf(subnet));
        const [[route]] = all(template, 'AWS::EC2::Route').filter(([, properties]) => idOf(properties.RouteTableId) === idOf(RouteTableId));
        return [association, route];
      });

      expect(before(serviceId)).toEqual(expect.arrayContaining([...listeners, definition, ...waysOut]));
    }
  });

  test('CodeDeploy keeps its role and the permissions for a release until the service is deleted', () => {
    for (const { serviceId, group } of environmentsOf(program)) {
      const role = idOf(group.ServiceRoleArn);

      expect(before(serviceId)).toContain(role);
      expect(JSON.stringify(template.Resources[role].Properties.Policies)).toContain('"ecs:DeleteTaskSet"');
    }
  });

  test('a listener is deleted before both target groups, whichever colour is live', () => {
    for (const { listeners, colours } of environmentsOf(program)) {
      for (const listener of listeners) {
        expect(before(listener)).toEqual(expect.arrayContaining(colours));
      }
    }
  });
});
