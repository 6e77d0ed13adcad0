import { Injectable } from '@nestjs/common';
import type { LeasedBatch } from '../persistence/sql/delivery-statements.js';
import { QueuePace } from './queue-pace.js';
import {
  ENTRIES_AT_ONCE,
  ENTRY_SIZE,
  MOST_ENTRIES,
  type WebhookQueue,
  type WebhookQueueConsumer,
} from './webhook-queue.js';

/**
 * Hands entries to this process's own runner. Durable all the same: what is lost with the process is claimed
 * again by the relay, of this process or of another.
 */
@Injectable()
export class InProcessQueue implements WebhookQueue {
  private waiting: LeasedBatch[] = [];
  private running = 0;
  private readonly pace = new QueuePace();
  private consumer: WebhookQueueConsumer | undefined;

  hasRoom(reserved: number): boolean {
    if (reserved === 0) return this.leftOf(MOST_ENTRIES) > 0;
    return this.leftOf(this.pace.mostEntries) > reserved && !this.pace.isSlow;
  }

  async room(): Promise<number> {
    return this.leftOf(this.pace.mostEntries);
  }

  push(batches: readonly LeasedBatch[]): void {
    if (!this.consumer) return;
    this.waiting.push(...batches);
    this.next();
  }

  get capacity(): number {
    return this.pace.mostEntries * ENTRY_SIZE;
  }

  consume(consumer: WebhookQueueConsumer, windowMs: number): void {
    this.pace.start(windowMs);
    this.consumer = consumer;
  }

  async close(): Promise<void> {
    this.consumer = undefined;
    this.waiting = [];
  }

  private leftOf(entries: number): number {
    if (!this.consumer) return 0;
    return Math.max(0, entries - this.waiting.length - this.running) * ENTRY_SIZE;
  }

  private next(): void {
    while (this.consumer && this.running < ENTRIES_AT_ONCE) {
      const batch = this.waiting.shift();
      if (!batch) return;
      this.running++;
      // A batch that fails keeps its lease until it ends; the relay tries it again then.
      void this.pace
        .during(this.consumer(batch), batch.deliveryIds.length)
        .catch(() => undefined)
        .finally(() => {
          this.running--;
          this.next();
        });
    }
  }
}
