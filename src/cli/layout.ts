/** The width of a report: fits a terminal, an e-mail and a printed page. */
export const WIDTH = 100;

/** A label with its sentences. */
export type Fact = [label: string, ...texts: string[]];

/** An entry of a section: its name, its description and its facts. */
export interface Entry {
  readonly name?: string;
  readonly says?: string[];
  readonly facts?: Fact[];
  /** Lines that are laid out already. */
  readonly lines?: string[];
}

/** A part of a report. */
export interface Section {
  readonly title: string;
  readonly entries: Entry[];
}

/** Report of a command about a stack, as text and as data. */
export interface Report {
  readonly headline: string[];
  readonly sections: Section[];
  readonly data: object;
  readonly notKnown: readonly string[];
  readonly findings: readonly string[];
}

export function reportLines({ headline, sections, notKnown, findings }: Report): string[] {
  const list = (title: string, texts: readonly string[]): Section[] =>
    (texts.length === 0 ? [] : [{ title, entries: [{ says: texts.map((text) => `- ${text}`) }] }]);
  const all = [...sections, ...list('Not known', notKnown), ...list('Findings', findings)];
  return [...headline, ...all.flatMap(sectionLines)];
}

export function sectionLines({ title, entries }: Section): string[] {
  return ['', title.toUpperCase(), '-'.repeat(WIDTH), ...entries.flatMap((entry, index) =>
    [...(index === 0 ? [] : ['']), ...entryLines(entry)])];
}

function entryLines({ name, says = [], facts = [], lines = [] }: Entry): string[] {
  const indent = name === undefined ? 0 : 2;
  return [
    ...paragraph(name ?? ''),
    ...says.flatMap((text) => (text.startsWith('- ') ? bullet(text.slice(2), indent) : paragraph(text, indent))),
    ...facts.flatMap(([label, ...texts]) => columns([label], texts, indent, 18)),
    ...lines,
  ];
}

/** Lines of at most `width` characters. A longer name continues on the next line, after a slash or a colon. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const [separator, part] of text.split(/\s+/).flatMap((word) => partsOf(word, width))) {
    const last = lines.at(-1);
    if (last === undefined || last.length + separator.length + part.length > width) {
      lines.push(part);
    } else {
      lines[lines.length - 1] = last + separator + part;
    }
  }
  return lines;
}

/** A word, or the parts of a long one, each with what separates it from the part before. */
function partsOf(word: string, width: number): [separator: string, part: string][] {
  const parts = word.length > width ? word.match(/[^/:]*[/:]|[^/:]+/g) ?? [] : [word];
  return parts.filter((part) => part !== '').map((part, index) => [index === 0 ? ' ' : '', part]);
}

export function paragraph(text: string, indent = 0): string[] {
  return wrapped(text, WIDTH - indent).map((line) => ' '.repeat(indent) + line);
}

export function bullet(text: string, indent = 0): string[] {
  return columns(['-'], [text], indent, 2);
}

/** Lays out two columns: lines, and strings to the right of them. */
export function columns(lefts: string[], texts: readonly string[], indent: number, leftWidth: number): string[] {
  const rights = texts.flatMap((text) => wrapped(text, WIDTH - indent - leftWidth));
  return Array.from({ length: Math.max(lefts.length, rights.length) }, (_, index) =>
    (' '.repeat(indent) + (lefts[index] ?? '').padEnd(leftWidth) + (rights[index] ?? '')).trimEnd());
}

/** `a, b and c` */
export function listed(words: readonly string[], conjunction = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}

/** Groups values by key, in the order of the keys. */
export function groupedBy<T>(pairs: (readonly [key: string, value: T])[]): [key: string, values: T[]][] {
  const groups = new Map<string, T[]>();
  pairs.forEach(([key, value]) => groups.set(key, [...groups.get(key) ?? [], value]));
  return [...groups];
}

/** `1 task`, `2 tasks`, `an unknown number of tasks` */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  if (Number.isNaN(count)) {
    return `an unknown number of ${plural}`;
  }
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}

/** `5 minutes`, `2 hours`, `7 days`: the largest unit that leaves a whole number. */
export function duration(minutes: number): string {
  const units: [number, string][] = [[24 * 60, 'day'], [60, 'hour'], [1, 'minute']];
  const [size, noun] = units.find(([length]) => minutes >= length && minutes % length === 0) ?? [1, 'minute'];
  return counted(minutes / size, noun);
}

/** Describes a retention in days, or for ever if none is set. */
export function retention(days: number): string {
  return Number.isNaN(days) ? 'for ever' : duration(days * 24 * 60);
}
