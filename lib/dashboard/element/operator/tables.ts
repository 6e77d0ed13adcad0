import { html, nothing, type TemplateResult } from 'lit';
import { nextAttempt, testBadge } from '../parts/delivery-table.js';
import { link } from '../parts/link.js';
import { lastResponse } from '../parts/response.js';
import { deliveryStatus } from '../parts/status.js';
import { timeFromNow } from '../parts/time.js';
import { t } from '../texts/t.js';
import type { OperatorEndpointView, WebhookDeliveryView } from './operator-types.js';
import type { OperatorContext } from './operator-view.js';
import { dataTable, dueText, endpointLink, stateBadges, tenantLink } from './parts.js';

type Delivery = WebhookDeliveryView & { readonly tenant?: string };

/** @param of the columns to leave out, because the page already shows their values */
export const deliveriesTable = (
  context: OperatorContext,
  rows: readonly Delivery[],
  of: { readonly endpoint?: boolean; readonly event?: boolean } = {},
): TemplateResult =>
  dataTable(
    t('log.caption'),
    [
      {
        label: t('log.event-type'),
        class: 'name',
        cell: ({ id, eventType, test }) =>
          html`${link(context, { section: 'deliveries', id }, html`<span class="ltr">${of.event ? id : eventType}</span>`, { class: 'link plain break' })}
          ${test ? testBadge() : nothing}`,
      },
      { label: t('log.status'), cell: (row) => deliveryStatus(row) },
      ...(of.endpoint
        ? []
        : [
            {
              label: t('ops.tenant'),
              cell: ({ tenant, endpointId }: Delivery) =>
                html`${tenant === undefined ? nothing : tenantLink(context, tenant)}
                  <div class="small">${endpointLink(context, endpointId, t('ops.open-endpoint'))}</div>`,
            },
          ]),
      { label: t('log.created'), cell: ({ createdAt }) => timeFromNow(createdAt) },
      { label: t('log.attempts'), class: 'numeric', cell: ({ attemptCount }) => attemptCount },
      { label: t('log.last-response'), cell: (row) => lastResponse(row) },
      { label: t('log.next-attempt'), cell: (row) => html`<span class="muted">${nextAttempt(row)}</span>` },
    ],
    rows,
  );

export const endpointsTable = (
  context: OperatorContext,
  rows: readonly OperatorEndpointView[],
  of: { readonly tenant?: boolean } = {},
): TemplateResult =>
  dataTable(
    t('ops.endpoints'),
    [
      {
        label: t('ops.endpoint'),
        class: 'name',
        cell: ({ id, name, url }) =>
          html`${link(context, { section: 'endpoints', id }, html`<bdi>${name}</bdi>`, { class: 'link plain break' })}
            <div class="small muted"><code class="break ltr">${url}</code></div>`,
      },
      ...(of.tenant
        ? []
        : [
            {
              label: t('ops.tenant'),
              cell: ({ tenant }: OperatorEndpointView) => tenantLink(context, tenant),
            },
          ]),
      { label: t('ops.status'), cell: (row) => html`<span class="row">${stateBadges(row)}</span>` },
      {
        label: t('ops.failing-since'),
        cell: ({ failingSince }) =>
          failingSince === null ? html`<span class="muted">–</span>` : timeFromNow(failingSince),
      },
      { label: t('ops.due'), cell: ({ due }) => dueText(due) },
    ],
    rows,
  );
