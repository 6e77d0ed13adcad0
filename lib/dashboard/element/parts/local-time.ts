const DAY = 86_400_000;
const MINUTE = 60_000;

/** What `<input type="datetime-local">` takes for a time: to the minute, rounded down, in the reader's zone. */
export function toLocalInput(time: number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * Epoch ms; undefined where nothing, or no whole time, was given. Of an hour that comes twice, because the clocks are
 * set back in it, the one on the side of `before`, which the field had before; else the first.
 */
export function fromLocalInput(value: string, before?: number): number | undefined {
  const time = new Date(value).getTime();
  if (Number.isNaN(time)) return undefined;
  if (before !== undefined && toLocalInput(before) === value) return before;
  const instants = instantsOf(time);
  return (
    instants.find((instant) => before !== undefined && offsetOf(instant) === offsetOf(before)) ?? instants[0]
  );
}

/** All times that look like this one in the reader's zone, the first one first: two in an hour that comes twice. */
export function instantsOf(time: number): number[] {
  const asUtc = time - offsetOf(time) * MINUTE;
  const offsets = [...new Set([time - DAY, time, time + DAY].map(offsetOf))];
  return offsets
    .map((offset) => asUtc + offset * MINUTE)
    .filter((instant) => toLocalInput(instant) === toLocalInput(time))
    .sort((a, b) => a - b);
}

/** In minutes, positive west of Greenwich. */
const offsetOf = (time: number): number => new Date(time).getTimezoneOffset();
