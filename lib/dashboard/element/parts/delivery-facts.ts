import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { link } from './link.js';
import { time, timeFromNow } from './time.js';
import { t } from '../texts/t.js';

/** The body of the delivery's requests; `null` if it is no longer kept. */
export const sentBody = ({ representation, event }: WebhookDeliveryDetailView): string | null =>
  (representation ?? event)?.body ?? null;

/** Shows when the delivery was created, and its ids. */
export function deliveryFacts(
  context: DashboardContext,
  { id, eventId, event, representation, createdAt, completedAt }: WebhookDeliveryDetailView,
): TemplateResult {
  return html`<dl class="facts aligned">
    <dt>${t('delivery.created')}</dt>
    <dd>${moment(createdAt)}</dd>
    ${
      completedAt === null
        ? nothing
        : html`<dt>${t('delivery.completed')}</dt>
            <dd>${moment(completedAt)}</dd>`
    }
    ${
      representation
        ? html`<dt>${t('representation')}</dt>
            <dd><code>${representation.name}</code> ${representation.version}</dd>`
        : nothing
    }
    <dt>${t('delivery.event')}</dt>
    <dd class="row">
      ${event ? link(context, { view: 'event', id: eventId }, html`<code>${eventId}</code>`, { class: 'link break' }) : html`<code>${eventId}</code>`}
      <webhooks-copy-button .text=${eventId} label=${t('delivery.copy-event')}></webhooks-copy-button>
    </dd>
    <dt>${t('delivery.delivery')}</dt>
    <dd class="row">
      <code>${id}</code>
      <webhooks-copy-button .text=${id} label=${t('delivery.copy-id')}></webhooks-copy-button>
    </dd>
  </dl>`;
}

const moment = (iso: string): TemplateResult =>
  html`${time(iso)} <span class="muted">${timeFromNow(iso)}</span>`;
