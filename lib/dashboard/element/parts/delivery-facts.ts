import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { nextAttempt, testBadge } from './delivery-table.js';
import { link } from './link.js';
import { responseWords } from './response.js';
import { deliveryStatus } from './status.js';
import { time, timeFromNow } from './time.js';

/** What a delivery is and how it stands. `planned` attempts are in a schedule; a resend may add to them. */
export function deliveryFacts(
  context: DashboardContext,
  delivery: WebhookDeliveryDetailView,
  planned: number | undefined,
): TemplateResult {
  const { id, eventId, event, test, status, createdAt, completedAt } = delivery;
  const reason = status === 'canceled' ? responseWords(delivery) : null;
  return html`<dl class="facts aligned">
    <dt>Status</dt>
    <dd class="row">
      ${deliveryStatus(delivery)} ${test ? testBadge() : nothing}
      ${reason === null ? nothing : html`<span class="muted">${reason}</span>`}
    </dd>
    ${
      status === 'pending'
        ? html`<dt>Next attempt</dt>
            <dd>${nextAttempt(delivery)} <span class="muted">(${place(delivery, planned)})</span></dd>`
        : nothing
    }
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

function place({ attemptCount }: WebhookDeliveryDetailView, planned: number | undefined): string {
  const next = attemptCount + 1;
  return planned === undefined || next > planned ? `attempt ${next}` : `attempt ${next} of ${planned}`;
}
