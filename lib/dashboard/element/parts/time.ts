import { html, nothing, type TemplateResult } from 'lit';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const thisYear = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const toTheSecond = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const otherYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

const SECOND = 1000;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400 * SECOND],
  ['hour', 3_600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
];

/** In the reader's zone and language, with the exact time on hover. */
export function time(iso: string | null): TemplateResult | typeof nothing {
  if (iso === null) return nothing;
  const date = new Date(iso);
  const format = date.getFullYear() === new Date().getFullYear() ? thisYear : otherYear;
  return stamped(date, format.format(date));
}

/** For what may be seconds apart; with the zone. */
export function timeToTheSecond(iso: string): TemplateResult {
  const date = new Date(iso);
  return stamped(date, toTheSecond.format(date));
}

/** `3 min. ago`, `in 2 hr.`; the date where it is more than a week away. */
export function timeFromNow(iso: string | null): TemplateResult | typeof nothing {
  if (iso === null) return nothing;
  const date = new Date(iso);
  const away = date.getTime() - Date.now();
  if (Math.abs(away) > 7 * 86_400 * SECOND) return time(iso);
  const [unit, length] = UNITS.find(([, ms]) => Math.abs(away) >= ms) ?? ['second', SECOND];
  return stamped(date, relative.format(Math.round(away / length), unit));
}

/** `for 5 hours`, in the language of the sentences that it stands in: a reader's own would come in the middle of ours. */
export function lasting(iso: string): TemplateResult {
  const date = new Date(iso);
  const since = Math.max(0, Date.now() - date.getTime());
  const [unit, length] = UNITS.find(([, ms]) => since >= ms) ?? ['second', SECOND];
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return stamped(date, `for ${new Intl.NumberFormat('en', style).format(Math.floor(since / length))}`);
}

/** `34 ms`, `1.2 s`, `4 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000 || ms % 86_400_000 !== 0) return `${Number((ms / 3_600_000).toFixed(1))} h`;
  return ms === 86_400_000 ? '24 h' : `${ms / 86_400_000} days`;
}

const stamped = (date: Date, text: string): TemplateResult =>
  html`<time class="nowrap" datetime=${date.toISOString()} title=${exact.format(date)}>${text}</time>`;
