import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookDeliveryView, WebhookFilteredView } from '../api/api-types.js';
import type { EventDetail } from '../api/webhooks-api.js';
import type { DashboardContext } from '../dashboard-view.js';
import type { EndpointNames } from '../state/endpoint-names.js';
import { total } from './delivery-counts.js';
import { filterTexts } from './filter-rows.js';
import { nextAttempt } from './delivery-table.js';
import type { Route } from '../routing/route.js';
import { link, openRow } from './link.js';
import { lastResponse } from './response.js';
import { deliveryStatus } from './status.js';
import { rich, t } from '../texts/t.js';

interface EventDeliveriesOptions {
  readonly names: EndpointNames;
  /** How many rows are shown. */
  readonly rows: number;
  readonly more: () => void;
}

const COLUMNS = [
  'event.webhook',
  'log.status',
  'log.attempts',
  'log.last-response',
  'log.next-attempt',
] as const;

/** Shows which webhooks received an event, and the state of each delivery. */
export function eventDeliveries(
  context: DashboardContext,
  { deliveries, deliveryCounts, filtered }: EventDetail,
  { names, rows, more }: EventDeliveriesOptions,
): TemplateResult {
  const keptOut = filtered.length > 0 ? filteredOut(context, filtered, names) : nothing;
  if (deliveries.length === 0) {
    if (filtered.length > 0) return html`${keptOut}`;
    return html`<p class="event-none muted">${t('event.no-webhook')}</p>`;
  }
  const hidden = deliveries.length - rows;
  const count = total(deliveryCounts);
  return html`${
      count > deliveries.length
        ? html`<p class="event-limit muted">
            ${t('event.first', { count: deliveries.length, total: count })}
          </p>`
        : nothing
    }
    <table class="table cards">
      <caption class="sr-only">
        ${t('event.deliveries.caption')}
      </caption>
      <thead>
        <tr>
          ${COLUMNS.map((name) => html`<th scope="col">${t(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          deliveries.slice(0, rows),
          ({ id }) => id,
          (delivery) => row(context, delivery, names),
        )}
      </tbody>
    </table>
    ${
      hidden > 0
        ? html`<div class="more">
            <button type="button" class="button" @click=${more}>${t('show-more')}</button>
          </div>`
        : nothing
    }
    ${keptOut}`;
}

/** Shows which webhooks did not receive the event because of their filters. */
function filteredOut(
  context: DashboardContext,
  filtered: readonly WebhookFilteredView[],
  names: EndpointNames,
): TemplateResult {
  return html`<div class="filtered-out">
    <p class="muted">${t('event.filtered')}</p>
    <ul>
      ${filtered.map(
        ({ endpointId, condition, changedSince }) =>
          html`<li>
            ${rich('event.wants', {
              webhook: link(
                context,
                { view: 'webhook', id: endpointId, tab: 'settings' },
                names.get(endpointId) ?? html`<code>${endpointId}</code>`,
                { class: 'link plain break' },
              ),
              condition: html`<code>${filterTexts(condition).join(' · ')}</code>`,
            })}
            ${changedSince ? html`<span class="muted">${t('event.changed-since')}</span>` : nothing}
          </li>`,
      )}
    </ul>
  </div>`;
}

function row(context: DashboardContext, delivery: WebhookDeliveryView, names: EndpointNames): TemplateResult {
  const { attemptCount, status } = delivery;
  const route = routeOf(delivery);
  const isDeleted = names.get(delivery.endpointId) === null;
  return html`<tr class=${isDeleted ? '' : 'opens'} @click=${isDeleted ? nothing : openRow(context, route)}>
    <td class="wide break">${webhook(context, delivery, names)}</td>
    <td class="tight">${deliveryStatus(delivery)}</td>
    <td class="numeric" data-label=${t('log.attempts')}>${attemptCount}</td>
    <td data-label=${t('log.last-response')}>${lastResponse(delivery)}</td>
    <td class="muted" data-label=${status === 'pending' ? t('log.next-attempt') : nothing}>
      ${nextAttempt(delivery)}
    </td>
  </tr>`;
}

const routeOf = ({ id, endpointId }: WebhookDeliveryView): Route => ({
  view: 'webhook',
  id: endpointId,
  tab: 'deliveries',
  delivery: id,
});

/** A deleted webhook has no page, so its delivery gets no link. */
function webhook(context: DashboardContext, delivery: WebhookDeliveryView, names: EndpointNames): unknown {
  const { endpointId } = delivery;
  const name = names.get(endpointId);
  if (name === null) return html`<span class="muted" title=${endpointId}>${t('event.deleted')}</span>`;
  // The id stands in until the name is loaded, or if loading fails.
  return link(context, routeOf(delivery), name ?? html`<code>${endpointId}</code>`, {
    class: 'link plain break',
  });
}
