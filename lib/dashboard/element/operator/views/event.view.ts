import { html, nothing, type TemplateResult } from 'lit';
import { codeBlock } from '../../parts/code-block.js';
import { testBadge } from '../../parts/delivery-table.js';
import { prettyJson } from '../../parts/json.js';
import { failure, loadingRows } from '../../parts/states.js';
import { time } from '../../parts/time.js';
import { Loader } from '../../state/loader.js';
import { poll } from '../../state/poller.js';
import { t } from '../../texts/t.js';
import type { OperatorEventDetailView } from '../operator-types.js';
import { OperatorView } from '../operator-view.js';
import { backLink, card, note, tenantLink } from '../parts.js';
import { deliveriesTable } from '../tables.js';

const REFRESH_MS = 10_000;

/** One event, and its deliveries. */
export class EventView extends OperatorView {
  private readonly loader = new Loader<OperatorEventDetailView>(this, (signal) =>
    this.context.api.event(this.route.id ?? '', signal),
  );

  constructor() {
    super();
    poll(this, () => this.reload(), REFRESH_MS);
  }

  protected reload(): Promise<void> {
    return this.loader.run();
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack loose">
      <div class="stack tight">
        ${backLink(this.context, { section: 'deliveries' }, t('ops.nav.deliveries'))}
        <div class="row">
          <h2 tabindex="-1" class="break ltr">${value?.type ?? t('event.event')}</h2>
          ${value?.test ? testBadge() : nothing}
        </div>
      </div>
      ${
        value
          ? this.shown(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(6)}</div>`
      }
    </div>`;
  }

  private shown({ id, tenant, createdAt, deliveries, body }: OperatorEventDetailView): TemplateResult {
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
