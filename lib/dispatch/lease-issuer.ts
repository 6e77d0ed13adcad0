import { Inject, Injectable } from '@nestjs/common';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookClock } from '../domain/clock.js';
import { newLeaseToken } from '../domain/id.js';
import type { Lease } from '../persistence/sql/delivery-statements.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';

const MAX_SHARED_MS = 1_000;

/**
 * Makes leases. What is stored within a second shares a token, so that it can share queue entries: a token has to
 * differ from every other lease of the same row, and from nothing else.
 */
@Injectable()
export class LeaseIssuer {
  private shared: Lease | undefined;
  private sharedUntil = 0;
  private readonly sharedForMs: number;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
  ) {
    // The last one to share a lease still needs time to start its request within it.
    const { leaseMs, timeoutMs } = config.delivery;
    this.sharedForMs = Math.min(MAX_SHARED_MS, (leaseMs - timeoutMs) / 2);
  }

  /** For rows that are new. */
  forNewRows(): Lease {
    const now = this.clock.now();
    const stillShared = now < this.sharedUntil && now >= this.sharedUntil - this.sharedForMs;
    if (this.shared && stillShared) return this.shared;
    this.sharedUntil = now + this.sharedForMs;
    return (this.shared = this.forClaim());
  }

  /** For rows that may have had a lease before. */
  forClaim(): Lease {
    return { token: newLeaseToken(), expiresAt: this.clock.now() + this.config.delivery.leaseMs };
  }
}
