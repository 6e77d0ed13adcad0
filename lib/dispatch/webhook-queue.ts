import type { Lease, LeasedBatch } from '../persistence/sql/delivery-statements.js';

/** What travels: ids only, and when their lease ends. Nobody needs to look at them any more by then. */
export interface QueueEntry extends LeasedBatch {
  /** Epoch ms. */
  readonly expiresAt: number;
}

/**
 * Takes the deliveries of an entry. It settles once they have found their place, not when they are delivered; with false
 * where the entry came too late to be worth a look.
 */
export type WebhookQueueConsumer = (entry: QueueEntry) => Promise<boolean>;

/**
 * How leased deliveries reach a runner. The queue is a wake-up and may lose or repeat entries: the rows hold the
 * truth, and the relay pushes again what was lost when its lease ends.
 */
export interface WebhookQueue {
  /** Hands entries over. Never throws and never waits for a broker. */
  push(entries: readonly QueueEntry[]): void;
  /** How many more deliveries it should be given now: what a runner has not placed yet counts. 0 while its broker is away. */
  room(): Promise<number>;
  /**
   * Whether there is room for more, as last known, for a caller that can't wait.
   * @param reserved room left to others. A caller that leaves none may go beyond the capacity, within fixed bounds; one that
   *   leaves some has none while entries wait for long
   */
  hasRoom(reserved: number): boolean;
  /** How many deliveries there are to be in it at most, as things go. */
  readonly capacity: number;
  /** Starts to hand entries to `consumer`. Called once, on workers only. @param windowMs how long one should wait at most */
  consume(consumer: WebhookQueueConsumer, windowMs: number): void;
  /** Takes some entries that wait for whoever is free: from then on they are the caller's alone. */
  takeWaiting(): Promise<QueueEntry[]>;
  /** Stops handing entries over, and gives those that this process has pushed and nobody has taken. */
  close(): Promise<QueueEntry[]>;
}

/** Deliveries per queue entry: measured, one entry per delivery halves the throughput of the whole pipeline. */
export const ENTRY_SIZE = 50;

/** Entries under way before there is no more room: pushed, and not placed by a runner yet. At first, and at most. */
export const FIRST_ENTRIES = 40;
export const MOST_ENTRIES = 200;

/**
 * Entries that one runner takes at once: more than there are, as one that it makes wait must not keep it from the next,
 * which may be for endpoints that are free.
 */
export const ENTRIES_AT_ONCE = 240;

/** Splits what is held under one lease into entries. */
export function entriesOf({ token, expiresAt }: Lease, deliveryIds: readonly string[]): QueueEntry[] {
  const entries: QueueEntry[] = [];
  for (let start = 0; start < deliveryIds.length; start += ENTRY_SIZE) {
    entries.push({ token, expiresAt, deliveryIds: deliveryIds.slice(start, start + ENTRY_SIZE) });
  }
  return entries;
}

/** The same deliveries in as few entries as their leases allow. */
export function merged(entries: readonly QueueEntry[]): QueueEntry[] {
  const byToken = new Map<string, { lease: Lease; deliveryIds: string[] }>();
  for (const { token, expiresAt, deliveryIds } of entries) {
    const group = byToken.get(token);
    if (group) group.deliveryIds.push(...deliveryIds);
    else byToken.set(token, { lease: { token, expiresAt }, deliveryIds: [...deliveryIds] });
  }
  return [...byToken.values()].flatMap(({ lease, deliveryIds }) => entriesOf(lease, deliveryIds));
}
