/** In braces, so that a cluster keeps the keys together. */
export const defaultPrefix = (identity: string): string => `{webhooks-${identity}}`;

/** A dead worker's job keeps others from being added for as long: what is due is found by the next poll. */
export const LOCK_MS = 5_000;
export const STALLED_INTERVAL_MS = 5_000;
