import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { link } from './link.js';
import { time, timeFromNow } from './time.js';

/** When a delivery was made, and its ids. */
export function deliveryFacts(
  context: DashboardContext,
  { id, eventId, event, createdAt, completedAt }: WebhookDeliveryDetailView,
): TemplateResult {
  return html`<dl class="facts aligned">
    <dt>Created</dt>
    <dd>${moment(createdAt)}</dd>
    ${
      completedAt === null
        ? nothing
        : html`<dt>Completed</dt>
            <dd>${moment(completedAt)}</dd>`
    }
    <dt>Event</dt>
    <dd class="row">
      ${event ? link(context, { view: 'event', id: eventId }, html`<code>${eventId}</code>`, { class: 'link break' }) : html`<code>${eventId}</code>`}
      <webhooks-copy-button .text=${eventId} label="Copy event id"></webhooks-copy-button>
    </dd>
    <dt>Delivery</dt>
    <dd class="row">
      <code>${id}</code>
      <webhooks-copy-button .text=${id} label="Copy delivery id"></webhooks-copy-button>
    </dd>
  </dl>`;
}

const moment = (iso: string): TemplateResult =>
  html`${time(iso)} <span class="muted">${timeFromNow(iso)}</span>`;
