const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `'15s'`, `'5m'`, `'2h'`, `'30d'`, `'250ms'`, or a number of milliseconds. */
export type WebhookDuration = number | `${number}${keyof typeof UNIT_MS}`;

/** 24.8 days. Node fires a longer timer at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** A duration written as a text. */
export const DURATION_PATTERN = String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$`;

/** The duration in milliseconds; `undefined` if `value` is no duration. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim());
  if (!match) return undefined;
  const ms = Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
  return Number.isSafeInteger(ms) ? ms : undefined;
}
