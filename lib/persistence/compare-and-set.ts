const MAX_TRIES = 8;
const LONGEST_PAUSE_MS = 50;

/**
 * Tries again until it gives something, for writes that another may be faster with. It pauses between the tries, for a
 * random time that grows, and gives `undefined` once all of them were in vain: no contention lasts so long.
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
