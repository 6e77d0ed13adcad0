import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from './icon.js';

export const MAX_HEADERS = 20;

export interface HeaderRow {
  /** Stays while its name is typed. */
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
    <legend class="label">Custom headers</legend>
    <p class="hint" id="headers-hint">Sent with every request, such as an authorization for your server.</p>
    ${problem === undefined ? nothing : html`<p class="problem">${problem}</p>`}
    ${repeat(
      rows,
      ({ key }) => key,
      (row, index) => headerRow(row, index + 1, options),
    )}
    ${
      rows.length >= MAX_HEADERS
        ? html`<p class="hint">There can be at most ${MAX_HEADERS}.</p>`
        : html`<div>
            <button type="button" class="button small add-header" @click=${add}>
              ${icon('plus', 14)} Add header
            </button>
          </div>`
    }
  </fieldset>`;
}

function headerRow(row: HeaderRow, number: number, options: HeadersEditorOptions): TemplateResult {
  const problem = options.problemOf(row);
  const input = (part: 'name' | 'value', label: string) =>
    html`<input
      class="input mono"
      placeholder=${label}
      aria-label="${label} of header ${number}"
      aria-invalid=${problem !== undefined}
      aria-describedby="header-${row.key}-problem"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      .value=${live(row[part])}
      @input=${(event: Event) => options.change({ ...row, [part]: (event.target as HTMLInputElement).value })}
    />`;
  return html`<div class="header-row" ?data-problem=${problem !== undefined}>
    ${input('name', 'Name')} ${input('value', 'Value')}
    <button
      type="button"
      class="button quiet icon"
      aria-label="Remove header ${number}"
      @click=${() => options.remove(row)}
    >
      ${icon('trash')}
    </button>
    ${
      problem === undefined ? nothing : html`<p class="problem" id="header-${row.key}-problem">${problem}</p>`
    }
  </div>`;
}
