import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookTenantLimitedEvent } from '../delivery/alert-events.js';
import { LifecycleEvents } from '../delivery/lifecycle-events.js';
import type { WebhookClock } from '../domain/clock.js';
import { HOUR_MS } from '../domain/hour.js';
import { iso } from '../domain/iso.js';
import { OutageLog } from '../domain/outage-log.js';
import { inOwnContext } from '../domain/own-context.js';
import { WebhookAlertRepository } from '../persistence/webhook-alert.repository.js';

const MOST_REMEMBERED = 10_000;

/** Tells the app of a tenant that has reached a limit: once an hour, by one of its processes, however often the tenant tries. */
@Injectable()
export class LimitAlerts {
  private readonly outage = new OutageLog(new WebhooksLogger(), 'The app can’t be told of a tenant’s limit');
  /** When this process has last looked whether to tell, so that a refusal costs no statement as a rule. */
  private readonly looked = new Map<string, number>();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(LifecycleEvents) private readonly lifecycle: LifecycleEvents,
    @Inject(WebhookAlertRepository) private readonly alerts: WebhookAlertRepository,
  ) {}

  /** Returns at once, and never throws. */
  reached(tenant: string, limit: WebhookTenantLimitedEvent['limit'], value: number): void {
    if (!this.lifecycle.hasEmitter) return;
    const now = this.clock.now();
    const kind = `limit ${limit} ${tenant}`;
    if (now - (this.looked.get(kind) ?? -Infinity) < HOUR_MS) return;
    if (this.looked.size >= MOST_REMEMBERED) this.looked.clear();
    this.looked.set(kind, now);
    inOwnContext(() => void this.tell(kind, { tenant, limit, value, at: iso(now) }, now));
  }

  private async tell(kind: string, event: WebhookTenantLimitedEvent, now: number): Promise<void> {
    try {
      const isFirst = await this.alerts.tellOnce(kind, now, HOUR_MS);
      this.outage.worked();
      if (isFirst)
        this.lifecycle.alert(
          'webhooks.tenant.limited',
          event,
          `A tenant has reached limits.${event.limit}, which is ${event.value}.`,
        );
    } catch (error) {
      this.outage.failed(error);
    }
  }
}
