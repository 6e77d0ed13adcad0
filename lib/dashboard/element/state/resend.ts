import type { ReactiveControllerHost } from 'lit';
import type { WebhookDeliveryDetailView } from '../api/api-types.js';
import { responseWords } from '../parts/response.js';
import { t } from '../texts/t.js';

/** Sends one delivery again, and tells what has become of it. */
export class Resend {
  /** Whether to send again what was delivered already. */
  asking = false;
  /** From the click until the attempt has its outcome. */
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

  /** Looks whether the attempt is in what was loaded. */
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
