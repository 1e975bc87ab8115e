import { pipelinePrograms } from '../helpers/programs';
import { unapproved } from '../helpers/promises';
import { Resource } from '../helpers/synthesis';
import { all, idOf, propertiesOf, rendered } from '../helpers/templates';

interface Action {
  readonly Name: string;
  readonly ActionTypeId: { readonly Category: string; readonly Owner: string; readonly Provider: string };
  readonly Configuration: Resource['Properties'];
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly OutputArtifacts?: { readonly Name: string }[];
  readonly RoleArn: unknown;
}

interface Stage {
  readonly Name: string;
  readonly Actions: Action[];
}

const EXPECTED: { readonly [suffix: string]: string[] } = {
  dev: ['Source', 'Build', 'Test', 'ApproveStaging', 'DeployStaging', 'ApproveProduction', 'DeployProduction'],
  shop: ['Source', 'Build', 'Test', 'ApproveQa', 'DeployQa', 'ApprovePreprod', 'DeployPreprod', 'ApproveLive', 'DeployLive'],
};

const APPROVERS: { readonly [stage: string]: string[] } = {
  ApproveStaging: ['team@example.com'],
  ApproveProduction: ['team@example.com'],
  ApproveQa: ['leads@example.com', 'owners@example.com'],
  ApprovePreprod: ['leads@example.com', 'owners@example.com'],
  ApproveLive: ['cto@example.com'],
};

describe.each(pipelinePrograms())('$name', ({ template, suffix }) => {
  const [[, pipeline]] = all(template, 'AWS::CodePipeline::Pipeline');
  const stages = pipeline.Stages as Stage[];
  const actions = stages.flatMap((stage) => stage.Actions);

  test('promise 27: the pipeline is of type V2, and a newer execution overtakes an older one', () => {
    expect(all(template, 'AWS::CodePipeline::Pipeline')).toHaveLength(1);
    expect([pipeline.PipelineType, pipeline.ExecutionMode]).toEqual(['V2', 'SUPERSEDED']);
  });

  test('promise 27: the stages go from source over build and test to each environment in order', () => {
    expect(stages.map(({ Name }) => Name)).toEqual(EXPECTED[suffix]);
  });

  test('promise 27: a person approves directly before each deployment, in a stage of its own', () => {
    expect(unapproved(template)).toEqual([]);
  });

  test('promise 27: nothing is deployed in a stage that is not for it', () => {
    const deploying = stages.filter(({ Actions }) => Actions.some(({ ActionTypeId }) => ActionTypeId.Category === 'Deploy'));

    expect(deploying.map(({ Name }) => Name)).toEqual(EXPECTED[suffix].filter((name) => name.startsWith('Deploy')));
  });

  test('promise 27: no two stages share a name, and no two actions of a stage', () => {
    expect(new Set(stages.map(({ Name }) => Name)).size).toBe(stages.length);
    for (const { Actions } of stages) {
      expect(new Set(Actions.map(({ Name }) => Name)).size).toBe(Actions.length);
    }
  });

  test('promise 27: every input of an action is an output of an earlier stage', () => {
    const made = new Set<string>();
    for (const { Actions } of stages) {
      const missing = Actions.flatMap(({ InputArtifacts }) => InputArtifacts ?? []).map(({ Name }) => Name).filter((name) => !made.has(name));

      expect(missing).toEqual([]);
      Actions.flatMap(({ OutputArtifacts }) => OutputArtifacts ?? []).forEach(({ Name }) => made.add(Name));
    }
    expect([...made].sort()).toEqual(['Release', 'Source']);
  });

  test('promise 27: each gate asks its own approvers, through its own topic, and waits seven days', () => {
    const gates = stages.filter(({ Name }) => Name.startsWith('Approve'));

    for (const { Name, Actions: [gate] } of gates) {
      const topic = idOf(gate.Configuration.NotificationArn);
      const asked = all(template, 'AWS::SNS::Subscription')
        .filter(([, subscription]) => idOf(subscription.TopicArn) === topic)
        .map(([, { Protocol, Endpoint }]) => [Protocol, Endpoint]);

      expect(asked).toEqual(APPROVERS[Name].map((email) => ['email', email]));
      expect((gate as { TimeoutInMinutes?: number }).TimeoutInMinutes).toBe(7 * 24 * 60);
    }
    expect(new Set(gates.map(({ Actions: [gate] }) => idOf(gate.Configuration.NotificationArn))).size).toBe(gates.length);
  });

  test('promise 27: each deployment goes to the deployment group of its own environment', () => {
    for (const { Name, Actions: [deploy] } of stages.filter((stage) => stage.Name.startsWith('Deploy'))) {
      const environmentName = Name.replace('Deploy', '').toLowerCase();
      const application = propertiesOf(template, idOf(deploy.Configuration.ApplicationName), 'AWS::CodeDeploy::Application');
      const group = propertiesOf(template, idOf(deploy.Configuration.DeploymentGroupName), 'AWS::CodeDeploy::DeploymentGroup');

      expect(application.ApplicationName).toBe(`application-${environmentName}-${suffix}`);
      expect(group.DeploymentGroupName).toBe(`deployment-group-${environmentName}-${suffix}`);
      expect(idOf(group.ApplicationName)).toBe(idOf(deploy.Configuration.ApplicationName));
      expect(deploy.ActionTypeId.Provider).toBe('CodeDeployToECS');
      expect(deploy.Configuration).toEqual(expect.objectContaining({
        TaskDefinitionTemplateArtifact: 'Release',
        TaskDefinitionTemplatePath: `taskdef-${environmentName}.json`,
        AppSpecTemplateArtifact: 'Release',
        AppSpecTemplatePath: `appspec-${environmentName}.yaml`,
        Image1ArtifactName: 'Release',
        Image1ContainerName: 'IMAGE1_NAME',
      }));
    }
  });

  test('promise 27: every action runs under a role of its own', () => {
    const roles = actions.map(({ RoleArn }) => rendered(RoleArn));

    expect(new Set(roles).size).toBe(actions.length);
    roles.forEach((role) => expect(template.Resources[/^\$\{(\w+)\.Arn\}$/.exec(role)?.[1] ?? ''].Type).toBe('AWS::IAM::Role'));
  });

  test('promise 27: a push to the branch starts the pipeline', () => {
    expect(stages[0].Actions.map(({ ActionTypeId, Configuration }) => [ActionTypeId.Provider, Configuration])).toEqual([[
      'CodeStarSourceConnection',
      expect.objectContaining({ FullRepositoryId: 'acme/storefront', BranchName: 'main', DetectChanges: true }),
    ]]);
  });
});
