import { Inject, Injectable } from '@nestjs/common';
import type { HeldEvent } from '../domain/lease.js';
import type { LoadedDelivery, LoadedEndpoint, NewAttempt } from '../domain/delivery.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { AttemptSender, isUnsent, type SentAttempt } from './attempt-sender.js';
import { DeliveryRecorder } from './delivery-recorder.js';

/** Sends a single delivery while its caller waits, as a test does: past lanes and limits. */
@Injectable()
export class ImmediateSender {
  constructor(
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(DeliveryRecorder) private readonly recorder: DeliveryRecorder,
  ) {}

  /**
   * Gives the recorded attempt; `null` where the lease was lost or there is no endpoint any more. One that can't be sent is canceled.
   * @throws WebhookSecretUnavailableError
   */
  async send(held: HeldEvent): Promise<NewAttempt | null> {
    const [delivery] = await this.deliveries.loadHeld(held);
    if (!delivery || typeof delivery.endpoint === 'string') return null;
    const { endpoint } = delivery;
    const sent = await this.sender.send(delivery, endpoint).catch(async (error: unknown) => {
      // The caller is told now: nobody waits for it to be sent later.
      await this.recorder.cancel(delivery, 'not-sent');
      throw error;
    });
    if (!isUnsent(sent)) return this.recorder.record(delivery, endpoint, sent);
    await this.recorder.cancel(delivery, 'not-sent');
    return null;
  }

  /** Nothing of it is recorded. @throws WebhookSecretUnavailableError */
  sendUnstored(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<SentAttempt> {
    return this.sender.send(delivery, endpoint);
  }
}
