import { DURATION_PATTERN, parseDuration, type WebhookDuration } from '../domain/duration.js';
import { UsageError } from './command.js';

/** @throws UsageError */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${option} must be a whole number from ${least} to ${most}, got ${text}.`);
}

/** In ms. @throws UsageError */
export function duration(option: string, text: string): number {
  const value = new RegExp(DURATION_PATTERN).test(text) ? parseDuration(text as WebhookDuration) : undefined;
  if (value !== undefined) return value;
  throw new UsageError(`--${option} must be a duration such as 250ms, 5s, 10m, 2h or 1d, got ${text}.`);
}

/** Epoch ms: a time in ISO 8601, or how long ago. @throws UsageError */
export function time(option: string, text: string, now: number): number {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const value = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(value)) return value;
  throw new UsageError(
    `--${option} must be a time such as 2026-05-15T14:22:30Z, or how long ago, such as 2h, got ${text}.`,
  );
}

/** A duration of any length, in one unit: `90 s`, `3 h`. */
export function shortDuration(ms: number): string {
  const [limit, unit] = UNITS.find(([size]) => Math.abs(ms) >= 2 * size) ?? [1_000, 's'];
  return `${Math.round(Math.abs(ms) / limit)} ${unit}`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** Foreign text of several lines, with control characters escaped, so that it can't steer a terminal. */
export const shownLines = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
