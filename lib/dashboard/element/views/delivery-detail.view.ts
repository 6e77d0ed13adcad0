import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type {
  WebhookDeliveryDetailView,
  WebhookEndpointView,
  WebhookSettingsView,
} from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { attemptList } from '../parts/attempt-list.js';
import { payload } from '../parts/attempt.js';
import { deliveryFacts, sentBody } from '../parts/delivery-facts.js';
import { deliveryOutcome } from '../parts/delivery-outcome.js';
import { deliverySteps, stepOf, type Neighbours } from '../parts/delivery-steps.js';
import { modal } from '../parts/modal.js';
import { resendFoot } from '../parts/resend-foot.js';
import { failure, loadingRows, outdated } from '../parts/states.js';
import { timeline } from '../parts/timeline.js';
import { Attempts } from '../state/attempts.js';
import { Loader } from '../state/loader.js';
import { poll } from '../state/poller.js';
import { Resend } from '../state/resend.js';
import { turnOn } from '../state/activation.js';
import { messageOf } from '../texts/error-texts.js';
import { t } from '../texts/t.js';

const TICK_MS = 1_000;
/** If the next attempt is further away than this, only every fifth tick reloads. */
const SOON_MS = 10_000;
const SLOW_TICKS = 5;

type Delivery = WebhookDeliveryDetailView;

/**
 * Shows one delivery with its payload and attempts, in a drawer. Emits `@close` to be removed, `@step` with
 * the id of a neighbour to open, `@since` with the time from which to recover, and `@delivery-changed` with a
 * reloaded delivery for the list.
 */
export class DeliveryDetailView extends DashboardView {
  static override properties = {
    ...super.properties,
    deliveryId: { attribute: false },
    endpoint: { attribute: false },
    neighbours: { attribute: false },
    settings: { state: true },
  };
  declare deliveryId: string;
  declare endpoint: WebhookEndpointView;
  /** The neighbours in the list from which it was opened. */
  declare neighbours: Neighbours | undefined;
  declare private settings: WebhookSettingsView | undefined;
  private ticks = 0;

  private readonly loader = new Loader<Delivery>(this, (signal) =>
    this.context.api.delivery(this.deliveryId, signal),
  );
  private readonly attempts = new Attempts(this, (cursor) =>
    this.context.api.attempts(this.deliveryId, { cursor }),
  );
  private readonly resend = new Resend(this, () => this.context.api.resend(this.deliveryId));

  constructor() {
    super();
    poll(this, this.tick, TICK_MS);
    this.addEventListener('keydown', this.press);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('deliveryId')) {
      this.resend.reset();
      this.attempts.reset();
      void this.loader.run({ forget: true });
    }
    if (this.loader.value?.id === this.deliveryId) this.attempts.add(this.loader.value);
  }

  protected override firstUpdated(): void {
    // Without the settings, some sentences lack a number.
    this.context.settings().then(
      (settings) => (this.settings = settings),
      () => {},
    );
  }

  protected override render(): TemplateResult {
    const { value } = this.loader;
    return modal({
      kind: 'drawer',
      heading: value
        ? html`<span class="sr-only">${t('delivery.of')}</span
            ><span class="mono break">${value.eventType}</span>`
        : t('delivery.delivery'),
      body: this.body(),
      foot: value ? this.foot(value) : nothing,
      tools: this.neighbours ? deliverySteps(this.neighbours, this.step) : nothing,
      close: () => this.dispatchEvent(new Event('close')),
    });
  }

  private readonly step = (to: string | undefined): void => {
    if (to !== undefined) this.dispatchEvent(new CustomEvent('step', { detail: to }));
  };

  private readonly press = (event: KeyboardEvent): void => {
    this.step(stepOf(event, this.neighbours));
  };

  protected override updated(): void {
    // The focused element belonged to the previous delivery and is gone.
    const root = this.getRootNode() as ShadowRoot;
    if (this.hasUpdated && this.neighbours && root.activeElement === null)
      this.querySelector<HTMLElement>('.steps .older')?.focus();
  }

  private body(): TemplateResult {
    const { value, error } = this.loader;
    if (!value) return error ? failure(error, () => void this.loader.run()) : loadingRows(8);
    return html`<div class="stack loose">
      ${error ? html`<p class="problem" role="alert">${outdated(error)}</p>` : nothing}
      ${deliveryOutcome(value, {
        attempt: this.attempts.newestFirst[0],
        url: this.endpoint.url,
        timeoutMs: this.settings?.timeoutMs,
        planned: this.settings && this.settings.retryOffsetsMs.length + 1,
      })}
      <section class="stack tight" aria-label=${t('delivery.request')}>
        <div class="row request-line">
          <span class="badge plain">POST</span> <code class="break ltr">${this.endpoint.url}</code>
          ${
            value.event
              ? html`<webhooks-curl .context=${this.context} .deliveryId=${value.id}></webhooks-curl>`
              : nothing
          }
        </div>
      </section>
      <section class="stack tight">
        <h3>${t('delivery.attempts')}</h3>
        ${timeline(this.attempts.newestFirst, value, (id) => void this.showAttempt(id))}
        ${attemptList(this.attempts, value, this.settings?.captureBytes)}
      </section>
      ${this.attempts.newestFirst.length === 0 ? payload(sentBody(value)) : nothing}
      ${deliveryFacts(this.context, value)}
    </div>`;
  }

  private async showAttempt(id: string): Promise<void> {
    this.attempts.toggle(id, true);
    await this.settled();
    const summary = this.querySelector<HTMLElement>(`[data-attempt="${id}"] summary`);
    summary?.focus({ preventScroll: true });
    summary?.scrollIntoView();
  }

  private foot(delivery: Delivery): TemplateResult {
    const since = (): void => {
      this.dispatchEvent(new CustomEvent('since', { detail: Date.parse(delivery.createdAt) }));
    };
    return resendFoot(delivery, this.resend, {
      since: delivery.status === 'failed' ? since : undefined,
      ask: (asking) => {
        this.resend.ask(asking);
        void this.keepFocus();
      },
      send: () => void this.send(),
      turnOnAndSend: () => void this.turnOnAndSend(),
    });
  }

  /** Focuses the button that has replaced the pressed one in the footer. */
  private async keepFocus(): Promise<void> {
    await this.settled();
    this.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  private async settled(): Promise<void> {
    await this.updateComplete;
    await this.querySelector<DashboardView>('webhooks-modal')?.updateComplete;
  }

  private async send(): Promise<void> {
    const sent = this.resend.run(this.loader.value!.attemptCount);
    await this.keepFocus();
    await sent;
    await this.load();
  }

  private async turnOnAndSend(): Promise<void> {
    try {
      await turnOn(this, this.context, this.loader.value!.endpointId);
    } catch (error) {
      this.context.notify(() => messageOf(error), 'error');
    }
    // If turning it on failed, the resend fails with a message that says so.
    await this.send();
  }

  private readonly tick = async (): Promise<void> => {
    const { value } = this.loader;
    this.ticks += 1;
    const isSlow = this.ticks % SLOW_TICKS === 0;
    // The displayed times are relative, so they need a new rendering.
    if (isSlow) this.requestUpdate();
    if (value?.status !== 'pending' && !this.resend.sending) return;
    const { nextAttemptAt } = value!;
    const isFar = nextAttemptAt !== null && Date.parse(nextAttemptAt) - Date.now() > SOON_MS;
    if (this.resend.sending || !isFar || isSlow) await this.load();
  };

  private async load(): Promise<void> {
    const { deliveryId } = this;
    await this.loader.run();
    const { value } = this.loader;
    if (!value || value.id !== deliveryId || deliveryId !== this.deliveryId) return;
    this.dispatchEvent(new CustomEvent('delivery-changed', { detail: value }));
    this.resend.look(value);
  }
}
