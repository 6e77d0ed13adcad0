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
 * The deliveries that this process stores and sends itself. The statement that stores them leases them, and they go to
 * this process's worker without another look at the queue or the database. For all others it wakes a worker.
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

  /** Whether it would keep a delivery of this tenant now. */
  hasRoom(tenant: string): boolean {
    return this.worker.isStarted && this.worker.ownRoom(tenant) > 0;
  }

  /** A lease for one delivery; `null` if it keeps none. */
  lease(tenant: string): Lease | null {
    return this.hasRoom(tenant) ? newLease(this.clock.now(), this.config.delivery.leaseMs) : null;
  }

  /**
   * What it keeps of the deliveries that one call stores. At most half of its room, so that a large event leaves some
   * to other workers.
   */
  share(tenant: string): OwnShare | null {
    const lease = this.lease(tenant);
    return (
      lease && { lease, most: Math.ceil(this.worker.ownRoom(tenant) / 2), except: this.worker.closedLanes() }
    );
  }

  /**
   * Sends the deliveries that a fan-out kept, and wakes a worker for the rest. @param seenAt when the fan-out began, by
   * `performance.now()`
   */
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

  /** Wakes a worker for due deliveries that are not this process's own. */
  wake(): void {
    this.queue.wake();
  }

  /**
   * Sends the deliveries of an event that this process has leased. Never rejects: a delivery that can't be loaded is
   * claimed when its lease ends.
   */
  sendHeld(eventId: string, { token }: Lease): Promise<void> {
    const seenAt = performance.now();
    return this.worker.runLoaded(this.deliveries.loadHeld({ eventId, token }), seenAt);
  }
}
