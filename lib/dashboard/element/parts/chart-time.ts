const DAY_MS = 86_400_000;

const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const wholeDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', month: 'short', day: 'numeric' });
const moment = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

const hour = new Intl.DateTimeFormat(undefined, { hour: 'numeric' });
/** `2 PM` is enough; a mere `14` is not. */
const isTwelveHours = hour.resolvedOptions().hour12 === true;

const isMidnight = (date: Date): boolean => date.getHours() === 0 && date.getMinutes() === 0;

/** Beside the axis: the time of the day, and the date where a day begins. */
export function tickLabel(atMs: number, stepMs: number): string {
  const date = new Date(atMs);
  if (stepMs >= DAY_MS || isMidnight(date)) return day.format(date);
  return (isTwelveHours && date.getMinutes() === 0 ? hour : clock).format(date);
}

/** From when to when a bucket goes. The server's days are those of UTC: elsewhere they begin within a day. */
export function spanLabel(startMs: number, bucketMs: number): string {
  const start = new Date(startMs);
  if (bucketMs === DAY_MS && isMidnight(start)) return wholeDay.format(start);
  return moment.formatRange(start, new Date(startMs + bucketMs));
}
