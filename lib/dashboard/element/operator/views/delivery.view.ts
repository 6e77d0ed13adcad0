import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { attemptList } from '../../parts/attempt-list.js';
import { payload } from '../../parts/attempt.js';
import { sentBody } from '../../parts/delivery-facts.js';
import { link } from '../../parts/link.js';
import { responseWords } from '../../parts/response.js';
import { failure, loadingRows, outdated } from '../../parts/states.js';
import { badge, deliveryStatus, toneOf } from '../../parts/status.js';
import { time } from '../../parts/time.js';
import { timeline } from '../../parts/timeline.js';
import { Attempts } from '../../state/attempts.js';
import { Loader } from '../../state/loader.js';
import { poll } from '../../state/poller.js';
import { t } from '../../texts/t.js';
import type { OperatorDeliveryDetailView } from '../operator-types.js';
import { OperatorView } from '../operator-view.js';
import { backLink, endpointLink, inEnglish, tenantLink } from '../parts.js';

const REFRESH_MS = 5_000;

/** One delivery: its state, why it is pending, and its attempts. */
export class DeliveryView extends OperatorView {
  private readonly loader = new Loader<OperatorDeliveryDetailView>(this, (signal) =>
    this.context.api.delivery(this.route.id ?? '', signal),
  );
  /** The delivery comes with the newest 50. The operators' routes have no more. */
  private readonly attempts = new Attempts(this, async () => ({ data: [], nextCursor: null }));

  constructor() {
    super();
    poll(this, () => this.reload(), REFRESH_MS);
  }

  protected async reload(): Promise<void> {
    await this.loader.run();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.loader.value) this.attempts.add(this.loader.value);
  }

  protected override firstUpdated(): void {
    void this.reload();
  }

  protected override render(): TemplateResult {
    const { value, error } = this.loader;
    return html`<div class="stack loose">
      <div class="stack tight">
        ${backLink(this.context, { section: 'deliveries' }, t('ops.nav.deliveries'))}
        <h2 tabindex="-1" class="break">
          <span class="sr-only">${t('delivery.of')}</span
          ><span class="ltr">${value?.eventType ?? t('delivery.delivery')}</span>
        </h2>
      </div>
      ${value && error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      ${
        value
          ? this.shown(value)
          : html`<div class="card">${error ? failure(error, () => void this.reload()) : loadingRows(6)}</div>`
      }
    </div>`;
  }

  private shown(delivery: OperatorDeliveryDetailView): TemplateResult {
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
        ${deliveryStatus(delivery)}
        ${waitingFor === null ? nothing : badge(t(`ops.waiting.${waitingFor.code}`))}
        <span class="numeric">${responseWords(delivery)}</span>
      </p>
      ${waitingFor === null ? nothing : html`<p class="break">${inEnglish(waitingFor.text)}</p>`}
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
      <dd>${time(createdAt)}</dd>
      ${
        completedAt === null
          ? nothing
          : html`<dt>${t('delivery.completed')}</dt>
              <dd>${time(completedAt)}</dd>`
      }
      <dt>${t('log.attempts')}</dt>
      <dd class="numeric">${attemptCount}</dd>
    </dl>`;
  }
}
