/** A rectangle of the picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

/** A line of text: its words and the class that style.css gives a size and a colour. */
export type Line = readonly [kind: keyof typeof SIZES, words: string];

const SIZES = { heading: 16, title: 13, name: 12, note: 12 };
const LINE_HEIGHT = 1.35;
/** The average width of a character of a wide system font, relative to its size. */
const CHARACTER = 0.58;
/** The smallest size that can be read. */
const SMALLEST = 9;
export const PADDING = 10;

export function rectangle({ x, y, width, height }: Box, kind: string): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

/** Lines below each other from the top left of a box. A line that would leave the box gets a smaller font. */
export function lines({ x, y, width }: Box, all: readonly Line[], inset = PADDING): string {
  let baseline = y + inset;
  return all.map(([kind, words]) => {
    baseline += SIZES[kind] * LINE_HEIGHT;
    const top = round(baseline - SIZES[kind] * (LINE_HEIGHT - 1));
    const size = sizeOf(kind, words, width - 2 * inset);
    const style = size === SIZES[kind] ? '' : ` style="font-size: ${size}px"`;
    return `<text class="${kind}" x="${x + inset}" y="${top}"${style}>${escapeText(words)}</text>`;
  }).join('\n');
}

function sizeOf(kind: keyof typeof SIZES, words: string, width: number): number {
  const size = round(Math.min(SIZES[kind], width / (words.length * CHARACTER)));
  if (size < SMALLEST) {
    throw new Error(`"${words}" does not fit into ${width} pixels: make its box in scripts/picture wider`);
  }
  return size;
}

export function heightOf(all: readonly Line[], inset = PADDING): number {
  return Math.ceil(all.reduce((sum, [kind]) => sum + SIZES[kind] * LINE_HEIGHT, 2 * inset));
}

/** The number of characters that a line has room for. */
export function capacity(width: number, kind: keyof typeof SIZES): number {
  return Math.floor((width - 2 * PADDING) / (SIZES[kind] * CHARACTER));
}

export function labelledBox(box: Box, kind: string, all: readonly Line[], inset = PADDING): string {
  return `${rectangle(box, kind)}\n${lines(box, all, inset)}`;
}

/** A line through points that ends in an arrowhead. */
export function arrow(points: readonly Point[], kind: 'request' | 'control'): string {
  return `<polyline class="${kind}" points="${points.map((point) => point.join(',')).join(' ')}" marker-end="url(#${kind}-head)"/>`;
}

export function label([x, y]: Point, words: string, anchor: 'start' | 'middle' | 'end' = 'middle'): string {
  return `<text class="note" x="${x}" y="${y}" text-anchor="${anchor}">${escapeText(words)}</text>`;
}

/** The arrowhead of a kind of line. */
export function arrowhead(kind: string): string {
  return `<marker id="${kind}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">`
    + `<path class="${kind}-head" d="M0,0 L8,4 L0,8 z"/></marker>`;
}

export function escapeText(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
