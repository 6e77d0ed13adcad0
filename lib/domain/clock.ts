/** Where every time in this package comes from, in epoch milliseconds. Tests move it. */
export interface WebhookClock {
  now(): number;
}

export const systemClock: WebhookClock = { now: () => Date.now() };

/** As the system's clock was when the process started, and on from there, whoever sets that one meanwhile. */
export const steadyClock: WebhookClock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
};
