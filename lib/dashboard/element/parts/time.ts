import { html, nothing, type TemplateResult } from 'lit';
import { language } from '../texts/language.js';
import { t } from '../texts/t.js';

/** A date format for `language().format`. */
export const dates = (options: Intl.DateTimeFormatOptions) => (locale: string) =>
  new Intl.DateTimeFormat(locale, options);
const exact = dates({ dateStyle: 'full', timeStyle: 'long' });
const thisYear = dates({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
export const TO_THE_SECOND = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
} as const;
const toTheSecond = dates(TO_THE_SECOND);
const otherYear = dates({ year: 'numeric', month: 'short', day: 'numeric' });
const relative = (locale: string): Intl.RelativeTimeFormat =>
  new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

const SECOND = 1000;
type Unit = readonly [
  Intl.RelativeTimeFormatUnit,
  number,
  'time.for-days' | 'time.for-hours' | 'time.for-minutes' | 'time.for-seconds',
];
const SECONDS: Unit = ['second', SECOND, 'time.for-seconds'];
const UNITS: readonly Unit[] = [
  ['day', 86_400 * SECOND, 'time.for-days'],
  ['hour', 3_600 * SECOND, 'time.for-hours'],
  ['minute', 60 * SECOND, 'time.for-minutes'],
  SECONDS,
];

/** Shows a time in the reader's zone and the dashboard's language; hovering shows the exact time. */
export function time(iso: string | null): TemplateResult | typeof nothing {
  if (iso === null) return nothing;
  const date = new Date(iso);
  const format = date.getFullYear() === new Date().getFullYear() ? thisYear : otherYear;
  return stamped(date, language().format(format).format(date));
}

/** Includes seconds and the zone, for times that may be close together. */
export function timeToTheSecond(iso: string): TemplateResult {
  const date = new Date(iso);
  return stamped(date, language().format(toTheSecond).format(date));
}

/** `3 min. ago` or `in 2 hr.`; the date if the time is more than a week away. */
export function timeFromNow(iso: string | null): TemplateResult | typeof nothing {
  if (iso === null) return nothing;
  const date = new Date(iso);
  const away = date.getTime() - Date.now();
  if (Math.abs(away) > 7 * 86_400 * SECOND) return time(iso);
  const [unit, length] = UNITS.find(([, ms]) => Math.abs(away) >= ms) ?? SECONDS;
  return stamped(
    date,
    language()
      .format(relative)
      .format(Math.round(away / length), unit),
  );
}

/** How long something has lasted, such as `for 5 hours`. */
export function lasting(iso: string): TemplateResult {
  const date = new Date(iso);
  const since = Math.max(0, Date.now() - date.getTime());
  const [, length, key] = UNITS.find(([, ms]) => since >= ms) ?? SECONDS;
  return stamped(date, t(key, { count: Math.floor(since / length) }));
}

/** `34 ms`, `1.2 s` or `4 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return t('time.milliseconds', { count: ms });
  if (ms < 60_000) return t('time.seconds', { count: Number((ms / 1_000).toFixed(1)) });
  if (ms < 3_600_000) return t('time.minutes', { count: Math.round(ms / 60_000) });
  if (ms <= 86_400_000 || ms % 86_400_000 !== 0)
    return t('time.hours', { count: Number((ms / 3_600_000).toFixed(1)) });
  return t('time.days', { count: ms / 86_400_000 });
}

const stamped = (date: Date, text: string): TemplateResult =>
  html`<time class="nowrap" datetime=${date.toISOString()} title=${language().format(exact).format(date)}
    >${text}</time
  >`;
