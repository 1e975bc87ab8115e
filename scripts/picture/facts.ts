import {
  Environment, environmentsOf, scalingOf, taskCountOf, taskDefinitionsOf, taskSizeInWords, trafficShift,
} from '../../src/cli/environments';
import { reachInWords } from '../../src/cli/explain/reach';
import { counted, duration } from '../../src/cli/layout';
import { Resource, Template, Value } from '../../src/cli/template';

/** Everything that the picture shows. All of it is read from the template: a missing value is an error, never a default. */
export interface Facts {
  readonly pipeline: string;
  readonly stages: Stage[];
  readonly environment: EnvironmentFacts;
}

export interface Stage {
  readonly name: string;
  /** The actions by run order; those of one step run at the same time. */
  readonly steps: Action[][];
}

export interface Action {
  readonly name: string;
  readonly category: string;
  readonly provider: string;
}

export interface EnvironmentFacts {
  readonly name: string;
  readonly loadBalancer: string;
  readonly production: Listener;
  readonly test: Listener;
  readonly blue: TargetGroup;
  readonly green: TargetGroup;
  readonly service: string;
  readonly taskCount: string;
  readonly taskSize: string;
  readonly deploymentGroup: string;
  readonly shift: string;
  readonly terminationWait: string;
  readonly alarms: string[];
}

export interface Listener {
  readonly protocol: string;
  readonly port: string;
  /** The clients that can open a connection. */
  readonly reach: string;
}

export interface TargetGroup {
  readonly name: string;
  readonly port: string;
  readonly healthCheckPath: string;
}

export function factsOf(template: Template, environmentName = 'production'): Facts {
  const [pipeline] = template.ofType('AWS::CodePipeline::Pipeline');
  const environment = environmentsOf(template).find(({ name }) => name === environmentName);
  return {
    pipeline: required(pipeline, 'pipeline').name,
    stages: nonEmpty(pipeline.at('Stages').items, 'stage').map(stageOf),
    environment: environmentFacts(required(environment, `environment "${environmentName}"`)),
  };
}

function stageOf(stage: Value): Stage {
  const name = text(stage, 'Name');
  const actions = nonEmpty(stage.at('Actions').items, `action in stage "${name}"`);
  // CodePipeline runs an action without a run order first.
  const orderOf = (action: Value) => action.at('RunOrder').orUndefined?.number ?? 1;
  const orders = [...new Set(actions.map(orderOf))].sort((a, b) => a - b);
  return { name, steps: orders.map((order) => actions.filter((action) => orderOf(action) === order).map(actionOf)) };
}

function actionOf(action: Value): Action {
  const type = action.at('ActionTypeId');
  return { name: text(action, 'Name'), category: text(type, 'Category'), provider: text(type, 'Provider') };
}

function environmentFacts(environment: Environment): EnvironmentFacts {
  const { name, service } = environment;
  const group = required(environment.group, `deployment group of ${name}`);
  const loadBalancer = required(environment.loadBalancer, `load balancer of ${name}`);
  const definitions = required(taskDefinitionsOf(service), `task definition of ${name}`);
  return {
    name,
    loadBalancer: loadBalancer.name,
    production: listenerOf(required(environment.production, `production listener of ${name}`), loadBalancer),
    test: listenerOf(required(environment.test, `test listener of ${name}`), loadBalancer),
    blue: targetGroupOf(environment, 'blue'),
    green: targetGroupOf(environment, 'green'),
    service: service.name,
    taskCount: taskCount(service),
    taskSize: taskSizeInWords(definitions.released),
    deploymentGroup: group.name,
    shift: shiftOf(environment, group),
    terminationWait: terminationWait(group),
    alarms: alarmsOf(group),
  };
}

function listenerOf(listener: Resource, loadBalancer: Resource): Listener {
  const port = text(listener, 'Port');
  const reach = reachInWords(loadBalancer.at('SecurityGroups'), Number(port));
  // Without the addresses and the reason, which `explain` prints.
  return { protocol: text(listener, 'Protocol'), port, reach: reach.replace(/ \(.*|:.*/, '') };
}

function targetGroupOf({ name, targetGroups }: Environment, colour: string): TargetGroup {
  const group = required(targetGroups.find((one) => one.name.includes(colour)), `${colour} target group of ${name}`);
  return { name: group.name, port: text(group, 'Port'), healthCheckPath: text(group, 'HealthCheckPath') };
}

function taskCount(service: Resource): string {
  const scaling = scalingOf(service);
  return scaling === undefined ? counted(taskCountOf(service), 'task') : `${scaling.least} to ${scaling.most} tasks`;
}

function shiftOf(environment: Environment, group: Resource): string {
  const { words } = trafficShift(environment);
  if (words.startsWith('the traffic as')) {
    throw new Error(`The template does not define the traffic shift of ${group.name}`);
  }
  return words;
}

function terminationWait(group: Resource): string {
  const wait = group.at('BlueGreenDeploymentConfiguration', 'TerminateBlueInstancesOnDeploymentSuccess', 'TerminationWaitTimeInMinutes');
  return duration(required(wait.orUndefined, `termination wait time of ${group.name}`).number);
}

/** The alarms that roll back: CodeDeploy ignores them unless both the alarms and the rollback are enabled. */
function alarmsOf(group: Resource): string[] {
  const rollback = group.at('AutoRollbackConfiguration');
  const alarms = group.at('AlarmConfiguration');
  if (![rollback, alarms].every((one) => one.at('Enabled').isTrue) || !rollback.at('Events').texts.includes('DEPLOYMENT_STOP_ON_ALARM')) {
    throw new Error(`The template does not roll back ${group.name} on alarms`);
  }
  return nonEmpty(alarms.at('Alarms').items, `alarm of ${group.name}`)
    .map((alarm) => required(alarm.at('Name').target, `alarm "${alarm.at('Name').text}"`).name);
}

function text(from: Pick<Value, 'at'>, property: string): string {
  return required(from.at(property).orUndefined, `value for ${property}`).text;
}

function nonEmpty<T>(list: T[], what: string): T[] {
  required(list[0], what);
  return list;
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`The template has no ${what}`);
  }
  return value;
}
