import { html, nothing, type TemplateResult } from 'lit';
import type { SchemaField } from '../../../reference/fields.js';
import { definitionTable } from './definition-table.js';
import { t } from '../texts/t.js';

/** How many values are shown at once; a click shows the others. */
const FEW_VALUES = 16;

/** Shows the fields of an object. Fields of nested objects are indented. */
export const schemaFields = (caption: string, fields: readonly SchemaField[]): TemplateResult =>
  definitionTable(
    caption,
    fields.map((field) => ({
      ...field,
      type: field.required ? field.type : t('fields.optional', { type: field.type }),
      text: meaning(field),
    })),
  );

const meaning = ({ description, constraints, values }: SchemaField): TemplateResult =>
  html`${description ? html`<p>${description}</p>` : nothing}
  ${constraints.length > 0 ? html`<p class="muted">${sentence(constraints)}</p>` : nothing}
  ${values.length > 0 ? choices(values) : nothing}`;

function choices(values: readonly string[]): TemplateResult {
  const chips = (some: readonly string[]): unknown =>
    some.map((value) => html`<code class="chip">${value}</code> `);
  const rest = values.slice(FEW_VALUES);
  return html`<div>
    <span class="muted">${t(values.length === 1 ? 'fields.always' : 'fields.one-of')}</span>
    ${chips(values.slice(0, FEW_VALUES))}
    ${
      rest.length > 0
        ? html`<details>
            <summary>${t('fields.more', { count: rest.length })}</summary>
            ${chips(rest)}
          </details>`
        : nothing
    }
  </div>`;
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
