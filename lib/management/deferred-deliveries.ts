import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import { OwnWork } from '../dispatch/own-work.js';
import type { WebhookClock } from '../domain/clock.js';
import { inOwnContext } from '../domain/own-context.js';
import { within } from '../domain/within.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';

const BATCH = 500;
/** How long a caller waits for it. Whatever is not due by then becomes so afterwards. */
const WAIT_MS = 2_000;

/** Deliveries that wait because their endpoint has asked for time with `Retry-After`. */
@Injectable()
export class DeferredDeliveries {
  private readonly logger = new WebhooksLogger();

  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(OwnWork) private readonly ownWork: OwnWork,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
  ) {}

  /** Makes them due at once: somebody has ended the endpoint's pause. Never rejects: they are due after it anyway. */
  async sendNow(endpoint: Pick<WebhookEndpoint, 'id' | 'tenant' | 'deferredUntil'>): Promise<void> {
    const { deferredUntil } = endpoint;
    if (deferredUntil === null || deferredUntil <= this.clock.now()) return;
    await within(
      inOwnContext(() => this.bringForward(endpoint, deferredUntil)),
      WAIT_MS,
    );
  }

  private async bringForward(
    { id, tenant }: Pick<WebhookEndpoint, 'id' | 'tenant'>,
    until: number,
  ): Promise<void> {
    try {
      for (let changed = BATCH; changed === BATCH;) {
        changed = await this.resends.bringForward({ id, tenant, until }, this.clock.now(), BATCH);
        if (changed > 0) this.ownWork.wake();
      }
    } catch (error) {
      this.logger.error(`What waits for webhook ${id} comes at its own time: ${(error as Error).message}`);
    }
  }
}
