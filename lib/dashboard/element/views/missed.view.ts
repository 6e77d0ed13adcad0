import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookEndpointView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { link } from '../parts/link.js';
import { time } from '../parts/time.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

/**
 * Shows how many events a webhook missed while it was off, and a button that sends them. Shows nothing if
 * there are none. `@close` asks the parent to remove it.
 */
export class MissedView extends DashboardView {
  static override properties = {
    ...super.properties,
    endpoint: { attribute: false },
    since: { attribute: false },
    missed: { state: true },
    step: { state: true },
    error: { state: true },
  };
  declare endpoint: WebhookEndpointView;
  /** Epoch ms. */
  declare since: number;
  /** The number of deliveries; 0 until they are counted. */
  declare private missed: number;
  declare private step: 'offered' | 'starting' | 'started';
  declare private error: unknown;

  constructor() {
    super();
    this.missed = 0;
    this.step = 'offered';
  }

  protected override firstUpdated(): void {
    void this.count();
  }

  protected override render(): TemplateResult {
    return html`<div class="missed" role="status">${this.missed > 0 ? this.notice() : nothing}</div>`;
  }

  private notice(): TemplateResult {
    const { missed: count, step } = this;
    const deliveries = { view: 'webhook', id: this.endpoint.id, tab: 'deliveries' } as const;
    const isStarted = step === 'started';
    const since = {
      amount: html`<strong>${t('missed.amount', { count })}</strong>`,
      time: time(new Date(this.since).toISOString()),
    };
    return html`<div class="notice ${isStarted ? 'success' : 'warning'}">
      <p>${isStarted ? t('missed.sent', { count }) : rich('missed.since', since)}</p>
      ${this.error ? html`<p class="problem">${messageOf(this.error)}</p>` : nothing}
      <div class="row">
        ${
          isStarted
            ? link(this.context, deliveries, t('missed.show'), { class: 'button small' })
            : html`<button
                type="button"
                class="button small primary"
                aria-disabled=${step === 'starting'}
                @click=${this.recover}
              >
                ${t('missed.recover', { count })}
              </button>`
        }
        <button type="button" class="button small quiet" @click=${this.close}>${t('dismiss')}</button>
      </div>
    </div>`;
  }

  /** If counting fails, nothing is offered: the tab with the deliveries also has a button for recovery. */
  private async count(): Promise<void> {
    try {
      const { toResend, toCreate } = await this.context.api.recoveryPreview(this.endpoint.id, {
        since: this.since,
      });
      this.missed = toResend + toCreate;
    } catch (error) {
      console.warn(error);
    }
  }

  private readonly recover = async (): Promise<void> => {
    if (this.step !== 'offered') return;
    this.step = 'starting';
    this.error = undefined;
    try {
      const { resent, created } = await this.context.api.recover(this.endpoint.id, { since: this.since });
      this.missed = resent + created;
      this.step = 'started';
      await this.updateComplete;
      // The pressed button is gone; the next one takes the focus.
      this.querySelector<HTMLElement>('.button')?.focus();
    } catch (error) {
      this.error = error;
      this.step = 'offered';
    }
  };

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close'));
  };
}
