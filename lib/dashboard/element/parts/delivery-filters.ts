import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryView, WebhookEventTypeDescription } from '../api/api-types.js';
import type { Query } from '../api/http.js';
import type { RouteQuery } from '../routing/route.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import { repeatedHour } from './repeated-hour.js';

/** What the log is narrowed to. Empty texts: not at all. */
export interface DeliveryFilter {
  readonly status: WebhookDeliveryView['status'] | '';
  readonly eventType: string;
  readonly period: '' | '1h' | '24h' | '7d' | 'custom';
  /** Epoch ms, for a `custom` period. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly tests: '' | 'only' | 'without';
}

export const NO_FILTER: DeliveryFilter = {
  status: '',
  eventType: '',
  period: '',
  from: undefined,
  to: undefined,
  tests: '',
};

const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR };

export function queryOf({ status, eventType, period, from, to, tests }: DeliveryFilter): Query {
  const length = PERIODS[period];
  return {
    status,
    eventType,
    test: tests === '' ? undefined : tests === 'only',
    ...(length === undefined ? {} : { since: Date.now() - length }),
    ...(period === 'custom' ? { since: from, until: to } : {}),
  };
}

/** As the address has it. */
export const filterQuery = ({ status, eventType, period, from, to, tests }: DeliveryFilter): RouteQuery => ({
  status,
  eventType,
  period,
  from: period === 'custom' && from !== undefined ? new Date(from).toISOString() : '',
  to: period === 'custom' && to !== undefined ? new Date(to).toISOString() : '',
  tests,
});

/** What the address has, without what is no choice. */
export function filterOf(query: RouteQuery = {}): DeliveryFilter {
  const choice = <Value extends string>(name: string, choices: readonly Choice[]): Value =>
    (choices.some(([value]) => value === query[name]) ? query[name] : '') as Value;
  const time = (text = ''): number | undefined => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : ms;
  };
  return {
    status: choice('status', STATUSES),
    // Types come and go, and the API knows each that was.
    eventType: query.eventType ?? '',
    period: choice('period', PERIOD_CHOICES),
    from: time(query.from),
    to: time(query.to),
    tests: choice('tests', TESTS),
  };
}

export const isFiltered = (filter: DeliveryFilter): boolean =>
  Boolean(filter.status || filter.eventType || filter.period || filter.tests);

/** What is wrong with a custom period, in words. */
export function periodProblem({ period, from, to }: DeliveryFilter): string | undefined {
  return period === 'custom' && from !== undefined && to !== undefined && from >= to
    ? 'The start must be before the end.'
    : undefined;
}

type Change = (changes: Partial<DeliveryFilter>) => void;
export type Choice = readonly [value: string, text: string];

const STATUSES: readonly Choice[] = [
  ['', 'All statuses'],
  ['pending', 'Pending'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
  ['canceled', 'Canceled'],
];
const PERIOD_CHOICES: readonly Choice[] = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['custom', 'Custom range'],
];
const TESTS: readonly Choice[] = [
  ['', 'Include tests'],
  ['only', 'Only tests'],
  ['without', 'Exclude tests'],
];

export function deliveryFilters(
  filter: DeliveryFilter,
  types: readonly WebhookEventTypeDescription[],
  change: Change,
  isUnfolded: boolean,
): TemplateResult {
  const select = (
    name: Exclude<keyof DeliveryFilter, 'from' | 'to'>,
    label: string,
    choices: readonly Choice[],
  ): TemplateResult =>
    html`<select
      class="input"
      aria-label=${label}
      @change=${(event: Event) => change({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${filter[name] === value}>${text}</option>`)}
    </select>`;
  return html`<div class="log-filters ${isUnfolded ? 'unfolded' : ''}" role="group" aria-label="Filters">
    ${select('status', 'Status', STATUSES)}
    ${select('eventType', 'Event type', typeChoices(filter.eventType, types))}
    ${select('period', 'Period', PERIOD_CHOICES)} ${select('tests', 'Tests', TESTS)}
  </div>`;
}

/** The chosen one too, which may have gone or is yet to be loaded. */
export const typeChoices = (
  chosen: string,
  types: readonly WebhookEventTypeDescription[],
): readonly Choice[] => [
  ['', 'All event types'],
  ...[...new Set([...types.map(({ type }) => type), ...(chosen ? [chosen] : [])])].map((type): Choice => [
    type,
    type,
  ]),
];

/** From when to when, for a `custom` period. */
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
    ${field('from', 'From')} ${field('to', 'To')}
    <div id="period-problem" aria-live="polite">
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
    </div>
  </div>`;
}
