import { Injectable } from '@nestjs/common';
import { QueueRoom } from './queue-room.js';
import {
  ENTRIES_AT_ONCE,
  MOST_ENTRIES,
  type QueueEntry,
  type WebhookQueue,
  type WebhookQueueConsumer,
} from './webhook-queue.js';

/**
 * Hands entries to this process's own runner. Durable all the same: what is lost with the process is claimed
 * again by the relay, of this process or of another.
 */
@Injectable()
export class InProcessQueue implements WebhookQueue {
  private readonly waiting: QueueEntry[] = [];
  private running = 0;
  private readonly bounds = new QueueRoom();
  private consumer: WebhookQueueConsumer | undefined;

  hasRoom(reserved: number): boolean {
    if (!this.consumer) return false;
    if (reserved === 0) return this.entries < MOST_ENTRIES;
    return this.bounds.beside(this.entries) > reserved && !this.bounds.isSlow;
  }

  async room(): Promise<number> {
    return this.consumer ? this.bounds.beside(this.entries) : 0;
  }

  push(entries: readonly QueueEntry[]): void {
    if (!this.consumer) return;
    this.waiting.push(...entries);
    this.next();
  }

  get capacity(): number {
    return this.bounds.capacity;
  }

  consume(consumer: WebhookQueueConsumer, windowMs: number): void {
    this.bounds.start(windowMs);
    this.consumer = consumer;
  }

  /** None: this process's runner takes all of them. */
  async takeWaiting(): Promise<QueueEntry[]> {
    return [];
  }

  async close(): Promise<QueueEntry[]> {
    this.consumer = undefined;
    return this.waiting.splice(0);
  }

  private get entries(): number {
    return this.waiting.length + this.running;
  }

  private next(): void {
    while (this.consumer && this.running < ENTRIES_AT_ONCE) {
      const entry = this.waiting.shift();
      if (!entry) return;
      this.running++;
      // One that fails keeps its lease until it ends; the relay tries it again then.
      void this.bounds
        .during(this.consumer(entry))
        .catch(() => undefined)
        .finally(() => {
          this.running--;
          this.next();
        });
    }
  }
}
