import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEventTypeDescription } from '../api/api-types.js';
import { exampleBody } from './example-body.js';
import { fieldsOf } from '../../../reference/fields.js';
import { schemaFields } from './schema-fields.js';

export const sectionId = (type: string): string => `type-${type}`;

/** One event type: what it means, its fields, and how it arrives. */
export function eventTypeSection(description: WebhookEventTypeDescription): TemplateResult {
  const { type, example } = description;
  const body = exampleBody(description);
  return html`<h3 tabindex="-1" id=${sectionId(type)} class="break">${type}</h3>
    <p class=${description.description ? 'break' : 'muted'}>
      ${description.description || 'This type has no description.'}
    </p>
    <div class="type-parts">
      <div>
        <h4>Fields of <code>data</code></h4>
        ${fields(description)}
      </div>
      <div>
        <div class="row apart">
          <h4>Example</h4>
          <webhooks-copy-button .text=${body} label="Copy example"></webhooks-copy-button>
        </div>
        <div class="code"><pre>${body}</pre></div>
        ${
          Object.keys(example).length > 0
            ? nothing
            : html`<p class="muted small">There is no example of its data.</p>`
        }
      </div>
    </div>`;
}

function fields({ type, schema }: WebhookEventTypeDescription): TemplateResult {
  const all = fieldsOf(schema);
  return all.length > 0
    ? schemaFields(`Fields of ${type}`, all)
    : html`<p class="muted">Its fields are not described.</p>`;
}
