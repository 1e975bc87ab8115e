import { allPrograms } from '../helpers/programs';
import { all, idOf, rendered } from '../helpers/templates';

/** The function that empties buckets is CDK's, with a role of CDK's. */
const PROVIDER = /^CustomS3AutoDeleteObjects/;

const ACCOUNT = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };

function arn(service: string, resource: string): string {
  return `arn:\${AWS::Partition}:${service}:us-east-1:\${AWS::AccountId}:${resource}`;
}

/** Who assumes a role, by the purpose in its name: a service that acts for this account, and for which of its resources. */
const SERVICES: { readonly [purpose: string]: { readonly service: string; readonly named: boolean; readonly source?: (rest: string) => string } } = {
  task: { service: 'ecs-tasks', named: true, source: () => arn('ecs', '*') },
  execution: { service: 'ecs-tasks', named: true, source: () => arn('ecs', '*') },
  codedeploy: { service: 'codedeploy', named: true, source: (rest) => arn('codedeploy', `deploymentgroup:application-${rest}/deployment-group-${rest}`) },
  project: { service: 'codebuild', named: true, source: (rest) => arn('codebuild', `project/project-${rest}`) },
  pipeline: { service: 'codepipeline', named: true },
  // Lambda is not documented to say for whom it assumes the role of a function.
  smoke: { service: 'lambda', named: false },
};

const OF_ACTIONS = ['source', 'start', 'approval', 'deploy'];

describe.each(allPrograms())('$name', ({ template }) => {
  const roles = all(template, 'AWS::IAM::Role').filter(([id]) => !PROVIDER.test(id)).map(([id, properties]) => {
    const [, purpose, rest] = /^role-([a-z]+)-(.+)-us-east-1$/.exec(String(properties.RoleName)) ?? [];
    return { id, purpose, rest, statements: properties.AssumeRolePolicyDocument.Statement as { [key: string]: unknown }[] };
  });

  test('every role says in its name what it is for, and has one statement that lets it be assumed', () => {
    for (const { purpose, statements } of roles) {
      expect([...Object.keys(SERVICES), ...OF_ACTIONS]).toContain(purpose);
      expect(statements).toHaveLength(1);
      expect([statements[0].Effect, statements[0].Action]).toEqual(['Allow', 'sts:AssumeRole']);
    }
  });

  test('the role of an action is assumed by the role of the pipeline alone', () => {
    const pipelineRoles = roles.filter(({ purpose }) => purpose === 'pipeline').map(({ id }) => id);

    for (const { statements: [statement] } of roles.filter(({ purpose }) => OF_ACTIONS.includes(purpose))) {
      expect(statement.Principal).toEqual({ AWS: { 'Fn::GetAtt': [pipelineRoles[0], 'Arn'] } });
      expect(Object.keys(statement).sort()).toEqual(['Action', 'Effect', 'Principal']);
    }
    expect(pipelineRoles.length).toBeLessThanOrEqual(1);
  });

  test('a service assumes a role for this account, and for the one resource that it is documented to name', () => {
    for (const { purpose, rest, statements: [{ Principal, Condition }] } of roles.filter((role) => role.purpose in SERVICES)) {
      const { service, named, source } = SERVICES[purpose];
      const { ArnLike, ...others } = (Condition ?? {}) as { [operator: string]: { [key: string]: unknown } };

      expect(Principal).toEqual({ Service: `${service}.amazonaws.com` });
      expect(others).toEqual(named ? { StringEquals: ACCOUNT } : {});
      // With some feature flags CDK writes the partition of a known region out.
      expect(ArnLike && Object.entries(ArnLike).map(([key, value]) => [key, rendered(value).replace('arn:aws:', 'arn:${AWS::Partition}:')]))
        .toEqual(source && [['aws:SourceArn', source(rest)]]);
    }
  });

  test('the resource that a trust names is the one that is given the role', () => {
    for (const [type, property, nameOf] of [
      ['AWS::CodeDeploy::DeploymentGroup', 'ServiceRoleArn', ({ DeploymentGroupName }) => `role-codedeploy-${String(DeploymentGroupName).replace('deployment-group-', '')}`],
      ['AWS::CodeBuild::Project', 'ServiceRole', ({ Name }) => `role-${Name}`],
    ] as [string, string, (properties: { [name: string]: unknown }) => string][]) {
      for (const [, properties] of all(template, type)) {
        expect(template.Resources[idOf(properties[property])].Properties.RoleName).toBe(`${nameOf(properties)}-us-east-1`);
      }
    }
  });
});
