/** Where every time in this package comes from, in epoch milliseconds. Tests move it. */
export interface WebhookClock {
  now(): number;
}

export const systemClock: WebhookClock = { now: () => Date.now() };
