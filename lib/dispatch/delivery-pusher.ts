import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_QUEUE } from '../config/tokens.js';
import { entriesOf, type WebhookQueue } from './webhook-queue.js';

/**
 * Pushes leased deliveries to the queue. Those that come in the same turn of the event loop under the same token
 * share entries, so that a burst of small events costs the queue few of them.
 */
@Injectable()
export class DeliveryPusher {
  private collected = new Map<string, string[]>();

  constructor(@Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue) {}

  push(token: string, deliveryIds: readonly string[]): void {
    if (deliveryIds.length === 0) return;
    if (this.collected.size === 0) queueMicrotask(() => this.flush());
    const ids = this.collected.get(token);
    if (ids) ids.push(...deliveryIds);
    else this.collected.set(token, [...deliveryIds]);
  }

  private flush(): void {
    const collected = this.collected;
    this.collected = new Map();
    this.queue.push([...collected].flatMap(([token, ids]) => entriesOf(token, ids)));
  }
}
