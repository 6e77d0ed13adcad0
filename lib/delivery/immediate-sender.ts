import { Inject, Injectable } from '@nestjs/common';
import type { HeldEvent } from '../domain/lease.js';
import type { LoadedDelivery, LoadedEndpoint, NewAttempt } from '../domain/delivery.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { AttemptSender, isUnsent, type SentAttempt } from './attempt-sender.js';
import { DeliveryRecorder } from './delivery-recorder.js';

/** Sends one delivery while its caller waits, as a test does: regardless of lanes and limits. */
@Injectable()
export class ImmediateSender {
  constructor(
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
  ) {}

  /**
   * Resolves with the recorded attempt; `null` if the lease was lost or the endpoint is gone. Cancels a delivery that
   * can't be sent.
   * @throws WebhookSecretUnavailableError
   */
  async send(held: HeldEvent): Promise<NewAttempt | null> {
    const [delivery] = await this.deliveries.loadHeld(held);
    if (!delivery || typeof delivery.endpoint === 'string') return null;
    const { endpoint } = delivery;
    const sent = await this.sender.send(delivery, endpoint).catch(async (error: unknown) => {
      // The caller gets the error now. Nobody waits for a later attempt.
      await this.recorder.cancel(delivery, 'not-sent');
      throw error;
    });
    if (!isUnsent(sent)) return this.recorder.record(delivery, endpoint, sent);
    await this.recorder.cancel(delivery, 'not-sent');
    return null;
  }

  /** Records nothing. @throws WebhookSecretUnavailableError */
  sendUnstored(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<SentAttempt> {
    return this.sender.send(delivery, endpoint);
  }
}
