import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import type { WebhookClock } from '../domain/clock.js';
import { SlidingWindow } from '../domain/sliding-window.js';
import { LimitAlerts } from './limit-alerts.js';
import { TenantLimits } from './tenant-limits.js';
import { WebhookTooManyRequestsError } from './management.errors.js';

const MINUTE_MS = 60_000;

/** Limits how often a tenant can resend. Each process counts for itself, in memory. */
@Injectable()
export class ResendLimit {
  private readonly window = new SlidingWindow(MINUTE_MS);

  constructor(
    @Inject(TenantLimits) private readonly limits: TenantLimits,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(LimitAlerts) private readonly alerts: LimitAlerts,
  ) {}

  /** Counts one resend, or one recovery. @throws WebhookTooManyRequestsError */
  async take(tenant: string): Promise<void> {
    const { resendsPerMinute } = await this.limits.of(tenant);
    const waitMs = this.window.take(tenant, resendsPerMinute, this.clock.now());
    if (waitMs === null) return;
    this.alerts.reached(tenant, 'resendsPerMinute', resendsPerMinute);
    throw new WebhookTooManyRequestsError('resendsPerMinute', resendsPerMinute, waitMs);
  }
}
