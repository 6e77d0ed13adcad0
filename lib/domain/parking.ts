/**
 * A delivery that is due while it is paused is parked: its next attempt is moved so far ahead that no claim finds it, and moved back
 * when the pause ends. In ms; the time that it makes is still one that `Date` knows.
 */
export const PARKED_MS = 1e15;

/** Epoch ms of what is due at `dueAt`, while it is parked. */
export const parkedAt = (dueAt: number): number => dueAt + PARKED_MS;

/** When something is due, parked or not. */
export const dueAtOf = (nextAttemptAt: number | null): number | null =>
  nextAttemptAt !== null && nextAttemptAt >= PARKED_MS ? nextAttemptAt - PARKED_MS : nextAttemptAt;
