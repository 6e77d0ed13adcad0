export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** `from` inclusive, `to` exclusive, in epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** `2023-05-15T14:22:30Z`, as in the envelope of a webhook. */
export const isoTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `2023-05-15`, in UTC. */
export const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const startOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

/** Monday, 00:00 UTC. */
export function startOfWeek(ms: number): number {
  const daysSinceMonday = (new Date(ms).getUTCDay() + 6) % 7;
  return startOfDay(ms) - daysSinceMonday * DAY_MS;
}
