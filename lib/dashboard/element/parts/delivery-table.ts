import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { WebhookDeliveryView } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { link, openRow } from './link.js';
import { lastResponse } from './response.js';
import { deliveryStatus } from './status.js';
import { timeFromNow } from './time.js';

const COLUMNS = ['Status', 'Event type', 'Created', 'Attempts', 'Last response', 'Next attempt'];

/**
 * The rows are grids of their own, so that those out of view need not be laid out, and columns keep their widths while
 * rows come in. The roles stay with them by being written down.
 */
export const deliveryTable = (
  context: DashboardContext,
  rows: readonly WebhookDeliveryView[],
): TemplateResult =>
  html`<table class="log" role="table">
    <caption class="sr-only">
      Deliveries, the newest first
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${repeat(
        rows,
        ({ id }) => id,
        (row) => deliveryRow(context, row),
      )}
    </tbody>
  </table>`;

const deliveryRow = (context: DashboardContext, row: WebhookDeliveryView): TemplateResult => {
  const { id, endpointId, eventType, test, createdAt, attemptCount } = row;
  const route = { view: 'webhook', id: endpointId, tab: 'deliveries', delivery: id } as const;
  return html`<tr role="row" class="opens" @click=${openRow(context, route)}>
    <td role="cell">${deliveryStatus(row)}</td>
    <td role="cell" class="log-type">
      ${link(context, route, html`<span class="ltr">${eventType}</span>`, { class: 'link plain log-open' })} ${test ? testBadge() : nothing}
    </td>
    <td role="cell" class="muted log-created">${timeFromNow(createdAt)}</td>
    <td role="cell" class="numeric" data-label="Attempts">${attemptCount}</td>
    <td role="cell" data-label="Last response">${lastResponse(row)}</td>
    <td role="cell" class="muted" data-label=${row.status === 'pending' ? 'Next attempt' : nothing}>
      ${nextAttempt(row)}
    </td>
  </tr>`;
};

export const testBadge = (): TemplateResult => html`<span class="badge plain">Test</span>`;

/** `in 4 min.`; nothing where there will be none. */
export function nextAttempt({ status, nextAttemptAt }: WebhookDeliveryView): unknown {
  if (status !== 'pending') return nothing;
  if (nextAttemptAt === null) return 'Sending now';
  return Date.parse(nextAttemptAt) <= Date.now() ? 'Due now' : timeFromNow(nextAttemptAt);
}
