import { allPrograms, Program } from '../helpers/programs';
import { references } from '../helpers/synthesis';
import { all, identityStatements, idOf, listOf, Statement } from '../helpers/templates';

/** A role of the library: what it is for, and whose environment or project it is. */
interface NamedRole {
  readonly id: string;
  readonly purpose: string;
  readonly of: string;
  readonly statements: Statement[];
}

function rolesOf({ template, suffix }: Program): NamedRole[] {
  const statements = identityStatements(template);
  return all(template, 'AWS::IAM::Role').flatMap(([id, { RoleName }]) => {
    const [, purpose, of = ''] = new RegExp(`^role-([a-z]+)(?:-([a-z0-9]+))?-${suffix}-us-east-1$`).exec(String(RoleName)) ?? [];
    const holders = [id, ...Object.entries(template.Resources)
      .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && references(Properties.Roles).includes(id)).map(([policy]) => policy)];
    const own = statements.filter(([holder]) => holders.includes(holder)).map(([, statement]) => statement);
    return purpose === undefined ? [] : [{ id, purpose, of, statements: own }];
  });
}

function mayDo(role: NamedRole, action: string): Statement[] {
  return role.statements.filter(({ Effect, Action }) => Effect === 'Allow' && listOf(Action).includes(action));
}

describe.each(allPrograms())('$name', (program) => {
  const roles = rolesOf(program);
  const find = (purpose: string, of = ''): NamedRole[] => roles.filter((role) => role.purpose === purpose && (of === '' || role.of === of));

  test('no role of an environment names anything of another', () => {
    for (const role of roles.filter(({ of }) => program.environmentNames.includes(of))) {
      for (const other of program.environmentNames.filter((name) => name !== role.of)) {
        const text = JSON.stringify(role.statements);
        const foreign = references(role.statements).filter((id) => new RegExp(`^P(Deploy|Approve)${other}`, 'i').test(id));

        expect([role.purpose, role.of, foreign]).toEqual([role.purpose, role.of, []]);
        expect(text).not.toMatch(new RegExp(`\\b${other}\\b`));
      }
    }
  });

  test('a role is passed by the two roles that deploy its environment alone, and to ECS alone', () => {
    const passing = roles.filter((role) => mayDo(role, 'iam:PassRole').length > 0);

    expect(passing.map(({ purpose }) => purpose).filter((purpose) => !['codedeploy', 'deploy'].includes(purpose))).toEqual([]);
    expect(passing.length).toBeGreaterThanOrEqual(program.environmentNames.length);
    for (const role of passing) {
      const toWhom = role.purpose === 'deploy' ? ['ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'] : 'ecs-tasks.amazonaws.com';

      expect(mayDo(role, 'iam:PassRole').map(({ Action, Resource, Condition }) => [Action, listOf(Resource).map(idOf).sort(), Condition])).toEqual([[
        'iam:PassRole', [...find('task', role.of), ...find('execution', role.of)].map(({ id }) => id).sort(), { StringEquals: { 'iam:PassedToService': toWhom } },
      ]]);
    }
  });

  test('the pipeline may assume the roles of its actions, each of them, and no role may assume another', () => {
    const assuming = roles.filter((role) => mayDo(role, 'sts:AssumeRole').length > 0);

    expect(assuming.map(({ purpose }) => purpose)).toEqual(find('pipeline').map(() => 'pipeline'));
    for (const role of assuming) {
      expect(mayDo(role, 'sts:AssumeRole').flatMap(({ Resource }) => listOf(Resource).map(idOf)).sort())
        .toEqual(['source', 'start', 'approval', 'deploy'].flatMap((purpose) => find(purpose)).map(({ id }) => id).sort());
    }
  });

  test('no role may answer an approval, start an execution or stop one', () => {
    const answers = ['PutApprovalResult', 'StartPipelineExecution', 'StopPipelineExecution', 'RetryStageExecution', 'OverrideStageCondition'];

    expect(roles.filter((role) => answers.some((answer) => mayDo(role, `codepipeline:${answer}`).length > 0))).toEqual([]);
  });

  test('what tests may not push, and no build may pass a role', () => {
    const pushing = find('project').filter((role) => mayDo(role, 'ecr:PutImage').length > 0);

    expect(find('project').length).toBeGreaterThanOrEqual(2);
    expect(pushing.map(({ of }) => of)).toEqual([program.suffix === 'rooms' ? 'image' : 'build']);
    expect(find('project').filter((role) => mayDo(role, 'iam:PassRole').length > 0)).toEqual([]);
  });

  test('a secret is read by the build that was given it, and by the environment whose containers were', () => {
    const reading = roles.filter((role) => mayDo(role, 'secretsmanager:GetSecretValue').length > 0);

    expect(reading.map(({ purpose, of }) => `${purpose} ${of}`).sort()).toEqual({
      dev: ['project build'], shop: ['execution live', 'execution preprod', 'project build'], rooms: [],
    }[program.suffix]);
    for (const { statements } of reading) {
      expect(statements.filter(({ Action }) => listOf(Action).includes('secretsmanager:GetSecretValue')).flatMap(({ Resource }) => listOf(Resource))).toHaveLength(1);
    }
  });
});
