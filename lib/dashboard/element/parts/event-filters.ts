import { html, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import type { Query } from '../api/http.js';
import type { RouteQuery } from '../routing/route.js';
import { LAST_PERIODS, TESTS, typeChoices, type Choice } from './delivery-filters.js';
import { t } from '../texts/t.js';

/** The filter of the list of events. An empty text means no condition. */
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

/** Reads the filter from the address and ignores values that are no choices. */
export function eventFilterOf(query: RouteQuery = {}): EventFilter {
  const choice = (name: string, choices: readonly Choice[]): string =>
    choices.find(([value]) => value === query[name])?.[0] ?? '';
  return {
    eventType: query.eventType ?? '',
    period: choice('period', LAST_PERIODS),
    tests: choice('tests', TESTS) as EventFilter['tests'],
  };
}

export const isNarrowed = (filter: EventFilter): boolean => Object.values(filter).some(Boolean);

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
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${filter[name] === value}>${text()}</option>`)}
    </select>`;
  return html`<div class="toolbar event-filters" role="group" aria-label=${t('log.filters')}>
    ${select('eventType', t('log.event-type'), typeChoices(filter.eventType, types))}
    ${select('period', t('log.period'), LAST_PERIODS)} ${select('tests', t('log.tests'), TESTS)}
  </div>`;
}
