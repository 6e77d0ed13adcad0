import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { attemptList } from '../../parts/attempt-list.js';
import { payload } from '../../parts/attempt.js';
import { sentBody } from '../../parts/delivery-facts.js';
import { link } from '../../parts/link.js';
import { responseWords } from '../../parts/response.js';
import { badge, deliveryStatus, toneOf } from '../../parts/status.js';
import { timeline } from '../../parts/timeline.js';
import { Attempts } from '../../state/attempts.js';
import { t } from '../../texts/t.js';
import { resendDelivery } from '../acts.js';
import { OperatorDetailView } from '../detail.view.js';
import type { OperatorDeliveryDetailView } from '../operator-types.js';
import { backLink, endpointLink, tenantLink } from '../parts.js';
import { said, waitingWords } from '../said.js';
import { stamp } from '../stamp.js';

const REFRESH_MS = 5_000;

/** One delivery: its state, why it is pending, and its attempts. */
export class DeliveryView extends OperatorDetailView<OperatorDeliveryDetailView> {
  /** The delivery comes with the newest 50. The operators' routes have no more. */
  private readonly attempts = new Attempts(this, async () => ({ data: [], nextCursor: null }));

  constructor() {
    super(REFRESH_MS);
  }

  protected override load(signal: AbortSignal): Promise<OperatorDeliveryDetailView> {
    return this.context.api.delivery(this.route.id ?? '', signal);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.value) this.attempts.add(this.value);
  }

  protected override back(): TemplateResult {
    return backLink(this.context, { section: 'deliveries' }, t('ops.nav.deliveries'));
  }

  protected override head(value: OperatorDeliveryDetailView | undefined): TemplateResult {
    return html`<div class="page-head">
      <h2 tabindex="-1" class="break">
        <span class="sr-only">${t('delivery.of')}</span
        ><span class="ltr">${value?.eventType ?? t('delivery.delivery')}</span>
      </h2>
      ${
        value
          ? html`<button
              type="button"
              class="button"
              @click=${() => this.context.ask(resendDelivery(this.context, value))}
            >
              ${t('ops.resend')}
            </button>`
          : nothing
      }
    </div>`;
  }

  protected override shown(delivery: OperatorDeliveryDetailView): TemplateResult {
    return html`${this.outcome(delivery)} ${this.facts(delivery)}
      <section class="stack tight">
        <h3>${t('delivery.attempts')}</h3>
        ${timeline(this.attempts.newestFirst, delivery, (id) => this.attempts.toggle(id, true))}
        ${attemptList(this.attempts, delivery, undefined)}
      </section>
      ${this.attempts.newestFirst.length === 0 ? payload(sentBody(delivery)) : nothing}`;
  }

  private outcome(delivery: OperatorDeliveryDetailView): TemplateResult {
    const { waitingFor } = delivery;
    return html`<section class="notice outcome ${toneOf(delivery)}" aria-label=${t('delivery.outcome')}>
      <p class="row">
        ${deliveryStatus(delivery)} ${waitingFor === null ? nothing : badge(waitingWords(waitingFor.code))}
        <span class="numeric">${responseWords(delivery)}</span>
      </p>
      ${waitingFor === null ? nothing : html`<p class="break">${said('waits', waitingFor)}</p>`}
    </section>`;
  }

  private facts({
    id,
    tenant,
    endpointId,
    eventId,
    event,
    createdAt,
    completedAt,
    attemptCount,
  }: OperatorDeliveryDetailView): TemplateResult {
    return html`<dl class="card padded facts">
      <dt>${t('ops.tenant')}</dt>
      <dd>${tenantLink(this.context, tenant)}</dd>
      <dt>${t('ops.endpoint')}</dt>
      <dd>${endpointLink(this.context, endpointId, html`<code>${endpointId}</code>`)}</dd>
      <dt>${t('delivery.event')}</dt>
      <dd>
        ${
          event
            ? link(this.context, { section: 'events', id: eventId }, html`<code>${eventId}</code>`, {
                class: 'link break',
              })
            : html`<code>${eventId}</code>`
        }
      </dd>
      <dt>${t('delivery.delivery')}</dt>
      <dd><code>${id}</code></dd>
      <dt>${t('delivery.created')}</dt>
      <dd>${stamp(createdAt)}</dd>
      ${
        completedAt === null
          ? nothing
          : html`<dt>${t('delivery.completed')}</dt>
              <dd>${stamp(completedAt)}</dd>`
      }
      <dt>${t('log.attempts')}</dt>
      <dd class="numeric">${attemptCount}</dd>
    </dl>`;
  }
}
