import { Inject, Injectable } from '@nestjs/common';
import type { QueueEntry, WebhookQueue, WebhookQueueConsumer } from '../webhook-queue.js';
import { BullQueue } from './bull.queue.js';

/**
 * Entries that were handed to this process's runner here and have no place yet, before further ones are for whoever is free. So
 * few that they do not count as room.
 */
const MOST_OWN = 4;

/**
 * Gives this process's own runner what it has a place for, and the rest to all over Bull: an entry that goes over Redis and
 * comes back is later by a millisecond or two, and by several where the cores are busy. A process that only emits has
 * no runner, so that all of its entries go to others.
 */
@Injectable()
export class OwnFirstQueue implements WebhookQueue {
  private hasRunner = false;
  private own = 0;

  constructor(@Inject(BullQueue) private readonly shared: BullQueue) {}

  hasRoom(reserved: number): boolean {
    return this.shared.hasRoom(reserved);
  }

  room(): Promise<number> {
    return this.shared.room();
  }

  push(entries: readonly QueueEntry[]): void {
    const own = this.hasRunner ? entries.slice(0, Math.max(0, MOST_OWN - this.own)) : [];
    for (const entry of own) void this.take(entry);
    if (own.length < entries.length) this.shared.push(entries.slice(own.length));
  }

  get capacity(): number {
    return this.shared.capacity;
  }

  consume(consumer: WebhookQueueConsumer, windowMs: number): void {
    this.hasRunner = true;
    this.shared.consume(consumer, windowMs);
  }

  takeWaiting(): Promise<QueueEntry[]> {
    return this.shared.takeWaiting();
  }

  close(): Promise<QueueEntry[]> {
    this.hasRunner = false;
    return this.shared.close();
  }

  private async take(entry: QueueEntry): Promise<void> {
    this.own++;
    // One that fails keeps its lease until that ends; the relay tries it again then.
    await this.shared.take(entry).catch(() => undefined);
    this.own--;
  }
}
