import { Injectable } from '@nestjs/common';
import type { LeasedBatch } from '../persistence/sql/delivery-statements.js';
import { ENTRY_SIZE, type WebhookQueue, type WebhookQueueConsumer } from './webhook-queue.js';

const MAX_WAITING = 40;
const PARALLEL = 8;

/**
 * Hands entries to this process's own runner. Durable all the same: what is lost with the process is claimed
 * again by the relay, of this process or of another.
 */
@Injectable()
export class InProcessQueue implements WebhookQueue {
  private waiting: LeasedBatch[] = [];
  private running = 0;
  private consumer: WebhookQueueConsumer | undefined;

  get hasRoom(): boolean {
    return this.consumer !== undefined && this.waiting.length < MAX_WAITING;
  }

  async room(): Promise<number> {
    // Those that a full runner holds back count too: the relay's must not take the places of what is emitted.
    return this.consumer ? Math.max(0, MAX_WAITING - this.waiting.length - this.running) * ENTRY_SIZE : 0;
  }

  push(batches: readonly LeasedBatch[]): void {
    if (!this.consumer) return;
    this.waiting.push(...batches);
    this.next();
  }

  consume(consumer: WebhookQueueConsumer): void {
    this.consumer = consumer;
  }

  async close(): Promise<void> {
    this.consumer = undefined;
    this.waiting = [];
  }

  private next(): void {
    while (this.consumer && this.running < PARALLEL) {
      const batch = this.waiting.shift();
      if (!batch) return;
      this.running++;
      // A batch that fails keeps its lease until it ends; the relay tries it again then.
      void this.consumer(batch)
        .catch(() => undefined)
        .finally(() => {
          this.running--;
          this.next();
        });
    }
  }
}
