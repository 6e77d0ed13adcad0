import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_QUEUE } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { inOwnContext } from '../domain/own-context.js';
import type { Lease } from '../persistence/sql/delivery-statements.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { merged, type QueueEntry, type WebhookQueue } from './webhook-queue.js';

/**
 * Pushes leased deliveries to the queue. Those that come in the same turn of the event loop under the same token
 * share entries, so that a burst of small events costs the queue few of them.
 */
@Injectable()
export class DeliveryPusher {
  private readonly logger = new WebhooksLogger();
  private collected: QueueEntry[] = [];
  private closed = false;
  private readonly releasing = new Set<Promise<void>>();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  push({ token, expiresAt }: Lease, deliveryIds: readonly string[]): void {
    if (deliveryIds.length === 0) return;
    if (this.collected.length === 0) inOwnContext(() => queueMicrotask(() => this.flush()));
    this.collected.push({ token, expiresAt, deliveryIds });
  }

  /** Closes the queue. What nobody has taken, or comes after it, is due at once for other processes. */
  async close(): Promise<void> {
    this.closed = true;
    for (const entry of await this.queue.close()) this.release(entry);
    await this.idle();
  }

  /** Resolves once all that was given back is in its rows. */
  async idle(): Promise<void> {
    while (this.releasing.size > 0) await Promise.all(this.releasing);
  }

  private flush(): void {
    const collected = this.collected;
    this.collected = [];
    if (!this.closed) this.queue.push(merged(collected));
    else for (const entry of collected) this.release(entry);
  }

  private release(entry: QueueEntry): void {
    const released = this.deliveries
      .release(entry, this.clock.now())
      // They come back when their lease ends.
      .catch((error: Error) => this.logger.error(`Deliveries could not be given back: ${error.message}`))
      .finally(() => this.releasing.delete(released));
    this.releasing.add(released);
  }
}
