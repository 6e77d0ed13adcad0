import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryView, WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { isFiltered, queryOf, type DeliveryFilter } from '../parts/delivery-filters.js';
import { choice } from '../parts/choice.js';
import { sentBody } from '../parts/delivery-facts.js';
import { csvOf, download, type ExportedDelivery } from '../parts/export.js';
import { modal } from '../parts/modal.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const PAGE = 250;
const MOST = 10_000;
/** Lower than `MOST`, because each payload needs a request of its own. */
const MOST_PAYLOADS = 1_000;
const PAYLOADS_AT_ONCE = 5;
/** The browser holds the text twice: as payloads and as a file. */
const MOST_CHARACTERS = 50_000_000;

/** Saves the filtered log as a file. `@close` asks the parent to remove the dialog. */
export class ExportDialogView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    filter: { attribute: false },
    withPayloads: { state: true },
    loaded: { state: true },
    isCut: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  declare filter: DeliveryFilter;
  declare private withPayloads: boolean;
  /** Whether the export stopped early because the payloads were too long. */
  declare private isCut: boolean;
  /** The number of deliveries loaded so far. */
  declare private loaded: number | undefined;
  declare private busy: boolean;
  declare private error: unknown;
  private readonly abort = new AbortController();

  constructor() {
    super();
    this.withPayloads = false;
    this.isCut = false;
  }

  private get most(): number {
    return this.withPayloads ? MOST_PAYLOADS : MOST;
  }

  override disconnectedCallback(): void {
    this.abort.abort();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { loaded, busy, error } = this;
    const button = (format: 'CSV' | 'JSON'): TemplateResult =>
      html`<button type="button" class="button" aria-disabled=${busy} @click=${() => void this.save(format)}>
        ${format}
      </button>`;
    return modal({
      heading: t('export.heading'),
      body: html`<div class="stack">
        <p>${t(isFiltered(this.filter) ? 'export.filtered' : 'export.all', { most: this.most })}</p>
        ${choice({
          checked: this.withPayloads,
          label: t('export.payloads'),
          description: t('export.payloads.hint', { most: MOST_PAYLOADS }),
          change: (checked) => {
            if (!busy) this.withPayloads = checked;
            this.requestUpdate();
          },
        })}
        <p class="muted numeric" role="status">
          ${loaded === undefined ? nothing : t(busy ? 'export.so-far' : 'export.done', { count: loaded })}
          ${loaded !== undefined && !busy && this.isCut ? t('export.cut') : nothing}
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
    this.isCut = false;
    try {
      const rows = this.withPayloads ? await this.loadPayloads(await this.load()) : await this.load();
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
      const limit = Math.min(PAGE, this.most - rows.length);
      const page = await this.context.api.deliveries(
        this.endpoint.id,
        { ...query, cursor, limit },
        this.abort.signal,
      );
      rows.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null && rows.length < this.most);
    this.loaded = rows.length;
    return rows;
  }

  private async loadPayloads(rows: readonly WebhookDeliveryView[]): Promise<ExportedDelivery[]> {
    const complete: ExportedDelivery[] = [];
    let characters = 0;
    for (let at = 0; at < rows.length && !this.isCut; at += PAYLOADS_AT_ONCE) {
      this.loaded = at;
      const some = rows.slice(at, at + PAYLOADS_AT_ONCE).map(async (row) => {
        return { ...row, payload: sentBody(await this.context.api.delivery(row.id, this.abort.signal)) };
      });
      for (const row of await Promise.all(some)) {
        characters += row.payload?.length ?? 0;
        this.isCut ||= characters > MOST_CHARACTERS;
        if (!this.isCut) complete.push(row);
      }
    }
    this.loaded = complete.length;
    return complete;
  }
}
