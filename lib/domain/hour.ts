export const HOUR_MS = 3_600_000;

/** The start of the hour of a time, both in epoch ms. */
export const hourOf = (time: number): number => time - (time % HOUR_MS);
