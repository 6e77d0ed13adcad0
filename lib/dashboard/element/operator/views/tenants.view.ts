import { html, nothing, type TemplateResult } from 'lit';
import { badge } from '../../parts/status.js';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorTenantView, WebhookPageView } from '../operator-types.js';
import { dataTable, dueText, tenantLink } from '../parts.js';

type Row = OperatorTenantView & { readonly id: string };

/** All tenants that have endpoints. */
export class TenantsView extends OperatorListView<Row> {
  protected async page(cursor: string | undefined, signal: AbortSignal): Promise<WebhookPageView<Row>> {
    const { data, nextCursor } = await this.context.api.tenants({ query: this.query.query, cursor }, signal);
    return { data: data.map((one) => ({ ...one, id: one.tenant })), nextCursor };
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.nav.tenants')}</h2>
      <div class="toolbar">${this.search('query', t('ops.tenants.search'))}</div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly Row[]): TemplateResult {
    const count = (value: number, tone: 'warning' | 'failure'): unknown =>
      value === 0 ? html`<span class="muted numeric">0</span>` : badge(String(value), tone);
    return dataTable(
      t('ops.nav.tenants'),
      [
        {
          label: t('ops.tenant'),
          class: 'name',
          cell: ({ tenant, paused }) =>
            html`${tenantLink(this.context, tenant)} ${paused ? badge(t('paused'), 'warning') : nothing}`,
        },
        { label: t('ops.endpoints'), class: 'numeric', cell: ({ endpoints }) => endpoints },
        { label: t('ops.state.failing'), cell: ({ failing }) => count(failing, 'warning') },
        { label: t('ops.state.disabled'), cell: ({ disabled }) => count(disabled, 'failure') },
        { label: t('ops.due'), cell: ({ due }) => dueText(due) },
      ],
      rows,
    );
  }
}
