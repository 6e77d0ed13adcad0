import { Inject, Injectable, Logger } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG, WEBHOOKS_QUEUE } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookClock } from '../domain/clock.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { DeliveryPusher } from './delivery-pusher.js';
import { LeaseIssuer } from './lease-issuer.js';
import type { WebhookQueue } from './webhook-queue.js';

const CLAIM_SIZE = 200;

/**
 * Claims what is due and pushes it: new deliveries that never reached the queue, retries whose time has come, and
 * those whose lease ended because a process died or the queue lost its entry. This is the only way back in.
 */
@Injectable()
export class RelayService {
  private readonly logger = new Logger('Webhooks');
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<unknown> = Promise.resolve();
  private stopped = true;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
    @Inject(LeaseIssuer) private readonly leases: LeaseIssuer,
    @Inject(DeliveryPusher) private readonly pusher: DeliveryPusher,
  ) {}

  start(): void {
    this.stopped = false;
    this.scheduleNext(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Claims what is due now, as far as the queue has room; gives how many deliveries that was. */
  async runOnce(): Promise<number> {
    let total = 0;
    for (;;) {
      const limit = Math.min(CLAIM_SIZE, await this.queue.room());
      if (limit <= 0) return total;
      const lease = this.leases.forClaim();
      const ids = await this.deliveries.claimDue(this.clock.now(), limit, lease);
      this.pusher.push(lease.token, ids);
      total += ids.length;
      if (ids.length < limit) return total;
    }
  }

  private scheduleNext(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.runOnce()
        // The database is away: the next round looks again.
        .catch((error: Error) => this.logger.error(`The relay could not claim: ${error.message}`))
        .finally(() => this.scheduleNext(this.config.delivery.pollIntervalMs));
    }, delayMs);
  }
}
