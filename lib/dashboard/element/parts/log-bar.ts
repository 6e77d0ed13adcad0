import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import type { DeliveryLog } from '../state/delivery-log.js';
import {
  attemptedChip,
  customPeriod,
  deliveryFilters,
  isFiltered,
  isScan,
  MAX_SEARCH,
  type DeliveryFilter,
} from './delivery-filters.js';
import { t } from '../texts/t.js';

interface LogBar {
  /** The text being typed, before it becomes part of the filter. */
  readonly typed: string;
  readonly types: readonly WebhookEventTypeDescription[];
  /** Whether the filters are open on a narrow screen. */
  readonly unfolded: boolean;
  readonly search: (text: string) => void;
  readonly change: (changes: Partial<DeliveryFilter>) => void;
  readonly unfold: () => void;
  readonly exportAll: () => void;
  readonly recover: () => void;
}

/** The toolbar of the log: its filters, and what to do with the filtered deliveries. */
export const logBar = (log: DeliveryLog, bar: LogBar): TemplateResult =>
  html`<div class="toolbar log-bar">
    <input
      class="input grow"
      type="search"
      placeholder=${t('log.search')}
      aria-label=${t('log.search.label')}
      maxlength=${MAX_SEARCH}
      .value=${bar.typed}
      @input=${(event: Event) => bar.search((event.target as HTMLInputElement).value)}
    />
    <button type="button" class="button narrow-only" aria-expanded=${bar.unfolded} @click=${bar.unfold}>
      ${t(isFiltered(log.filter) ? 'log.filters-on' : 'log.filters')}
    </button>
    ${deliveryFilters(log.filter, {
      ...bar,
      codes: log.rows.flatMap(({ statusCode }) => statusCode ?? []),
      isUnfolded: bar.unfolded,
    })}
    ${log.filter.period === 'custom' ? customPeriod(log.filter, bar.change) : nothing}
    ${attemptedChip(log.filter, bar.change)}
    <div class="row log-actions">
      ${isScan(log.filter) ? searchAgain(log) : live(log)}
      <button type="button" class="button" @click=${bar.exportAll}>${t('log.export')}</button>
      <button type="button" class="button" aria-label=${t('log.recover')} @click=${bar.recover}>
        <span class="wide-only">${t('log.recover')}</span>
        <span class="narrow-only">${t('log.recover.short')}</span>
      </button>
    </div>
  </div>`;

/** A search does not refresh itself, because each one makes the server read thousands of payloads. */
const searchAgain = (log: DeliveryLog): TemplateResult =>
  html`<button type="button" class="button quiet small" @click=${log.refresh}>
    ${t('log.search-again')}
  </button>`;

function live({ isPaused, list, pause }: DeliveryLog): TemplateResult {
  const connected = list.error === undefined;
  const text = t(isPaused ? 'paused' : connected ? 'log.live' : 'log.not-connected');
  return html`<span class="log-live small ${isPaused || !connected ? 'muted' : 'on'}">${text}</span>
    <button
      type="button"
      class="button quiet small"
      aria-label=${t(isPaused ? 'log.resume.label' : 'log.pause.label')}
      @click=${pause}
    >
      ${t(isPaused ? 'log.resume' : 'log.pause')}
    </button>`;
}
