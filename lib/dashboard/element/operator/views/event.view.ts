import { html, nothing, type TemplateResult } from 'lit';
import { codeBlock } from '../../parts/code-block.js';
import { testBadge } from '../../parts/delivery-table.js';
import { prettyJson } from '../../parts/json.js';
import { time } from '../../parts/time.js';
import { t } from '../../texts/t.js';
import { OperatorDetailView } from '../detail.view.js';
import type { OperatorEventDetailView } from '../operator-types.js';
import { backLink, card, note, tenantLink } from '../parts.js';
import { deliveriesTable } from '../tables.js';

/** One event, and its deliveries. */
export class EventView extends OperatorDetailView<OperatorEventDetailView> {
  protected override load(signal: AbortSignal): Promise<OperatorEventDetailView> {
    return this.context.api.event(this.route.id ?? '', signal);
  }

  protected override back(): TemplateResult {
    return backLink(this.context, { section: 'deliveries' }, t('ops.nav.deliveries'));
  }

  protected override head(value: OperatorEventDetailView | undefined): TemplateResult {
    return html`<div class="row">
      <h2 tabindex="-1" class="break ltr">${value?.type ?? t('event.event')}</h2>
      ${value?.test ? testBadge() : nothing}
    </div>`;
  }

  protected override shown({
    id,
    tenant,
    createdAt,
    deliveries,
    body,
  }: OperatorEventDetailView): TemplateResult {
    return html`<dl class="card padded facts">
        <dt>${t('ops.tenant')}</dt>
        <dd>${tenantLink(this.context, tenant)}</dd>
        <dt>${t('event.id')}</dt>
        <dd><code>${id}</code></dd>
        <dt>${t('event.created')}</dt>
        <dd>${time(createdAt)}</dd>
      </dl>
      ${card(
        t('event.deliveries'),
        deliveries.length === 0
          ? note(t('ops.deliveries.none'))
          : deliveriesTable(
              this.context,
              deliveries.map((one) => ({ ...one, tenant })),
              { event: true },
            ),
      )}
      ${card(
        t('event.body'),
        html`<div class="event-body">
          ${codeBlock(prettyJson(body), { label: t('event.body-of'), copies: body, copyLabel: t('event.copy-body') })}
        </div>`,
      )}`;
  }
}
