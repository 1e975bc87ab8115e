import { Action, Stage } from './facts';
import { arrow, Box, labelledBox, Line, lines, rectangle } from './svg';

const STAGE = { width: 172, inset: 8, header: 32, gap: 25, rowGap: 36 };
const ACTION = { height: 48, inset: 7, gap: 6 };

/** The stages from left to right, in as many rows as they need; returns the drawing and its height. */
export function drawStages(stages: readonly Stage[], x: number, y: number, width: number): { drawing: string; height: number } {
  const perRow = Math.floor((width + STAGE.gap) / (STAGE.width + STAGE.gap));
  const rows = Array.from({ length: Math.ceil(stages.length / perRow) }, (_, row) => stages.slice(row * perRow, (row + 1) * perRow));
  const boxes: Box[] = [];
  let top = y;
  for (const row of rows) {
    const height = Math.max(...row.map(heightOfStage));
    boxes.push(...row.map((_, column) => ({ x: x + column * (STAGE.width + STAGE.gap), y: top, width: STAGE.width, height })));
    top += height + STAGE.rowGap;
  }
  const drawing = [
    ...stages.map((stage, index) => drawStage(stage, boxes[index])),
    ...boxes.slice(1).map((box, index) => transition(boxes[index], box)),
  ].join('\n');
  return { drawing, height: top - STAGE.rowGap - y };
}

function heightOfStage({ steps }: Stage): number {
  return STAGE.header + steps.length * (ACTION.height + ACTION.gap) + STAGE.inset - ACTION.gap;
}

function drawStage({ name, steps }: Stage, box: Box): string {
  const title: Line = ['title', name];
  return [
    rectangle(box, 'group'),
    lines(box, [title], STAGE.inset),
    ...steps.flatMap((actions, step) => actions.map((action, index) => {
      const width = (box.width - 2 * STAGE.inset - (actions.length - 1) * ACTION.gap) / actions.length;
      return drawAction(action, {
        x: box.x + STAGE.inset + index * (width + ACTION.gap),
        y: box.y + STAGE.header + step * (ACTION.height + ACTION.gap),
        width,
        height: ACTION.height,
      });
    })),
  ].join('\n');
}

function drawAction({ name, category, provider }: Action, box: Box): string {
  return labelledBox(box, category === 'Approval' ? 'approval' : 'box', [['title', name], ['name', provider]], ACTION.inset);
}

/** To the box on the right, or to the start of the next row. */
function transition(from: Box, to: Box): string {
  if (from.y === to.y) {
    const y = from.y + from.height / 2;
    return arrow([[from.x + from.width, y], [to.x, y]], 'request');
  }
  const [start, end] = [from, to].map(({ x, width }) => x + width / 2);
  const between = to.y - STAGE.rowGap / 2;
  return arrow([[start, from.y + from.height], [start, between], [end, between], [end, to.y]], 'request');
}
