import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type {
  WebhookEventTypeDescription,
  WebhookFilter,
  WebhookFilterPreviewView,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';
import { codeBlock } from './code-block.js';
import { filterFields, type FilterField } from './filter-fields.js';
import {
  OPERATORS,
  filterOf,
  rowProblem,
  rowsOf,
  type FilterRow,
  type FilterRows,
  type RowOperator,
} from './filter-rows.js';
import { icon } from './icon.js';

const PREVIEW_AFTER_MS = 400;
const BOOLEANS = ['true', 'false'];

export interface PickedFilter {
  readonly filter: WebhookFilter | null;
  /** Whether a condition is incomplete, so that the filter can't be saved. */
  readonly incomplete: boolean;
}

/**
 * Edits a filter as rows, and shows how many recent events it would have let through. The `detail` of
 * `@filter-picked` is a `PickedFilter`.
 */
export class WebhooksFilterEditor extends DashboardView {
  static override properties = {
    ...super.properties,
    types: { attribute: false },
    events: { attribute: false },
    value: { attribute: false },
    problem: { attribute: false },
    shape: { state: true },
    preview: { state: true },
  };
  declare types: readonly WebhookEventTypeDescription[];
  /** The patterns of events that the webhook receives. */
  declare events: readonly string[];
  declare value: WebhookFilter | null;
  declare problem: string | undefined;
  /** `undefined` if the filter is too complex for rows. */
  declare private shape: FilterRows | undefined;
  declare private preview: WebhookFilterPreviewView | { readonly error: unknown } | undefined;
  private fields: ReadonlyMap<string, FilterField> = new Map();
  private nextKey = 1_000;
  private picked: WebhookFilter | null | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  override disconnectedCallback(): void {
    clearTimeout(this.timer);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('types') || changed.has('events')) this.fields = filterFields(this.types, this.events);
    // The form returns our own pick without its empty rows. Ignoring it keeps those rows on the page.
    if (changed.has('value') && this.value !== this.picked) this.shape = rowsOf(this.value);
    if (changed.has('value') || changed.has('events')) this.lookSoon();
  }

  protected override render(): TemplateResult {
    return html`<fieldset
      class="filter-rows header-rows"
      ?data-problem=${this.problem !== undefined}
      aria-describedby="filter-hint"
    >
      <legend class="label">${t('settings.filter')}</legend>
      <p class="hint" id="filter-hint">${t('filter.hint')}</p>
      ${this.problem === undefined ? nothing : html`<p class="problem">${this.problem}</p>`}
      ${this.shape ? this.rows(this.shape) : this.json()}
      <p class="hint" role="status">${this.previewText()}</p>
    </fieldset>`;
  }

  private rows(shape: FilterRows): TemplateResult {
    return html`<datalist id="filter-fields">
        ${[...this.fields.keys()].map((name) => html`<option value=${name}></option>`)}
      </datalist>
      ${shape.rows.length > 1 ? this.modes(shape) : nothing}
      ${repeat(
        shape.rows,
        ({ key }) => key,
        (row, index) => this.row(row, index + 1),
      )}
      <div>
        <button type="button" class="button small add-condition" @click=${this.add}>
          ${icon('plus', 14)} ${t('filter.add')}
        </button>
      </div>`;
  }

  private modes({ mode }: FilterRows): TemplateResult {
    return html`<select
      class="input"
      aria-label=${t('filter.conditions')}
      @change=${(event: Event) =>
        this.pick({ mode: (event.target as HTMLSelectElement).value as FilterRows['mode'] })}
    >
      <option value="all" ?selected=${mode === 'all'}>${t('filter.all')}</option>
      <option value="any" ?selected=${mode === 'any'}>${t('filter.any')}</option>
    </select>`;
  }

  private row(row: FilterRow, number: number): TemplateResult {
    const problem = this.problem === undefined ? undefined : rowProblem(row, this.kindOf(row.field));
    const change = (changes: Partial<FilterRow>): void => this.change({ ...row, ...changes });
    return html`<div class="filter-row" ?data-problem=${problem !== undefined}>
      <input
        class="input mono"
        list="filter-fields"
        placeholder="data.…"
        aria-label=${t('filter.field', { number })}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        .value=${live(row.field)}
        @input=${(event: Event) => change({ field: (event.target as HTMLInputElement).value })}
      />
      <select
        class="input"
        aria-label=${t('filter.operator', { number })}
        @change=${(event: Event) =>
          change({ operator: (event.target as HTMLSelectElement).value as RowOperator })}
      >
        ${Object.entries(OPERATORS).map(
          ([name, key]) => html`<option value=${name} ?selected=${name === row.operator}>${t(key)}</option>`,
        )}
      </select>
      ${row.operator.endsWith('exists') ? html`<span></span>` : this.valueField(row, number, change)}
      <button
        type="button"
        class="button quiet icon"
        aria-label=${t('filter.remove', { number })}
        @click=${() => void this.removeRow(row)}
      >
        ${icon('trash')}
      </button>
      ${problem === undefined ? nothing : html`<p class="problem">${t(problem)}</p>`}
    </div>`;
  }

  private valueField(
    { field, operator, text }: FilterRow,
    number: number,
    change: (changes: Partial<FilterRow>) => void,
  ): TemplateResult {
    const { kind, values } = this.fields.get(field.trim()) ?? { kind: 'any', values: [] };
    const known = kind === 'boolean' ? BOOLEANS : values;
    const label = t('filter.value', { number });
    const changed = (event: Event): void => change({ text: (event.target as HTMLInputElement).value });
    if (known.length === 0 || !operator.endsWith('equals')) {
      return html`<input
        class="input mono"
        aria-label=${label}
        placeholder=${operator === 'in' ? 'a, b, c' : t('headers.value')}
        inputmode=${kind === 'number' && operator !== 'in' ? 'decimal' : 'text'}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        .value=${live(text)}
        @input=${changed}
      />`;
    }
    const all = known.includes(text) ? known : [text, ...known];
    return html`<select class="input" aria-label=${label} @change=${changed}>
      ${all.map((value) => html`<option value=${value} ?selected=${value === text}>${value}</option>`)}
    </select>`;
  }

  private json(): TemplateResult {
    return html`<p class="hint">${t('filter.more-than-rows')}</p>
      ${codeBlock(JSON.stringify(this.value, null, 2), { label: t('settings.filter') })}
      <div>
        <button type="button" class="button small" @click=${() => this.pick({ mode: 'all', rows: [] })}>
          ${icon('trash', 14)} ${t('filter.remove-all')}
        </button>
      </div>`;
  }

  private readonly kindOf = (field: string) => this.fields.get(field.trim())?.kind ?? 'any';

  private readonly add = async (): Promise<void> => {
    const row: FilterRow = { key: this.nextKey++, field: '', operator: 'equals', text: '' };
    this.pick({ rows: [...this.shape!.rows, row] });
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>('.filter-row input[list]')].at(-1)?.focus();
  };

  private async removeRow({ key }: FilterRow): Promise<void> {
    this.pick({ rows: this.shape!.rows.filter((row) => row.key !== key) });
    await this.updateComplete;
    this.querySelector<HTMLElement>('.add-condition')?.focus();
  }

  private change(row: FilterRow): void {
    this.pick({ rows: this.shape!.rows.map((other) => (other.key === row.key ? row : other)) });
  }

  private pick(changes: Partial<FilterRows>): void {
    const shape: FilterRows = { mode: 'all', rows: [], ...this.shape, ...changes };
    this.shape = shape;
    this.picked = filterOf(shape, this.kindOf);
    const incomplete = shape.rows.some((row) => rowProblem(row, this.kindOf(row.field)) !== undefined);
    const detail: PickedFilter = { filter: this.picked, incomplete };
    this.dispatchEvent(new CustomEvent('filter-picked', { detail }));
  }

  private lookSoon(): void {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    const { value, events, shape } = this;
    const isWhole = shape?.rows.every((row) => rowProblem(row, this.kindOf(row.field)) === undefined) ?? true;
    if (!value || events.length === 0 || !isWhole) {
      this.preview = undefined;
      return;
    }
    this.timer = setTimeout(() => {
      void this.context.api
        .filterPreview(events, value)
        .catch((error: unknown) => ({ error }))
        .then((preview) => {
          if (asked === this.asked) this.preview = preview;
        });
    }, PREVIEW_AFTER_MS);
  }

  private previewText(): unknown {
    const { preview } = this;
    if (preview === undefined) return nothing;
    if ('error' in preview) return messageOf(preview.error);
    const { examined, matched } = preview;
    return examined === 0 ? t('filter.no-events') : t('filter.matched', { matched, count: examined });
  }
}
