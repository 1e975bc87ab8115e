import { environmentsOf, taskCountOf, taskDefinitionsOf, trafficShift } from '../../src/cli/environments';
import { taskHour } from '../../src/cli/explain/bill';
import { keptMinutes } from '../../src/cli/explain/cost';
import { FREE, PRICES } from '../../src/cli/explain/prices';
import { Template, Value } from '../../src/cli/template';

/** The values of a release that are not in the template; replace them with your own. */
export const ASSUMED = {
  sourceMinutes: 1,
  buildMinutes: 5,
  testMinutes: 2,
  /** Of the build that writes the release: each started minute is billed. */
  releaseMinutes: 1,
  /** Until new tasks are healthy and the traffic shift starts. */
  startMinutes: 2,
  /** Of the action that tags an image: each started minute is billed. */
  tagMinutes: 1,
  /** Of an image, compressed. */
  imageGigabytes: 0.2,
} as const;

/** A deployment to one environment. */
export interface Deployment {
  readonly name: string;
  /** From the first to the last step of the traffic. */
  readonly shiftMinutes: number;
  /** The time that the old tasks are kept after it. */
  readonly keptMinutes: number;
  /** New tasks that run next to the old ones. */
  readonly tasks: number;
  readonly taskHour: number;
}

/** The usage of one release. */
export interface Release {
  readonly deployments: Deployment[];
  readonly actionMinutes: number;
  readonly buildMinutes: number;
  /** Of the action minutes, those of actions that tag images. */
  readonly tagMinutes: number;
  /** Of the state machines that tag images. */
  readonly stateTransitions: number;
  /** Of tasks that run in addition to the usual ones. */
  readonly taskDollars: number;
  /** Images that come through a NAT gateway. */
  readonly natGigabytes: number;
}

export function deploymentsOf(template: Template): Deployment[] {
  return environmentsOf(template).map((environment) => {
    const { name, service } = environment;
    const definitions = taskDefinitionsOf(service);
    return {
      name,
      shiftMinutes: trafficShift(environment).minutes,
      keptMinutes: keptMinutes(environment),
      tasks: taskCountOf(service),
      taskHour: definitions === undefined ? NaN : taskHour(definitions.released),
    };
  });
}

/** A release from its push to the end of its last deployment, without waiting for approvals, which are not billed. */
export function releaseOf(template: Template): Release {
  const actions = (category: string) => actionsOf(template, category).length;
  const deployments = deploymentsOf(template);
  const total = (of: (deployment: Deployment) => number) => deployments.reduce((sum, deployment) => sum + of(deployment), 0);
  const releases = actionsOf(template, 'Build').filter((action) => action.at('OutputArtifacts').items.length > 0).length;
  const buildMinutes = (actions('Build') - releases) * ASSUMED.buildMinutes + actions('Test') * ASSUMED.testMinutes
    + releases * ASSUMED.releaseMinutes;
  const tagMinutes = actions('Invoke') * ASSUMED.tagMinutes;
  return {
    deployments,
    buildMinutes,
    tagMinutes,
    stateTransitions: transitionsOf(template),
    actionMinutes: actions('Source') * ASSUMED.sourceMinutes + buildMinutes + total(deploymentMinutes) + tagMinutes,
    taskDollars: total((deployment) => deployment.tasks * deployment.taskHour * deploymentMinutes(deployment) / 60),
    natGigabytes: imagesComeThroughNat(template) ? total(({ tasks }) => tasks * ASSUMED.imageGigabytes) : 0,
  };
}

/** One for the start of each state machine, and one for each of its states. */
function transitionsOf(template: Template): number {
  return template.ofType('AWS::StepFunctions::StateMachine')
    .map((machine) => JSON.parse(machine.at('DefinitionString').exact) as { readonly States: object })
    .reduce((sum, { States }) => sum + 1 + Object.keys(States).length, 0);
}

/** ECR stores layers in S3, and a gateway endpoint for S3 bypasses the NAT gateway. */
function imagesComeThroughNat(template: Template): boolean {
  return template.ofType('AWS::EC2::NatGateway').length > 0
    && !template.ofType('AWS::EC2::VPCEndpoint').some((endpoint) => endpoint.at('ServiceName').text.endsWith('.s3'));
}

export function deploymentMinutes(deployment: Deployment): number {
  return ASSUMED.startMinutes + deployment.shiftMinutes + deployment.keptMinutes;
}

/** Minutes of a day. */
const DAY = 24 * 60;

/** The cost of the pushes of one day, if none is approved and no free tier is left. */
export function pushesCost({ buildMinutes }: Release, pushes: number): number {
  // A stage runs one execution at a time, and a newer execution replaces the waiting one.
  const built = Math.min(pushes, Math.floor(DAY / ASSUMED.buildMinutes));
  const sources = Math.min(pushes, Math.floor(DAY / ASSUMED.sourceMinutes));
  return built * buildMinutes * (PRICES.buildMinute.dollars + PRICES.pipelineActionMinute.dollars)
    + sources * ASSUMED.sourceMinutes * PRICES.pipelineActionMinute.dollars;
}

/** The maximum cost of pushes in a day: each action of source, build, test and release runs all day. */
export function highestPushesCost(template: Template): number {
  const builds = actionsOf(template, 'Build').length + actionsOf(template, 'Test').length;
  return DAY * (builds * PRICES.buildMinute.dollars + (builds + actionsOf(template, 'Source').length) * PRICES.pipelineActionMinute.dollars);
}

function actionsOf(template: Template, category: string): Value[] {
  return template.ofType('AWS::CodePipeline::Pipeline').flatMap((pipeline) => pipeline.at('Stages').items)
    .flatMap((stage) => stage.at('Actions').items)
    .filter((action) => action.at('ActionTypeId', 'Category').text === category);
}

/** The cost of a number of releases in one month; the first minutes of a month are free. */
export function releasesCost(release: Release, count: number, free: { readonly [name in keyof typeof FREE]?: number } = FREE): number {
  const { pipelineMinutes = 0, buildMinutes = 0, stateTransitions = 0 } = free;
  return Math.max(count * release.actionMinutes - pipelineMinutes, 0) * PRICES.pipelineActionMinute.dollars
    + Math.max(count * release.buildMinutes - buildMinutes, 0) * PRICES.buildMinute.dollars
    + Math.max(count * release.stateTransitions - stateTransitions, 0) * PRICES.stateTransition.dollars
    + count * (release.taskDollars + release.natGigabytes * PRICES.natGatewayGigabyte.dollars);
}
