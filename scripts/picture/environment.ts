import { EnvironmentFacts, Listener, TargetGroup } from './facts';
import { arrow, Box, capacity, heightOf, label, labelledBox, Line, lines, PADDING, Point, rectangle } from './svg';
import { wrapped } from '../../src/cli/layout';

const COLUMNS = {
  clients: { x: 0, width: 72 },
  loadBalancer: { x: 100, width: 184 },
  targetGroups: { x: 342, width: 192 },
  service: { x: 568, width: 196 },
};
const HEADER = 52;
const ROW = 66;
const GAP = 22;

/** An environment: the path of a request from left to right, and the shift of traffic below; returns the drawing and its height. */
export function drawEnvironment(facts: EnvironmentFacts, x: number, y: number, width: number): { drawing: string; height: number } {
  const rows = [y + HEADER, y + HEADER + ROW + GAP];
  const inRow = (column: keyof typeof COLUMNS, row: number, inset = 0): Box => {
    const { x: offset, width: columnWidth } = COLUMNS[column];
    return { x: x + offset + inset, y: rows[row], width: columnWidth - 2 * inset, height: ROW };
  };
  const around = (column: keyof typeof COLUMNS): Box => ({ ...inRow(column, 0), y, height: HEADER + 2 * ROW + GAP + PADDING });
  const [users, testers] = [inRow('clients', 0), inRow('clients', 1)];
  const [production, test] = [inRow('loadBalancer', 0, PADDING), inRow('loadBalancer', 1, PADDING)];
  const [blue, green] = [inRow('targetGroups', 0), inRow('targetGroups', 1)];
  const [live, released] = [inRow('service', 0, PADDING), inRow('service', 1, PADDING)];
  const [loadBalancer, service] = [around('loadBalancer'), around('service')];
  const below = drawControl(facts, { x, y: y + service.height + 44, width, height: 0 });
  const tasks: Line[] = [['name', facts.taskCount], ['name', facts.taskSize]];
  const drawing = [
    labelledBox(users, 'box', [['title', 'Users']]),
    labelledBox(testers, 'box', [['title', 'Testers']]),
    rectangle(loadBalancer, 'group'),
    lines(loadBalancer, [['title', 'Load balancer'], ['name', facts.loadBalancer]]),
    labelledBox(production, 'box', listenerLines('Production listener', facts.production)),
    labelledBox(test, 'box', listenerLines('Test listener', facts.test)),
    labelledBox(blue, 'blue', targetGroupLines('Blue target group', facts.blue)),
    labelledBox(green, 'green', targetGroupLines('Green target group', facts.green)),
    rectangle(service, 'group'),
    lines(service, [['title', 'ECS service'], ['name', facts.service]]),
    labelledBox(live, 'blue', [['title', 'Live task set'], ...tasks]),
    labelledBox(released, 'green', [['title', 'New task set'], ...tasks]),
    ...[[users, production], [testers, test], [production, blue], [test, green], [blue, live], [green, released]]
      .map(([from, to]) => arrow([middleRight(from), middleLeft(to)], 'request')),
    // The change by a release: production traffic goes to the other target group.
    arrow([[production.x + production.width, production.y + ROW - 14], [green.x, green.y + 14]], 'control'),
    below.drawing,
    arrow([[loadBalancer.x + loadBalancer.width / 2, below.top], [loadBalancer.x + loadBalancer.width / 2, y + loadBalancer.height]], 'control'),
    label([loadBalancer.x + loadBalancer.width / 2 + 8, below.top - 17], 'shifts traffic', 'start'),
    arrow([[green.x + green.width - 40, green.y + ROW], [green.x + green.width - 40, below.top]], 'request'),
    label([green.x + green.width - 32, below.top - 17], 'metrics of both colours', 'start'),
  ].join('\n');
  return { drawing, height: below.bottom - y };
}

function listenerLines(title: string, { protocol, port, reach }: Listener): Line[] {
  return [['title', title], ['name', `${protocol}, port ${port}`], ['name', reach]];
}

function targetGroupLines(title: string, { name, port, healthCheckPath }: TargetGroup): Line[] {
  return [['title', title], ['name', name], ['name', `port ${port}, GET ${healthCheckPath}`]];
}

/** CodeDeploy with its settings, and the alarms that make it roll back. */
function drawControl(facts: EnvironmentFacts, { x, y, width }: Box): { drawing: string; top: number; bottom: number } {
  const gap = 84;
  const columnWidth = (width - gap) / 2;
  const sentences = [
    `Shifts ${facts.shift}.`,
    `Stops the old task set ${facts.terminationWait} later.`,
    'Swaps the colours with each release.',
  ];
  const codeDeployLines: Line[] = [
    ['title', 'CodeDeploy'],
    ['name', facts.deploymentGroup],
    ...sentences.flatMap((sentence) => wrapped(sentence, capacity(columnWidth, 'note'))).map((line): Line => ['note', line]),
  ];
  const alarmLines: Line[] = [['title', 'Rollback alarms'], ...facts.alarms.map((alarm): Line => ['name', alarm])];
  const height = Math.max(heightOf(codeDeployLines), heightOf(alarmLines));
  const codeDeploy = { x, y, width: columnWidth, height };
  const alarms = { x: x + columnWidth + gap, y, width: columnWidth, height };
  const drawing = [
    labelledBox(codeDeploy, 'box', codeDeployLines),
    labelledBox(alarms, 'alarm', alarmLines),
    arrow([middleLeft(alarms), middleRight(codeDeploy)], 'control'),
    label([alarms.x - gap / 2, y + height / 2 - 8], 'rolls back'),
  ].join('\n');
  return { drawing, top: y, bottom: y + height };
}

function middleLeft({ x, y, height }: Box): Point {
  return [x, y + height / 2];
}

function middleRight({ x, y, width, height }: Box): Point {
  return [x + width, y + height / 2];
}
