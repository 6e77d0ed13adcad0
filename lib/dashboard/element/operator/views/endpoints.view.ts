import { html, type TemplateResult } from 'lit';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorEndpointView, WebhookPageView } from '../operator-types.js';
import { endpointsTable } from '../tables.js';

const STATES = ['failing', 'disabled', 'deferred', 'limited'] as const;

/** The endpoints of all tenants, also by state. */
export class EndpointsView extends OperatorListView<OperatorEndpointView> {
  protected page(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<WebhookPageView<OperatorEndpointView>> {
    const { tenant, state, search } = this.query;
    return this.context.api.endpoints({ tenant, state, search, cursor }, signal);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.endpoints')}</h2>
      <div class="toolbar">
        ${this.search('search', t('ops.endpoints.search'))} ${this.search('tenant', t('ops.tenant.exact'))}
        ${this.choose('state', t('ops.status'), [
          ['', t('ops.any-state')],
          ...STATES.map((state) => [state, t(`ops.state.${state}`)] as const),
        ])}
      </div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly OperatorEndpointView[]): TemplateResult {
    return endpointsTable(this.context, rows);
  }
}
