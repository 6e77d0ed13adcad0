import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { exampleBody } from './example-body.js';
import { fieldsOf } from '../../../reference/fields.js';
import type { Say } from '../../../reference/words.js';
import { schemaFields } from './schema-fields.js';
import { rich, t } from '../texts/t.js';

export const sectionId = (type: string): string => `type-${type}`;

/** Shows one event type: its meaning, its fields, and an example. */
export function eventTypeSection(description: WebhookEventTypeDescription): TemplateResult {
  const { type, example } = description;
  const body = exampleBody(description);
  return html`<h3 tabindex="-1" id=${sectionId(type)} class="break">${type}</h3>
    <p class=${description.description ? 'break' : 'muted'}>
      ${description.description || t('types.no-description')}
    </p>
    <div class="type-parts">
      <div>
        <h4>${rich('types.fields')}</h4>
        ${fields(description)}
      </div>
      <div>
        <div class="row apart">
          <h4>${t('types.example')}</h4>
          <webhooks-copy-button .text=${body} label=${t('types.copy-example')}></webhooks-copy-button>
        </div>
        <div class="code"><pre>${body}</pre></div>
        ${
          Object.keys(example).length > 0
            ? nothing
            : html`<p class="muted small">${t('types.no-example')}</p>`
        }
      </div>
    </div>`;
}

const say: Say = (name, parameters) =>
  t(`constraint.${name as 'each'}`, parameters as { readonly constraint: string });

function fields({ type, schema }: WebhookEventTypeDescription): TemplateResult {
  const all = fieldsOf(schema, say);
  return all.length > 0
    ? schemaFields(t('types.fields-of', { type }), all)
    : html`<p class="muted">${t('types.no-fields')}</p>`;
}
