import { Inject, Injectable } from '@nestjs/common';
import type { FanOut, OwnShare } from '../domain/fan-out.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_LOCAL_WORKER, WEBHOOKS_QUEUE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookClock } from '../domain/clock.js';
import { newDelivery, type LoadedDelivery, type NewEvent } from '../domain/delivery.js';
import { newLease, type Lease } from '../domain/lease.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import type { LocalWorker } from './local-worker.js';
import type { WebhookQueue } from './webhook-queue.js';

/**
 * What this process keeps of the deliveries that it stores: they are leased by the statement that stores them, and handed to its own
 * worker, with no look at the queue or the database in between. For all others it wakes a worker.
 */
@Injectable()
export class OwnWork {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WEBHOOKS_LOCAL_WORKER) private readonly worker: LocalWorker,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** Whether it would keep something of a tenant's now. */
  hasRoom(tenant: string): boolean {
    return this.worker.isStarted && this.worker.ownRoom(tenant) > 0;
  }

  /** A lease for one delivery; `null` where it keeps none. */
  lease(tenant: string): Lease | null {
    return this.hasRoom(tenant) ? newLease(this.clock.now(), this.config.delivery.leaseMs) : null;
  }

  /** What it keeps of what one call stores; at most half of what it has room for, so that a large event leaves some to others. */
  share(tenant: string): OwnShare | null {
    const lease = this.lease(tenant);
    return (
      lease && { lease, most: Math.ceil(this.worker.ownRoom(tenant) / 2), except: this.worker.closedLanes() }
    );
  }

  /** Sends what a fan-out has kept, and wakes a worker for the rest. @param seenAt when it began, by `performance.now()` */
  send(events: readonly NewEvent[], own: OwnShare | null, fanOut: FanOut, seenAt: number): void {
    const kept: LoadedDelivery[] = [];
    let hasMore = false;
    for (const event of events) {
      const stored = fanOut.events.get(event.id);
      if (!stored) continue;
      hasMore ||= stored.hasMore;
      for (const { id, endpointId } of stored.own) {
        const endpoint = fanOut.endpoints.get(endpointId) ?? 'unknown';
        kept.push(newDelivery(event, own!.lease, { id, endpointId, endpoint }));
      }
    }
    this.worker.run(kept, seenAt);
    if (hasMore) this.queue.wake();
  }

  /** For what is due, and not this process's own. */
  wake(): void {
    this.queue.wake();
  }

  /** Sends what an event has under a lease of this process by now. Never rejects: what can't be loaded is claimed when its lease ends. */
  sendHeld(eventId: string, { token }: Lease): Promise<void> {
    const seenAt = performance.now();
    return this.worker.runLoaded(this.deliveries.loadHeld({ eventId, token }), seenAt);
  }
}
