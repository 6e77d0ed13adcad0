import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../parts/icon.js';
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
    const { tenant, endpointId, status, eventType } = this.query;
    return this.context.api.deliveries({ tenant, endpointId, status, eventType, cursor }, signal);
  }

  protected override render(): TemplateResult {
    const { endpointId } = this.query;
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.nav.deliveries')}</h2>
      <div class="toolbar">
        ${this.search('tenant', t('ops.tenant.exact'))} ${this.search('eventType', t('log.event-type'))}
        ${this.choose('status', t('ops.status'), [
          ['', t('log.all-statuses')],
          ...STATUSES.map((status) => [status, t(`status.${status}`)] as const),
        ])}
        ${
          endpointId
            ? html`<button type="button" class="button small" @click=${() => this.narrow({ endpointId: '' })}>
                <span class="break">${endpointId}</span><span class="sr-only">${t('log.remove')}</span>
                ${icon('close', 14)}
              </button>`
            : nothing
        }
      </div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly OperatorDeliveryView[]): TemplateResult {
    return deliveriesTable(this.context, rows);
  }
}
