import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from './icon.js';
import { t } from '../texts/t.js';

export const MAX_HEADERS = 20;

export interface HeaderRow {
  /** Identifies the row while its name is being typed. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

interface HeadersEditorOptions {
  readonly rows: readonly HeaderRow[];
  readonly problem: string | undefined;
  readonly problemOf: (row: HeaderRow) => string | undefined;
  readonly change: (row: HeaderRow) => void;
  readonly add: () => void;
  readonly remove: (row: HeaderRow) => void;
}

export function headersEditor(options: HeadersEditorOptions): TemplateResult {
  const { rows, problem, add } = options;
  return html`<fieldset
    class="header-rows"
    ?data-problem=${problem !== undefined}
    aria-describedby="headers-hint"
  >
    <legend class="label">${t('headers.heading')}</legend>
    <p class="hint" id="headers-hint">${t('headers.hint')}</p>
    ${problem === undefined ? nothing : html`<p class="problem">${problem}</p>`}
    ${repeat(
      rows,
      ({ key }) => key,
      (row, index) => headerRow(row, index + 1, options),
    )}
    ${
      rows.length >= MAX_HEADERS
        ? html`<p class="hint">${t('headers.most', { most: MAX_HEADERS })}</p>`
        : html`<div>
            <button type="button" class="button small add-header" @click=${add}>
              ${icon('plus', 14)} ${t('headers.add')}
            </button>
          </div>`
    }
  </fieldset>`;
}

function headerRow(row: HeaderRow, number: number, options: HeadersEditorOptions): TemplateResult {
  const problem = options.problemOf(row);
  const input = (part: 'name' | 'value') =>
    html`<input
      class="input mono"
      placeholder=${t(`headers.${part}`)}
      aria-label=${t(`headers.${part}-of`, { number })}
      aria-invalid=${problem !== undefined}
      aria-describedby="header-${row.key}-problem"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      .value=${live(row[part])}
      @input=${(event: Event) => options.change({ ...row, [part]: (event.target as HTMLInputElement).value })}
    />`;
  return html`<div class="header-row" ?data-problem=${problem !== undefined}>
    ${input('name')} ${input('value')}
    <button
      type="button"
      class="button quiet icon"
      aria-label=${t('headers.remove', { number })}
      @click=${() => options.remove(row)}
    >
      ${icon('trash')}
    </button>
    ${
      problem === undefined ? nothing : html`<p class="problem" id="header-${row.key}-problem">${problem}</p>`
    }
  </div>`;
}
