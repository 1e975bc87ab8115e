type Handler = (event: unknown) => Promise<void>;

/** What the inline code of a function gets from a test in the place of the clock, the log and the like. */
export interface InlineContext {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (line: string) => void;
  /** A signal that aborts when the time for an answer is over. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  readonly globals?: { readonly [name: string]: unknown };
}

/** Loads inline code as Lambda does. */
export function loadInline(code: string, { sleep, log, timeout, globals }: InlineContext): Handler {
  const loaded: { handler?: Handler } = {};
  const given = {
    exports: loaded,
    require: (name: string): unknown => (name === 'node:timers/promises' ? { setTimeout: sleep } : jest.requireActual(name)),
    console: { log, error: log },
    AbortSignal: { timeout },
    ...globals,
  };
  new Function(...Object.keys(given), code)(...Object.values(given));
  return loaded.handler!;
}
