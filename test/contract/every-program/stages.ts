import { environmentsOf, Properties } from '../../helpers/environments';
import { pipelinePrograms } from '../../helpers/programs';
import { all, idOf, propertiesOf, rendered } from '../../helpers/templates';

interface Action {
  readonly Name: string;
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string };
  readonly Configuration: Properties;
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly OutputArtifacts?: { readonly Name: string }[];
  readonly RoleArn: unknown;
  readonly TimeoutInMinutes?: number;
}

interface Stage {
  readonly Name: string;
  readonly Actions: Action[];
}

const LEADS = ['leads@example.com', 'owners@example.com'];

/** The approvers of each environment, in the order of the stages, by the suffix of the program. */
const APPROVERS: { readonly [suffix: string]: { readonly [environmentName: string]: string[] } } = {
  dev: { Staging: ['team@example.com'], Production: ['team@example.com'] },
  shop: { Qa: LEADS, Preprod: LEADS, Live: ['cto@example.com'] },
};

describe.each(pipelinePrograms())('$name', (program) => {
  const { template, suffix } = program;
  const [[, pipeline], ...otherPipelines] = all(template, 'AWS::CodePipeline::Pipeline');
  const stages = pipeline.Stages as Stage[];
  const actions = stages.flatMap((stage) => stage.Actions);
  const actionIn = (name: string): Action => stages.filter(({ Name }) => Name === name)[0].Actions[0];

  test('the stages are source, build, test and the environments, with an approval before each environment', () => {
    const environments = Object.keys(APPROVERS[suffix]).flatMap((name) => [`Approve${name}`, `Deploy${name}`]);

    expect(otherPipelines).toEqual([]);
    expect(stages.map(({ Name }) => Name)).toEqual(['Source', 'Build', 'Test', ...environments]);
    // The guarantee of an approval before each deployment looks at these categories.
    expect(actions.map(({ ActionTypeId }) => ActionTypeId.Category).join()).toMatch(/^Source,Build,Test,Build(,Approval,Deploy,Invoke)+$/);
    expect(stages.map(({ Actions }) => Actions.length)).toEqual([1, 1, 2, ...Object.keys(APPROVERS[suffix]).flatMap(() => [1, 2])]);
  });

  test('every input of an action is an output of an earlier stage', () => {
    const made = new Set<string>();
    for (const { InputArtifacts = [], OutputArtifacts = [] } of actions) {
      expect(InputArtifacts.map(({ Name }) => Name).filter((name) => !made.has(name))).toEqual([]);
      OutputArtifacts.forEach(({ Name }) => made.add(Name));
    }
    expect([...made].sort()).toEqual(['Release', 'Source']);
  });

  test('each approval notifies its own approvers through its own topic, and waits seven days', () => {
    const topics = Object.entries(APPROVERS[suffix]).map(([name, emails]) => {
      const { Configuration, TimeoutInMinutes } = actionIn(`Approve${name}`);
      const topic = idOf(Configuration.NotificationArn);
      const asked = all(template, 'AWS::SNS::Subscription').filter(([, { TopicArn }]) => idOf(TopicArn) === topic);

      expect(asked.map(([, { Endpoint }]) => Endpoint as string)).toEqual(emails);
      expect(TimeoutInMinutes).toBe(7 * 24 * 60);
      return topic;
    });
    expect(new Set(topics).size).toBe(topics.length);
  });

  test('each deployment goes to the deployment group of its own environment', () => {
    for (const { name, group } of environmentsOf(program)) {
      const { ActionTypeId, Configuration } = actionIn(`Deploy${name[0].toUpperCase()}${name.slice(1)}`);
      const { ApplicationName, DeploymentGroupName, ...files } = Configuration;

      expect(propertiesOf(template, idOf(DeploymentGroupName), 'AWS::CodeDeploy::DeploymentGroup')).toBe(group);
      expect(idOf(ApplicationName)).toBe(idOf(group.ApplicationName));
      expect(ActionTypeId.Provider).toBe('CodeDeployToECS');
      expect(files).toEqual({
        TaskDefinitionTemplateArtifact: 'Release',
        TaskDefinitionTemplatePath: `taskdef-${name}.json`,
        AppSpecTemplateArtifact: 'Release',
        AppSpecTemplatePath: `appspec-${name}.yaml`,
        Image1ArtifactName: 'Release',
        Image1ContainerName: 'IMAGE1_NAME',
      });
    }
  });

  test('every action runs under a role of its own', () => {
    const roles = actions.map(({ RoleArn }) => rendered(RoleArn));

    expect(new Set(roles).size).toBe(actions.length);
    for (const { RoleArn } of actions) {
      expect(template.Resources[idOf(RoleArn)].Type).toBe('AWS::IAM::Role');
    }
  });

  test('a push to the branch starts the pipeline', () => {
    const { ActionTypeId, Configuration } = actionIn('Source');

    expect(ActionTypeId.Provider).toBe('CodeStarSourceConnection');
    expect(Configuration).toMatchObject({ FullRepositoryId: 'acme/storefront', BranchName: 'main', DetectChanges: true });
  });
});
