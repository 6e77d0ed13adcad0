const MAX_TRIES = 8;
const LONGEST_PAUSE_MS = 50;

/**
 * Repeats a write until it succeeds: another process may be faster. Pauses between tries for a random time that grows.
 * Resolves with `undefined` if all tries failed; no contention lasts so long.
 */
export async function compareAndSet<Result>(
  attempt: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  for (let tries = 1; ; tries++) {
    const result = await attempt();
    if (result !== undefined || tries === MAX_TRIES) return result;
    const pause = Math.random() * Math.min(2 ** tries, LONGEST_PAUSE_MS);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
