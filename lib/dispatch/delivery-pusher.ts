import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_QUEUE } from '../config/tokens.js';
import { inOwnContext } from '../domain/own-context.js';
import type { Lease } from '../persistence/sql/delivery-statements.js';
import { merged, type QueueEntry, type WebhookQueue } from './webhook-queue.js';

/**
 * Pushes leased deliveries to the queue. Those that come in the same turn of the event loop under the same token
 * share entries, so that a burst of small events costs the queue few of them.
 */
@Injectable()
export class DeliveryPusher {
  private collected: QueueEntry[] = [];

  constructor(@Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue) {}

  push({ token, expiresAt }: Lease, deliveryIds: readonly string[]): void {
    if (deliveryIds.length === 0) return;
    if (this.collected.length === 0) inOwnContext(() => queueMicrotask(() => this.flush()));
    this.collected.push({ token, expiresAt, deliveryIds });
  }

  private flush(): void {
    const collected = this.collected;
    this.collected = [];
    this.queue.push(merged(collected));
  }
}
