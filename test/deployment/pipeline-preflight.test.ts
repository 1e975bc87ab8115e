import { aws_codepipeline as codepipeline, Aspects, CfnParameter, CfnResource, Fn, IAspect, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import table from './pipeline-preflight.json';
import { deploymentIn, gateIn } from '../../scripts/errors/cases/subjects';
import { pipelineViolations } from '../../src/deployment/private/pipeline-preflight';
import { listViolations } from '../../src/private/violations';
import { pipelineOfTheUser } from '../helpers/programs';
import { newStack, pipelineIn, templateOf } from '../helpers/synthesis';

/** `Stage: action order, action order`; an action is an approval (ask), a deployment to this or another environment, or another action. */
function pathOf(stages: string[]) {
  return stages.flatMap((text, stage) => {
    const [stageName, actions] = text.split(': ');
    return actions.split(', ').map((action) => {
      const [what, runOrder] = action.split(' ');
      const isDeployment = what !== 'ask' && what !== 'other';
      return {
        stageName, stage, runOrder: Number(runOrder), configuration: {}, isApproval: what === 'ask', deploymentGroup: isDeployment ? what : undefined,
      };
    });
  });
}

test.each(table.paths as [string, string[], string?][])('a deployment with %s is approved, or is rejected', (_, stages, ...codes) => {
  const expected = { stageName: 'A', deploymentGroup: 'own', configuration: {} };

  expect(listViolations(pipelineViolations({ actions: pathOf(stages), unknown: [] }, expected)).map(({ code }) => code)).toEqual(codes);
});

/** The codes that synthesis reports after a change of the template of a BlueGreenFargatePipeline. */
function codesAfter(attack: (pipeline: CfnResource, stack: Stack) => void): string[] {
  const stack = newStack();
  const made = pipelineIn(stack);
  attack(made.pipeline.node.defaultChild as CfnResource, stack);
  return codesOf(() => templateOf(stack));
}

function codesOf(synthesis: () => unknown): string[] {
  try {
    synthesis();
  } catch (error) {
    return [...new Set((error as Error).message.match(/BGP\d{3}(?=\])/g))].sort();
  }
  return [];
}

// Source, Build, Test, ApproveStaging, DeployStaging, ApproveProduction, DeployProduction.
const [STAGING, ASK, PRODUCTION] = [4, 5, 6].map((stage) => `Stages.${stage}`);

/** The rendered deploy action of an environment of a pipeline. */
function deployActionOf(pipeline: CfnResource, stage: number): object {
  const { stages } = pipeline as codepipeline.CfnPipeline;
  const rendered = pipeline.stack.resolve(stages) as { readonly actions: { readonly configuration: object }[] }[];
  const { configuration } = rendered[stage].actions[0];
  return {
    Name: 'Also',
    ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'CodeDeployToECS', Version: '1' },
    Configuration: configuration,
    InputArtifacts: [{ Name: 'Release' }],
    RunOrder: 3,
  };
}

describe('an override that bypasses an approval', () => {
  test.each<[string, (pipeline: CfnResource, stack: Stack) => void, string[]]>([
    ['deletes the approval stage', (pipeline) => pipeline.addPropertyDeletionOverride(ASK), ['BGP148']],
    ['deletes the approval action', (pipeline) => pipeline.addPropertyOverride(`${ASK}.Actions`, []), ['BGP148']],
    ['deletes the approval by its path in the resource', (pipeline) => pipeline.addDeletionOverride(`Properties.${ASK}.Actions.0`), ['BGP148']],
    ['turns the approval into a test', (pipeline) => pipeline.addPropertyOverride(`${ASK}.Actions.0.ActionTypeId`,
      { Category: 'Test', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' }), ['BGP148']],
    ['turns the approval into an invocation', (pipeline) => pipeline.addPropertyOverride(`${ASK}.Actions.0.ActionTypeId.Category`, 'Invoke'), ['BGP148']],
    ['lets another provider approve', (pipeline) => pipeline.addPropertyOverride(`${ASK}.Actions.0.ActionTypeId.Provider`, 'Robot'), ['BGP148']],
    ['skips the approval stage', (pipeline) => pipeline.addPropertyOverride(`${ASK}.BeforeEntry`, { Conditions: [{ Result: 'SKIP', Rules: [] }] }), ['BGP148']],
    ['continues after a rejection', (pipeline) => pipeline.addPropertyOverride(`${ASK}.OnFailure.Result`, 'SKIP'), ['BGP148']],
    ['adds the production action to the staging stage', (pipeline) => pipeline.addPropertyOverride(`${STAGING}.Actions.2`, deployActionOf(pipeline, 6)), ['BGP183']],
    ['adds the production action next to the staging action', (pipeline) => pipeline.addPropertyOverride(`${STAGING}.Actions.2`,
      { ...deployActionOf(pipeline, 6), RunOrder: 1 }), ['BGP183']],
    ['deploys production by its name instead of staging', (pipeline) => pipeline.addPropertyOverride(`${STAGING}.Actions.0.Configuration`,
      { ApplicationName: 'application-production-dev', DeploymentGroupName: 'deployment-group-production-dev' }), ['BGP183']],
    ['deploys staging again in the production stage', (pipeline) => pipeline.addPropertyOverride(`${PRODUCTION}.Actions.0.Configuration`,
      { ApplicationName: 'application-staging-dev', DeploymentGroupName: 'deployment-group-staging-dev' }), ['BGP183']],
    ['swaps the approval and the deployment', (pipeline) => {
      pipeline.addPropertyOverride(`${ASK}.Name`, 'Later');
      pipeline.addPropertyOverride(`${ASK}.Actions.0.ActionTypeId.Category`, 'Compute');
    }, ['BGP148']],
    ['takes the task definition from the source', (pipeline) => pipeline.addPropertyOverride(`${PRODUCTION}.Actions.0.Configuration.TaskDefinitionTemplateArtifact`, 'Source'), ['BGP183']],
    ['takes the image from the source', (pipeline) => pipeline.addPropertyOverride(`${PRODUCTION}.Actions.0.Configuration.Image1ArtifactName`, 'Source'), ['BGP183']],
    ['takes the appspec of staging', (pipeline) => pipeline.addPropertyOverride(`${PRODUCTION}.Actions.0.Configuration.AppSpecTemplatePath`, 'appspec-staging.yaml'), ['BGP183']],
    ['hides the stages in a function', (pipeline) => pipeline.addPropertyOverride('Stages', Fn.conditionIf('Hidden', [], [])), ['BGP184']],
    ['makes the approval depend on a condition', (pipeline) => pipeline.addPropertyOverride(ASK, { Name: Fn.conditionIf('Asked', 'Ask', 'No') }), ['BGP184']],
    ['makes the deployment group a parameter', (pipeline, stack) => pipeline.addPropertyOverride(`${STAGING}.Actions.0.Configuration.DeploymentGroupName`,
      new CfnParameter(stack, 'Group').valueAsString), ['BGP184']],
    ['replaces the stages', (pipeline) => pipeline.addOverride('Properties.Stages', []), ['BGP183']],
    ['deletes the stages', (pipeline) => pipeline.addPropertyDeletionOverride('Stages'), ['BGP184']],
    ['deletes all properties', (pipeline) => pipeline.addDeletionOverride('Properties'), ['BGP184']],
  ])('synthesis rejects an override that %s', (_, attack, codes) => {
    expect(codesAfter(attack)).toEqual(codes);
  });

  test('synthesis rejects an override that an aspect adds', () => {
    const aspect: IAspect = {
      visit: (node: IConstruct) => (node instanceof codepipeline.CfnPipeline ? node.addPropertyDeletionOverride(ASK) : undefined),
    };

    expect(codesAfter((pipeline) => Aspects.of(pipeline.stack).add(aspect))).toEqual(['BGP148']);
  });
});

describe('an override that keeps the approvals', () => {
  test.each<[string, (pipeline: CfnResource) => void]>([
    ['a disabled transition into the approval stage, which lets nothing pass', (pipeline) =>
      pipeline.addPropertyOverride('DisableInboundStageTransitions', [{ StageName: 'ApproveProduction', Reason: 'freeze' }])],
    ['a condition that stops the release before the approval', (pipeline) =>
      pipeline.addPropertyOverride(`${ASK}.BeforeEntry`, { Conditions: [{ Result: 'FAIL', Rules: [{ Name: 'Window', RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'DeploymentWindow', Version: '1' }, Configuration: { Cron: '* * 8-18 ? * MON-FRI *' } }] }] })],
    ['the deployment group by its name', (pipeline) =>
      pipeline.addPropertyOverride(`${PRODUCTION}.Actions.0.Configuration.DeploymentGroupName`, 'deployment-group-production-dev')],
    ['the queued mode', (pipeline) => pipeline.addPropertyOverride('ExecutionMode', 'QUEUED')],
  ])('synthesis accepts %s', (_, change) => {
    expect(codesAfter(change)).toEqual([]);
  });

  test("synthesis accepts a deployment in the user's own pipeline, behind a gate", () => {
    const stack = newStack();
    const release = new codepipeline.Artifact('Release');
    const pipeline = pipelineOfTheUser(stack, release);
    gateIn(stack).addToPipeline(pipeline);
    deploymentIn(stack).addToPipeline(pipeline, { release });

    expect(codesOf(() => templateOf(stack))).toEqual(['BGP149']);
  });
});
