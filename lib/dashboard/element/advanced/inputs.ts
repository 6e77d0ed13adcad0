import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { describedBy, field } from '../parts/field.js';

interface Input {
  /** The field's name in the routes. */
  readonly id: string;
  readonly label: string;
  readonly hint?: unknown;
  readonly problem: string | undefined;
  readonly value: string;
  readonly change: (value: string) => void;
  /** Number of rows, for a longer text. */
  readonly rows?: number;
  /** Hides what is typed. */
  readonly secret?: boolean;
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** An input with one line, or with several. */
export function input({ id, value, change, rows, secret = false, ...rest }: Input): TemplateResult {
  const isWrong = rest.problem !== undefined;
  const control = rows
    ? html`<textarea
        class="input mono ltr"
        id=${id}
        rows=${rows}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-invalid=${isWrong}
        aria-describedby=${describedBy(id)}
        .value=${live(value)}
        @input=${(event: Event) => change(valueOf(event))}
      ></textarea>`
    : html`<input
        class="input mono ltr"
        id=${id}
        type=${secret ? 'password' : 'text'}
        autocomplete=${secret ? 'new-password' : 'off'}
        autocapitalize="none"
        spellcheck="false"
        aria-invalid=${isWrong}
        aria-describedby=${describedBy(id)}
        .value=${live(value)}
        @input=${(event: Event) => change(valueOf(event))}
      />`;
  return field({ id, ...rest, control });
}

interface Select<Value extends string> {
  readonly id: string;
  readonly label: string;
  readonly hint?: unknown;
  readonly problem?: string | undefined;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly change: (value: Value) => void;
}

export function select<Value extends string>(given: Select<Value>): TemplateResult {
  const { id, value, options, change, ...rest } = given;
  const control = html`<select
    class="input"
    id=${id}
    aria-invalid=${rest.problem !== undefined}
    aria-describedby=${describedBy(id)}
    @change=${(event: Event) => change(valueOf(event) as Value)}
  >
    ${options.map(([one, text]) => html`<option value=${one} ?selected=${one === value}>${text}</option>`)}
  </select>`;
  return field({ id, ...rest, control });
}
