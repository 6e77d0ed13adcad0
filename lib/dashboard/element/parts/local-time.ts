const DAY = 86_400_000;
const MINUTE = 60_000;

/** Formats a time for `<input type="datetime-local">`: in the reader's zone, rounded down to the minute. */
export function toLocalInput(time: number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * Returns epoch ms; `undefined` if the value is empty or incomplete. When clocks are set back, an hour
 * repeats. Then the result has the same offset from UTC as `before`, the field's previous time, if there is
 * one; otherwise it is the earlier time.
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

/** Returns all times that the reader's zone shows alike, earliest first: two in a repeated hour. */
export function instantsOf(time: number): number[] {
  const asUtc = time - offsetOf(time) * MINUTE;
  const offsets = [...new Set([time - DAY, time, time + DAY].map(offsetOf))];
  return offsets
    .map((offset) => asUtc + offset * MINUTE)
    .filter((instant) => toLocalInput(instant) === toLocalInput(time))
    .sort((a, b) => a - b);
}

/** The zone's offset in minutes, positive west of Greenwich. */
const offsetOf = (time: number): number => new Date(time).getTimezoneOffset();
