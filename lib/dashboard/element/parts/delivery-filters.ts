import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryView, WebhookEventTypeDescription } from '../api/api-types.js';
import type { Query } from '../api/http.js';
import type { RouteQuery } from '../routing/route.js';
import { spanLabel } from './chart-time.js';
import { icon } from './icon.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import { repeatedHour } from './repeated-hour.js';
import { ERROR_CODES, errorWords } from './response.js';
import { duration } from './time.js';
import { t } from '../texts/t.js';

/** The filter of the log. An empty text means no condition. */
export interface DeliveryFilter {
  readonly status: WebhookDeliveryView['status'] | '';
  readonly eventType: string;
  readonly period: '' | '1h' | '24h' | '7d' | 'custom';
  /** Epoch ms, for a `custom` period. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly tests: '' | 'only' | 'without';
  /** The response of the last attempt: a status such as `503`, a class such as `5xx`, or an error code. */
  readonly response: string;
  /** The minimum duration of the last attempt. */
  readonly slow: string;
  /** An id, or a text that the payload contains. */
  readonly search: string;
  /** Epoch ms. The filter keeps deliveries with an attempt in this span, as counted by a bar of the chart. */
  readonly attemptedFrom: number | undefined;
  readonly attemptedTo: number | undefined;
}

export const NO_FILTER: DeliveryFilter = {
  status: '',
  eventType: '',
  period: '',
  from: undefined,
  to: undefined,
  tests: '',
  response: '',
  slow: '',
  search: '',
  attemptedFrom: undefined,
  attemptedTo: undefined,
};

const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR };

export function queryOf(filter: DeliveryFilter): Query {
  const { status, eventType, period, from, to, tests, response, slow, search } = filter;
  const length = PERIODS[period];
  return {
    status,
    eventType,
    search,
    [STATUS_CODE.test(response) ? 'statusCode' : 'errorCode']: response,
    minDuration: slow,
    attemptedSince: filter.attemptedFrom,
    attemptedUntil: filter.attemptedTo,
    test: tests === '' ? undefined : tests === 'only',
    ...(length === undefined ? {} : { since: Date.now() - length }),
    ...(period === 'custom' ? { since: from, until: to } : {}),
  };
}

/** Turns the filter into the query of the address. */
export function filterQuery({ from, to, attemptedFrom, attemptedTo, ...texts }: DeliveryFilter): RouteQuery {
  const isCustom = texts.period === 'custom';
  return {
    ...texts,
    from: isCustom ? isoOf(from) : '',
    to: isCustom ? isoOf(to) : '',
    attemptedFrom: isoOf(attemptedFrom),
    attemptedTo: isoOf(attemptedTo),
  };
}

const isoOf = (time: number | undefined): string => (time === undefined ? '' : new Date(time).toISOString());

const STATUS_CODE = /^[1-5](?:\d\d|xx)$/;
const ERROR_CODE = /^[a-z-]{1,32}$/;
const ID = /^(?:evt|dlv)_[0-9a-f]{32}$/;
export const MAX_SEARCH = 200;

/** Whether the server has to scan the log because no index answers the filter. */
export const isScan = ({ search, response, slow, attemptedFrom, attemptedTo }: DeliveryFilter): boolean =>
  search === ''
    ? Boolean(response || slow) || attemptedFrom !== undefined || attemptedTo !== undefined
    : !ID.test(search.trim());

/** Reads the filter from the address and ignores values that are no choices. */
export function filterOf(query: RouteQuery = {}): DeliveryFilter {
  const choice = <Value extends string>(name: string, choices: readonly Choice[]): Value =>
    (choices.some(([value]) => value === query[name]) ? query[name] : '') as Value;
  const time = (text = ''): number | undefined => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : ms;
  };
  return {
    status: choice('status', STATUSES),
    // Any name is accepted: the log may contain types that the catalogue no longer has.
    eventType: query.eventType ?? '',
    period: choice('period', PERIOD_CHOICES),
    from: time(query.from),
    to: time(query.to),
    tests: choice('tests', TESTS),
    response: [STATUS_CODE, ERROR_CODE].some((shape) => shape.test(query.response ?? ''))
      ? query.response!
      : '',
    slow: choice('slow', DURATIONS),
    search: (query.search ?? '').slice(0, MAX_SEARCH),
    attemptedFrom: time(query.attemptedFrom),
    attemptedTo: time(query.attemptedTo),
  };
}

export const isFiltered = (filter: DeliveryFilter): boolean => Object.values(filter).some(Boolean);

/** The text to show if a custom period starts after its end. */
export function periodProblem({ period, from, to }: DeliveryFilter): string | undefined {
  return period === 'custom' && from !== undefined && to !== undefined && from >= to
    ? t('log.period-problem')
    : undefined;
}

type Change = (changes: Partial<DeliveryFilter>) => void;
/** The text is a function, because the language can change. */
export type Choice = readonly [value: string, text: () => string];

const STATUSES: readonly Choice[] = [
  ['', () => t('log.all-statuses')],
  ['pending', () => t('status.pending')],
  ['succeeded', () => t('status.succeeded')],
  ['failed', () => t('status.failed')],
  ['canceled', () => t('status.canceled')],
];
export const LAST_PERIODS: readonly Choice[] = [
  ['', () => t('period.any')],
  ['1h', () => t('period.1h')],
  ['24h', () => t('period.24h')],
  ['7d', () => t('period.7d')],
];
const PERIOD_CHOICES: readonly Choice[] = [...LAST_PERIODS, ['custom', () => t('period.custom')]];
export const TESTS: readonly Choice[] = [
  ['', () => t('log.tests.include')],
  ['only', () => t('log.tests.only')],
  ['without', () => t('log.tests.exclude')],
];

const DURATIONS: readonly Choice[] = [
  ['', () => t('log.any-duration')],
  ...Object.entries({ '500ms': 500, '1s': 1_000, '5s': 5_000, '10s': 10_000 }).map(([value, ms]): Choice => [
    value,
    () => t('log.or-longer', { time: duration(ms) }),
  ]),
];
const CLASSES = ['2xx', '3xx', '4xx', '5xx'];

interface FilterOptions {
  readonly types: readonly WebhookEventTypeDescription[];
  /** The statuses in the loaded part of the log. */
  readonly codes: readonly number[];
  readonly change: Change;
  readonly isUnfolded: boolean;
}

export function deliveryFilters(
  filter: DeliveryFilter,
  { types, codes, change, isUnfolded }: FilterOptions,
): TemplateResult {
  const select = (
    name: 'status' | 'eventType' | 'response' | 'slow' | 'period' | 'tests',
    label: string,
    choices: readonly Choice[],
  ): TemplateResult =>
    html`<select
      class="input"
      aria-label=${label}
      @change=${(event: Event) => change({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${filter[name] === value}>${text()}</option>`)}
    </select>`;
  return html`<div
    class="log-filters ${isUnfolded ? 'unfolded' : ''}"
    role="group"
    aria-label=${t('log.filters')}
  >
    ${select('status', t('log.status'), STATUSES)}
    ${select('eventType', t('log.event-type'), typeChoices(filter.eventType, types))}
    ${select('response', t('log.response'), responseChoices(filter.response, codes))}
    ${select('slow', t('log.duration'), DURATIONS)} ${select('period', t('log.period'), PERIOD_CHOICES)}
    ${select('tests', t('log.tests'), TESTS)}
  </div>`;
}

/** Includes the chosen type, which the catalogue may no longer have, or may not have loaded yet. */
export const typeChoices = (
  chosen: string,
  types: readonly WebhookEventTypeDescription[],
): readonly Choice[] => [
  ['', () => t('log.all-event-types')],
  ...[...new Set([...types.map(({ type }) => type), ...(chosen ? [chosen] : [])])].map((type): Choice => [
    type,
    () => type,
  ]),
];

const responseChoices = (chosen: string, codes: readonly number[]): readonly Choice[] => {
  const statuses = new Set([...CLASSES, ...codes.map(String), ...(STATUS_CODE.test(chosen) ? [chosen] : [])]);
  const errors = new Set([...ERROR_CODES, ...(chosen && !STATUS_CODE.test(chosen) ? [chosen] : [])]);
  return [
    ['', () => t('log.any-response')],
    ...[...statuses].sort().map((code): Choice => [code, () => code]),
    ...[...errors].map((code): Choice => [code, () => errorWords(code)]),
  ];
};

/** A button that removes the span that the reader chose on the chart. */
export function attemptedChip(
  { attemptedFrom: from, attemptedTo: to }: DeliveryFilter,
  change: Change,
): unknown {
  if (from === undefined || to === undefined) return nothing;
  return html`<button
    type="button"
    class="button small attempted"
    @click=${() => change({ attemptedFrom: undefined, attemptedTo: undefined })}
  >
    <span
      ><span class="sr-only">${t('log.remove')}</span
      >${t('log.attempted', { span: spanLabel(from, to - from) })}</span
    >
    ${icon('close', 14)}
  </button>`;
}

/** The fields for the start and end of a `custom` period. */
export function customPeriod(filter: DeliveryFilter, change: Change): TemplateResult {
  const problem = periodProblem(filter);
  const field = (name: 'from' | 'to', label: string): TemplateResult =>
    html`<label class="log-time"
        ><span class="muted">${label}</span>
        <input
          class="input"
          type="datetime-local"
          .value=${toLocalInput(filter[name])}
          aria-invalid=${problem ? 'true' : 'false'}
          aria-describedby="period-problem"
          @change=${(event: Event) =>
            change({ [name]: fromLocalInput((event.target as HTMLInputElement).value, filter[name]) })}
        /> </label
      >${repeatedHour(filter[name], label, (time) => change({ [name]: time }))}`;
  return html`<div class="log-period">
    ${field('from', t('log.from'))} ${field('to', t('log.to'))}
    <div id="period-problem" aria-live="polite">
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
    </div>
  </div>`;
}
