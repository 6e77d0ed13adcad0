import { html, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import type { Query } from '../api/http.js';

/** What the list of events is narrowed to. Empty texts: not at all. */
export interface EventFilter {
  readonly eventType: string;
  readonly period: string;
  readonly tests: '' | 'only' | 'without';
}

export const NO_EVENT_FILTER: EventFilter = { eventType: '', period: '', tests: '' };

const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = { '1h': HOUR, '24h': 24 * HOUR, '7d': 168 * HOUR };

export const eventQuery = ({ eventType, period, tests }: EventFilter): Query => ({
  eventType,
  test: tests === '' ? undefined : tests === 'only',
  since: PERIODS[period] === undefined ? undefined : Date.now() - PERIODS[period],
});

export const isNarrowed = (filter: EventFilter): boolean => Object.values(filter).some(Boolean);

type Choice = readonly [value: string, text: string];

const PERIOD_CHOICES: readonly Choice[] = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
];
const TESTS: readonly Choice[] = [
  ['', 'With tests'],
  ['only', 'Only tests'],
  ['without', 'Without tests'],
];

export function eventFilters(
  filter: EventFilter,
  types: readonly WebhookEventTypeDescription[],
  change: (changes: Partial<EventFilter>) => void,
): TemplateResult {
  const select = (name: keyof EventFilter, label: string, choices: readonly Choice[]): TemplateResult =>
    html`<select
      class="input"
      aria-label=${label}
      @change=${(event: Event) => change({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${filter[name] === value}>${text}</option>`)}
    </select>`;
  const typeChoices = types.map(({ type }): Choice => [type, type]);
  return html`<div class="toolbar event-filters" role="group" aria-label="Filters">
    ${select('eventType', 'Event type', [['', 'All event types'], ...typeChoices])}
    ${select('period', 'Period', PERIOD_CHOICES)} ${select('tests', 'Tests', TESTS)}
  </div>`;
}
