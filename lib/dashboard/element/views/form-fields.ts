import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { WebhookSettingsView } from '../api/api-types.js';
import { describedBy, field } from '../parts/field.js';
import { headersEditor, type HeaderRow } from '../parts/headers-editor.js';
import { toggle } from '../parts/switch.js';
import type { FormValues, Problems } from './form-values.js';
import { t } from '../texts/t.js';

/** The maximum of the rate limit, and of the concurrency. */
const MOST = 1000;

export interface FormState {
  readonly values: FormValues;
  readonly problems: Problems;
  /** @param others further keys of problems that the change removes */
  readonly set: (changes: Partial<FormValues>, ...others: string[]) => void;
  readonly addHeader: () => void;
  readonly removeHeader: (row: HeaderRow) => void;
}

interface TextOptions {
  readonly name: 'name' | 'url' | 'rateLimit' | 'concurrency';
  readonly label: string;
  readonly hint: string;
  readonly placeholder?: string;
  readonly inputmode?: 'url' | 'numeric';
}

export function basicFields(form: FormState, { allowHttp }: WebhookSettingsView): TemplateResult {
  const { active } = form.values;
  return html`${text(form, { name: 'name', label: t('form.name'), hint: t('form.name.hint') })}
    ${text(form, {
      name: 'url',
      label: t('form.url'),
      hint: t(allowHttp ? 'form.url.hint' : 'form.url.hint-https'),
      placeholder: 'https://example.com/webhooks',
      inputmode: 'url',
    })}
    <div class="form-switch">
      ${toggle({ checked: active, label: t('active'), change: (checked) => form.set({ active: checked }) })}
      <div>
        <span class="label" aria-hidden="true">${t('active')}</span>
        <p class="hint">${t(active ? 'form.active.hint' : 'form.paused.hint')}</p>
      </div>
    </div>`;
}

export function optionFields(form: FormState): TemplateResult {
  const { headers } = form.values;
  const replaced = (row: HeaderRow): HeaderRow[] =>
    headers.map((other) => (other.key === row.key ? row : other));
  return html`${description(form)}
  ${headersEditor({
    rows: headers,
    problem: form.problems.get('headers'),
    problemOf: ({ key }) => form.problems.get(`header-${key}`),
    change: (row) => form.set({ headers: replaced(row) }, `header-${row.key}`),
    add: form.addHeader,
    remove: form.removeHeader,
  })}
  ${text(form, {
    name: 'rateLimit',
    label: t('form.rate-limit'),
    hint: t('form.rate-limit.hint', { most: MOST }),
    inputmode: 'numeric',
  })}
  ${text(form, {
    name: 'concurrency',
    label: t('form.concurrency'),
    hint: t('form.concurrency.hint', { most: MOST }),
    inputmode: 'numeric',
  })}`;
}

function description({ values, problems, set }: FormState): TemplateResult {
  const problem = problems.get('description');
  return field({
    id: 'description',
    label: t('form.description'),
    problem,
    control: html`<textarea
      class="input"
      id="description"
      rows="3"
      aria-invalid=${problem !== undefined}
      aria-describedby=${describedBy('description')}
      .value=${live(values.description)}
      @input=${(event: Event) => set({ description: (event.target as HTMLTextAreaElement).value })}
    ></textarea>`,
  });
}

function text({ values, problems, set }: FormState, options: TextOptions): TemplateResult {
  const { name, label, hint, placeholder = '', inputmode } = options;
  const problem = problems.get(name);
  return field({
    id: name,
    label,
    hint,
    problem,
    control: html`<input
      class="input ${name === 'url' ? 'url ltr' : name}"
      id=${name}
      autocomplete="off"
      autocapitalize=${inputmode ? 'none' : 'sentences'}
      spellcheck="false"
      inputmode=${inputmode ?? 'text'}
      placeholder=${placeholder}
      aria-required=${name === 'name' || name === 'url'}
      aria-invalid=${problem !== undefined}
      aria-describedby=${describedBy(name)}
      .value=${live(values[name])}
      @input=${(event: Event) => set({ [name]: (event.target as HTMLInputElement).value })}
    />`,
  });
}
