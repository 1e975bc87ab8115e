/** The exit codes of every command. */
export const EXIT = { ok: 0, finding: 1, failure: 2 } as const;

/** Ends a command with one sentence and the exit code 2: wrong usage, or no input to read. */
export class CommandError extends Error {}
