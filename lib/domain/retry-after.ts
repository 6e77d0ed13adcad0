/**
 * The delay that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds or an HTTP date), in ms, or
 * `null` where there is none or it makes no sense.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes far more than HTTP dates; all three forms of those begin with the day's name.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  // The form of asctime names no zone: all three mean GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) || at <= now ? null : at - now;
}
