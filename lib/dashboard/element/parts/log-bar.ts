import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import {
  attemptedChip,
  customPeriod,
  deliveryFilters,
  isFiltered,
  isScan,
  MAX_SEARCH,
  type DeliveryFilter,
} from './delivery-filters.js';

interface LogBar {
  readonly filter: DeliveryFilter;
  /** What is being typed, which is not in the filter yet. */
  readonly typed: string;
  readonly types: readonly WebhookEventTypeDescription[];
  /** Statuses that the log has, as far as it is loaded. */
  readonly codes: readonly number[];
  /** The filters, where there is no room for them. */
  readonly unfolded: boolean;
  readonly paused: boolean;
  readonly connected: boolean;
  readonly search: (text: string) => void;
  readonly change: (changes: Partial<DeliveryFilter>) => void;
  readonly unfold: () => void;
  readonly pause: () => void;
  readonly searchAgain: () => void;
  readonly exportAll: () => void;
  readonly recover: () => void;
}

/** What the log is narrowed to, and what can be done with all of it. */
export const logBar = (bar: LogBar): TemplateResult =>
  html`<div class="toolbar log-bar">
    <input
      class="input grow"
      type="search"
      placeholder="Search by event id, delivery id or payload text"
      aria-label="Search deliveries by event id, delivery id or payload text"
      maxlength=${MAX_SEARCH}
      .value=${bar.typed}
      @input=${(event: Event) => bar.search((event.target as HTMLInputElement).value)}
    />
    <button type="button" class="button narrow-only" aria-expanded=${bar.unfolded} @click=${bar.unfold}>
      ${isFiltered(bar.filter) ? 'Filters (on)' : 'Filters'}
    </button>
    ${deliveryFilters(bar.filter, { ...bar, isUnfolded: bar.unfolded })}
    ${bar.filter.period === 'custom' ? customPeriod(bar.filter, bar.change) : nothing}
    ${attemptedChip(bar.filter, bar.change)}
    <div class="row log-actions">
      ${isScan(bar.filter) ? searchAgain(bar) : live(bar)}
      <button type="button" class="button" @click=${bar.exportAll}>Export…</button>
      <button type="button" class="button" aria-label="Recover missed events…" @click=${bar.recover}>
        <span>Recover<span class="wide-only"> missed events</span>…</span>
      </button>
    </div>
  </div>`;

/** A search does not go on by itself: each one has the server read thousands of payloads. */
const searchAgain = (bar: LogBar): TemplateResult =>
  html`<button type="button" class="button quiet small" @click=${bar.searchAgain}>Search again</button>`;

function live({ paused, connected, pause }: LogBar): TemplateResult {
  const text = paused ? 'Paused' : connected ? 'Live' : 'Not connected';
  return html`<span class="log-live small ${paused || !connected ? 'muted' : 'on'}">${text}</span>
    <button
      type="button"
      class="button quiet small"
      aria-label=${paused ? 'Resume live updates' : 'Pause live updates'}
      @click=${pause}
    >
      ${paused ? 'Resume' : 'Pause'}
    </button>`;
}
