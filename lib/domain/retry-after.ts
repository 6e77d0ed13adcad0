/** Longer than any schedule, but still short enough to be added to a time. */
const MAX_SECONDS = 999_999_999;
const FIFTY_YEARS_MS = 50 * 365.25 * 24 * 3_600_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const DAY_NAME = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const LONG_DAY_NAME = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** The three forms of an HTTP date (RFC 9110, section 5.6.7); all of them mean GMT. */
const HTTP_DATES = [
  `${DAY_NAME}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `${LONG_DAY_NAME}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `${DAY_NAME} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * The delay that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds or an HTTP date), in ms. `null` if
 * there is no header or it is neither. Always finite.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), MAX_SECONDS) * 1_000;
  const at = parseHttpDate(text, now);
  return at === null || at <= now ? null : at - now;
}

function parseHttpDate(text: string, now: number): number | null {
  const parts = HTTP_DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (!parts) return null;
  const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number);
  const at = (year: number): number | null => {
    const date = new Date(0);
    date.setUTCFullYear(year, MONTHS.indexOf(parts.month!), day);
    // A day that its month lacks has become a day of the next month.
    return date.getUTCDate() === day ? date.setUTCHours(hour!, minute, second) : null;
  };
  const year = Number(parts.year);
  return parts.year!.length === 4 ? at(year) : at(fullYear(year, now));
}

/** The latest year with these last two digits that is at most 50 years ahead. */
function fullYear(lastDigits: number, now: number): number {
  const latest = new Date(now + FIFTY_YEARS_MS).getUTCFullYear();
  return latest - ((((latest - lastDigits) % 100) + 100) % 100);
}
