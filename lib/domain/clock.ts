/** The source of every time in this package, in epoch milliseconds. Tests move it. */
export interface WebhookClock {
  now(): number;
}

export const systemClock: WebhookClock = { now: () => Date.now() };

/**
 * Takes the system's time once, at the start of the process, and counts on from there. So a later change of the
 * system's clock has no effect.
 */
export const steadyClock: WebhookClock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
};
