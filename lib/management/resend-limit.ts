import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import type { WebhookClock } from '../domain/clock.js';
import { SlidingWindow } from '../domain/sliding-window.js';
import { WebhookTooManyRequestsError } from './management.errors.js';

const MINUTE_MS = 60_000;

/** Limits how often a tenant can resend. Each process counts for itself, in memory. */
@Injectable()
export class ResendLimit {
  private readonly window: SlidingWindow;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
  ) {
    this.window = new SlidingWindow(config.limits.resendsPerMinute, MINUTE_MS);
  }

  /** Counts one resend, or one recovery. @throws WebhookTooManyRequestsError */
  take(tenant: string): void {
    const waitMs = this.window.take(tenant, this.clock.now());
    if (waitMs === null) return;
    throw new WebhookTooManyRequestsError('resendsPerMinute', this.config.limits.resendsPerMinute, waitMs);
  }
}
