import { html, nothing, type TemplateResult } from 'lit';
import { timeToTheSecond } from '../../parts/time.js';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorAuditView, WebhookPageView } from '../operator-types.js';
import { dataTable, endpointLink, tenantLink } from '../parts.js';

/** Who did what, over all tenants. */
export class AuditView extends OperatorListView<OperatorAuditView> {
  protected page(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<WebhookPageView<OperatorAuditView>> {
    const { tenant, actor } = this.query;
    return this.context.api.audit({ tenant, actor, cursor }, signal);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.nav.audit')}</h2>
      <div class="toolbar">
        ${this.search('tenant', t('ops.tenant.exact'))} ${this.search('actor', t('ops.audit.actor'))}
      </div>
      ${this.content()}
    </div>`;
  }

  protected table(rows: readonly OperatorAuditView[]): TemplateResult {
    return dataTable(
      t('ops.nav.audit'),
      [
        { label: t('ops.audit.act'), class: 'name', cell: ({ act }) => t(`ops.acted.${act}`) },
        {
          label: t('ops.audit.actor'),
          cell: ({ actor }) =>
            html`<bdi>${actor.id ?? '–'}</bdi>
              <span class="small muted">${t(`ops.actor.${actor.kind}`)}</span>`,
        },
        {
          label: t('ops.tenant'),
          cell: ({ tenant, endpointId }) =>
            html`${tenantLink(this.context, tenant)}
            ${endpointId === null ? nothing : html`<div class="small">${endpointLink(this.context, endpointId, t('ops.open-endpoint'))}</div>`}`,
        },
        { label: t('ops.audit.changes'), cell: (row) => changes(row) },
        { label: t('ops.audit.when'), cell: ({ createdAt }) => timeToTheSecond(createdAt) },
      ],
      rows,
    );
  }
}

/** What is not in both is left out by the route. */
function changes({ before, after }: OperatorAuditView): unknown {
  if (before === null && after === null) return html`<span class="muted">–</span>`;
  return html`<details>
    <summary>${t('ops.audit.show')}</summary>
    <pre class="pre-wrap small">${JSON.stringify({ before, after }, null, 1)}</pre>
  </details>`;
}
