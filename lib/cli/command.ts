/** Says a line to whoever has called. */
export type Say = (line: string) => void;

export interface Command {
  /** @returns the exit code */
  readonly run: (given: readonly string[], say: Say) => number | Promise<number>;
  readonly help: string;
}

/** The command was called in a way that it can't follow. */
export class UsageError extends Error {}
