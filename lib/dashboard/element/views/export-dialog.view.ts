import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryView, WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { isFiltered, queryOf, type DeliveryFilter } from '../parts/delivery-filters.js';
import { csvOf, download } from '../parts/export.js';
import { modal } from '../parts/modal.js';
import { count } from '../parts/recovery.js';
import { messageOf } from '../texts/error-texts.js';

const PAGE = 250;
const MOST = 10_000;

/** Writes the log, as it is narrowed, into a file. `@close` asks for it to go. */
export class ExportDialogView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    filter: { attribute: false },
    loaded: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare filter: DeliveryFilter;
  /** Deliveries so far. */
  declare private loaded: number | undefined;
  declare private busy: boolean;
  declare private error: unknown;
  private readonly abort = new AbortController();

  override disconnectedCallback(): void {
    this.abort.abort();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { loaded, busy, error } = this;
    const rows = count(loaded ?? 0, 'delivery', 'deliveries');
    const button = (format: 'CSV' | 'JSON'): TemplateResult =>
      html`<button type="button" class="button" aria-disabled=${busy} @click=${() => void this.save(format)}>
        ${format}
      </button>`;
    return modal({
      heading: 'Export deliveries',
      body: html`<div class="stack">
        <p>
          ${isFiltered(this.filter) ? 'What the filters show' : 'The whole log'} of this webhook, the newest
          first, up to ${count(MOST, 'delivery', 'deliveries')}, without payloads.
        </p>
        <p class="muted numeric" role="status">
          ${loaded === undefined ? nothing : busy ? `${rows} so far…` : `${rows} exported.`}
        </p>
        ${error ? html`<p class="problem" role="alert">${messageOf(error)}</p>` : nothing}
      </div>`,
      foot: [button('CSV'), button('JSON')],
      close: () => this.dispatchEvent(new Event('close')),
    });
  }

  private async save(format: 'CSV' | 'JSON'): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = undefined;
    try {
      const rows = await this.load();
      const name = `deliveries-${new Date().toISOString().slice(0, 16).replace(':', '')}`;
      if (format === 'CSV') download(`${name}.csv`, 'text/csv', csvOf(rows));
      else download(`${name}.json`, 'application/json', JSON.stringify(rows, undefined, 2));
    } catch (error) {
      if (!this.abort.signal.aborted) this.error = error;
    }
    this.busy = false;
  }

  private async load(): Promise<WebhookDeliveryView[]> {
    const rows: WebhookDeliveryView[] = [];
    const query = queryOf(this.filter);
    let cursor: string | null | undefined;
    do {
      this.loaded = rows.length;
      const limit = Math.min(PAGE, MOST - rows.length);
      const page = await this.context.api.deliveries(
        this.endpoint.id,
        { ...query, cursor, limit },
        this.abort.signal,
      );
      rows.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null && rows.length < MOST);
    this.loaded = rows.length;
    return rows;
  }
}
