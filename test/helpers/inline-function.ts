type Handler = (event: unknown) => Promise<void>;

/** The clock, the log and the other globals that a test passes to the inline code of a function. */
export interface InlineContext {
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (line: string) => void;
  /** A signal that aborts after the timeout of a request. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  readonly globals?: { readonly [name: string]: unknown };
}

/** Loads inline code like Lambda. */
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
