import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { icon } from '../parts/icon.js';
import { fromLocalInput, toLocalInput } from '../parts/local-time.js';
import { empty, failure, loadingRows } from '../parts/states.js';
import { Debounce } from '../state/debounce.js';
import { PagedList } from '../state/paged-list.js';
import { poll } from '../state/poller.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';
import type { WebhookPageView } from './operator-types.js';
import { OperatorView } from './operator-view.js';

const REFRESH_MS = 10_000;
const TYPING_MS = 300;

type Row = { readonly id: string };

/** A list with pages, filtered by the query in the address. */
export abstract class OperatorListView<Item extends Row> extends OperatorView {
  protected readonly list = new PagedList<Item>(this, (cursor, signal) => this.page(cursor, signal));
  private readonly typed = new Map<string, string>();
  private readonly typing = new Debounce(this, () => this.narrow(Object.fromEntries(this.typed)), TYPING_MS);
  private narrowedTo: string | undefined;

  constructor() {
    super();
    poll(this, () => this.reload(), REFRESH_MS);
  }

  protected abstract page(cursor: string | undefined, signal: AbortSignal): Promise<WebhookPageView<Item>>;

  protected abstract table(rows: readonly Item[]): TemplateResult;

  protected async reload(): Promise<void> {
    if (this.list.rows && !this.list.loading) await this.list.refresh();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const query = JSON.stringify(this.query);
    if (query === this.narrowedTo) return;
    this.narrowedTo = query;
    void this.list.restart({ forget: false });
  }

  protected narrow(changes: Readonly<Record<string, string>>): void {
    this.typed.clear();
    const { section, id, query } = this.route;
    this.context.go(
      { section, ...(id === undefined ? {} : { id }), query: { ...query, ...changes } },
      { replace: true },
    );
  }

  /** A text field of the query. It applies when the reader stops typing. */
  protected search(name: string, label: string): TemplateResult {
    return html`<input
      class="input grow"
      type="search"
      placeholder=${label}
      aria-label=${label}
      maxlength="255"
      .value=${this.query[name] ?? ''}
      @input=${(event: Event) => {
        this.typed.set(name, (event.target as HTMLInputElement).value.trim());
        this.typing.ask();
      }}
    />`;
  }

  protected choose(
    name: string,
    label: string,
    choices: readonly (readonly [string, string])[],
  ): TemplateResult {
    const chosen = this.query[name] ?? '';
    return html`<select
      class="input"
      aria-label=${label}
      @change=${(event: Event) => this.narrow({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${choices.map(([value, text]) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`)}
    </select>`;
  }

  /** A time of the query, as epoch ms. */
  protected moment(name: string, label: string): TemplateResult {
    const given = this.query[name];
    const shown = given === undefined || given === '' ? undefined : Number(given);
    return html`<label class="moment"
      >${label}
      <input
        class="input"
        type="datetime-local"
        .value=${toLocalInput(shown)}
        @change=${(event: Event) => {
          const time = fromLocalInput((event.target as HTMLInputElement).value, shown);
          this.narrow({ [name]: time === undefined ? '' : String(time) });
        }}
      />
    </label>`;
  }

  /** Shows a condition that only a link can add to the query, with a button that removes it. */
  protected removable(name: string): unknown {
    const given = this.query[name];
    if (!given) return nothing;
    return html`<button type="button" class="button small" @click=${() => this.narrow({ [name]: '' })}>
      <span class="break ltr">${given}</span><span class="sr-only">${t('log.remove')}</span>
      ${icon('close', 14)}
    </button>`;
  }

  protected content(): TemplateResult {
    const { rows, error, hasMore, loading } = this.list;
    if (!rows) {
      return html`<div class="card">
        ${error ? failure(error, () => void this.list.restart()) : loadingRows()}
      </div>`;
    }
    return html`<div class="card" aria-busy=${loading}>
      ${error ? html`<p class="problem section-body" role="alert">${messageOf(error)}</p>` : nothing}
      ${rows.length === 0 && !hasMore ? empty('search', t('ops.none'), t('ops.none.text')) : this.table(rows)}
      ${
        hasMore
          ? html`<div class="more">
              <button
                type="button"
                class="button"
                aria-disabled=${loading}
                @click=${() => void this.list.more()}
              >
                ${t('show-more')}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }
}
