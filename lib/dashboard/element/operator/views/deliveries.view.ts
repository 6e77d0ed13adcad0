import { html, type TemplateResult } from 'lit';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorDeliveryView, WebhookPageView } from '../operator-types.js';
import { deliveriesTable } from '../tables.js';

const STATUSES = ['pending', 'succeeded', 'failed', 'canceled'] as const;

/** The log of all tenants. */
export class DeliveriesView extends OperatorListView<OperatorDeliveryView> {
  protected page(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<WebhookPageView<OperatorDeliveryView>> {
    const { tenant, endpointId, status, eventType, since, until } = this.query;
    const filter = { tenant, endpointId, status, eventType, since, until, cursor };
    return this.context.api.deliveries(filter, signal);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.nav.deliveries')}</h2>
      <div class="toolbar">
        ${this.search('tenant', t('ops.tenant.exact'))} ${this.search('eventType', t('log.event-type'))}
        ${this.choose('status', t('ops.status'), [
          ['', t('log.all-statuses')],
          ...STATUSES.map((status) => [status, t(`status.${status}`)] as const),
        ])}
        ${this.moment('since', t('ops.job.field.from'))} ${this.moment('until', t('ops.job.field.until'))}
        ${this.removable('endpointId')}
      </div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly OperatorDeliveryView[]): TemplateResult {
    return deliveriesTable(this.context, rows);
  }
}
