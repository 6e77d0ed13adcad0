/**
 * A due delivery that is paused is parked: its next attempt is moved so far ahead that no claim finds it, and moved
 * back when the pause ends. In ms. The resulting time is still one that `Date` knows.
 */
export const PARKED_MS = 1e15;

/** The parked time of a delivery that is due at `dueAt`, epoch ms. */
export const parkedAt = (dueAt: number): number => dueAt + PARKED_MS;

/** When a delivery is due, parked or not. */
export const dueAtOf = (nextAttemptAt: number | null): number | null =>
  nextAttemptAt !== null && nextAttemptAt >= PARKED_MS ? nextAttemptAt - PARKED_MS : nextAttemptAt;
