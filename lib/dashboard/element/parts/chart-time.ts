import { language } from '../texts/language.js';
import { dates } from './time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_HOURS = [1, 2, 3, 6, 12, ...[1, 2, 3, 5, 7, 10, 14, 30, 90, 365].map((days) => days * 24)];

const day = dates({ month: 'short', day: 'numeric' });
const clock = dates({ hour: 'numeric', minute: '2-digit' });
const hour = dates({ hour: 'numeric' });
const wholeDay = dates({ weekday: 'short', month: 'short', day: 'numeric' });
const moment = dates({
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

const isMidnight = (date: Date): boolean => date.getHours() === 0 && date.getMinutes() === 0;

/** Returns at most `most` ticks, at full hours or midnights of the reader's zone. */
export function timeTicks(fromMs: number, toMs: number, most: number): { at: number; label: string }[] {
  const step = STEP_HOURS.find((hours) => (toMs - fromMs) / HOUR_MS / hours <= most) ?? STEP_HOURS.at(-1)!;
  const first = new Date(fromMs);
  const ticks: { at: number; label: string }[] = [];
  for (let hours = 0; ; hours += step) {
    // The calendar decides: a day on which the clocks change has 23 or 25 hours.
    const date = new Date(first.getFullYear(), first.getMonth(), first.getDate(), hours);
    const at = date.getTime();
    if (at > toMs) return ticks;
    // An hour that the clocks skip is the next one.
    if (at >= fromMs && at !== ticks.at(-1)?.at) ticks.push({ at, label: tickLabel(date, step) });
  }
}

/** The time of day, or the date at the start of a day. */
function tickLabel(date: Date, stepHours: number): string {
  if (stepHours >= 24 || isMidnight(date)) return language().format(day).format(date);
  const hours = language().format(hour);
  // `2 PM` is enough; a mere `14` is not.
  return (hours.resolvedOptions().hour12 === true ? hours : language().format(clock)).format(date);
}

/** The start and end of a bucket. Days are those of UTC, so in other zones they begin during a day. */
export function spanLabel(startMs: number, bucketMs: number): string {
  const start = new Date(startMs);
  if (bucketMs === DAY_MS && isMidnight(start)) return language().format(wholeDay).format(start);
  return language()
    .format(moment)
    .formatRange(start, new Date(startMs + bucketMs));
}
