/** The braces keep the keys of a cluster together. */
export const defaultPrefix = (identity: string): string => `{webhooks-${identity}}`;

/** The lock of a dead worker's job keeps others from being added for this long. Polls find what is due meanwhile. */
export const LOCK_MS = 5_000;
export const STALLED_INTERVAL_MS = 5_000;
