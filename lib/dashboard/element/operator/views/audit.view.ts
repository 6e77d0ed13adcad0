import { html, nothing, type TemplateResult } from 'lit';
import { operatorTexts } from '../../texts/operator.en.js';
import { t } from '../../texts/t.js';
import { OperatorListView } from '../list.view.js';
import type { OperatorAuditView, WebhookPageView } from '../operator-types.js';
import { dataTable, endpointLink, tenantLink } from '../parts.js';
import { stamp } from '../stamp.js';

/** All acts, in the order of their texts. */
const ACTS = (Object.keys(operatorTexts) as (keyof typeof operatorTexts)[]).flatMap((key) =>
  key.startsWith('ops.acted.') ? (key.slice('ops.acted.'.length) as OperatorAuditView['act']) : [],
);

/** Lists who did what, over all tenants. */
export class AuditView extends OperatorListView<OperatorAuditView> {
  protected page(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<WebhookPageView<OperatorAuditView>> {
    const { tenant, actor, act, endpointId, since, until } = this.query;
    return this.context.api.audit({ tenant, actor, act, endpointId, since, until, cursor }, signal);
  }

  protected override render(): TemplateResult {
    return html`<div class="stack">
      <h2 tabindex="-1">${t('ops.nav.audit')}</h2>
      <div class="toolbar">
        ${this.search('tenant', t('ops.tenant.exact'))} ${this.search('actor', t('ops.audit.actor.exact'))}
        ${this.choose('act', t('ops.audit.act'), [
          ['', t('ops.audit.every-act')],
          ...ACTS.map((act) => [act, t(`ops.acted.${act}`)] as const),
        ])}
        ${this.moment('since', t('ops.job.field.from'))} ${this.moment('until', t('ops.job.field.until'))}
        ${this.removable('endpointId')}
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
            actor.id === null
              ? html`<span class="muted">${t(`ops.actor.${actor.kind}`)}</span>`
              : html`<bdi>${actor.id}</bdi>
                  <div class="small muted">${t(`ops.actor.${actor.kind}`)}</div>`,
          class: 'who',
        },
        {
          label: t('ops.tenant'),
          cell: ({ tenant, endpointId }) =>
            html`${tenantLink(this.context, tenant)}
            ${endpointId === null ? nothing : html`<div class="small">${endpointLink(this.context, endpointId, t('ops.open-endpoint'))}</div>`}`,
        },
        { label: t('ops.audit.changes'), cell: (row) => changes(row) },
        { label: t('ops.audit.when'), cell: ({ createdAt }) => stamp(createdAt) },
      ],
      rows,
    );
  }
}

/** The routes leave out values that did not change. */
function changes({ before, after }: OperatorAuditView): unknown {
  if (before === null && after === null) return html`<span class="muted">–</span>`;
  return html`<details>
    <summary>${t('ops.audit.show')}</summary>
    <pre class="pre-wrap small">${JSON.stringify({ before, after }, null, 1)}</pre>
  </details>`;
}
