import type { ReactiveControllerHost } from 'lit';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import { responseWords } from '../parts/response.js';
import { t } from '../texts/t.js';

/** Resends one delivery, and reports the outcome. */
export class Resend {
  /** Whether to ask before the resend of a delivery that succeeded. */
  asking = false;
  /** True from the click until the attempt has an outcome. */
  sending = false;
  status: () => string = () => '';
  error: unknown;
  private attemptsBefore = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly send: () => Promise<unknown>,
  ) {}

  ask(asking: boolean): void {
    this.asking = asking;
    this.error = undefined;
    this.host.requestUpdate();
  }

  async run(attemptsBefore: number): Promise<void> {
    this.attemptsBefore = attemptsBefore;
    this.sending = true;
    this.status = () => t('resend.sending');
    this.ask(false);
    try {
      await this.send();
    } catch (error) {
      this.sending = false;
      this.status = () => '';
      this.error = error;
      this.host.requestUpdate();
    }
  }

  /** Checks whether the loaded delivery contains the new attempt. */
  look(delivery: WebhookDeliveryDetailView): void {
    const { attemptCount, status } = delivery;
    if (!this.sending || (attemptCount <= this.attemptsBefore && status !== 'canceled')) return;
    this.sending = false;
    this.status = () => outcomeOf(delivery);
    this.host.requestUpdate();
  }

  reset(): void {
    this.sending = false;
    this.status = () => '';
    this.ask(false);
  }
}

function outcomeOf(delivery: WebhookDeliveryDetailView): string {
  const { status, attemptCount } = delivery;
  const response = responseWords(delivery) ?? '';
  if (status === 'canceled') return t('resend.canceled', { response });
  const key = status === 'succeeded' ? 'resend.succeeded' : 'resend.failed';
  return t(key, { number: attemptCount, response });
}
