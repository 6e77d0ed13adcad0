import { Inject, Injectable } from '@nestjs/common';
import { Representations, UnmadeBody, type EventInForm, type WantedForm } from '../config/representations.js';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import type { LoadedDelivery, LoadedEndpoint } from '../domain/delivery.js';
import { isLateFor } from '../domain/lease.js';
import { OutageLog } from '../domain/outage-log.js';
import { REPRESENTATION_FAILED } from '../domain/outcome.js';
import { choiceName } from '../domain/representation/choice.js';
import { UNMADE, frozenBodyOf, frozenText, type FrozenBody } from '../domain/representation/frozen-body.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { UNSENT, type SendError } from './send-error.js';

/** What a body is made from, and what says whether it was made before. */
export type Made = EventInForm & Pick<LoadedDelivery, 'frozenBody' | 'attemptCount'>;

/**
 * The bodies of endpoints that want their events in a form of their own. A body is made before the delivery's first
 * request, and stored before the request leaves. So a changed function, or another choice of the endpoint, changes no
 * delivery that has begun.
 */
@Injectable()
export class FrozenBodies {
  private readonly failures = new Map<string, OutageLog>();

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(WebhookDeliveryRepository) private readonly deliveries: WebhookDeliveryRepository,
  ) {}

  /** Whether the event's own body is sent. A delivery that was attempted with it keeps it. */
  isPlain(delivery: Made, endpoint: WantedForm): boolean {
    const { frozenBody, attemptCount } = delivery;
    if (frozenBody !== null) return false;
    return attemptCount > 0 || this.representations.isPlain(endpoint, delivery, this.clock.now());
  }

  /** The body that would be sent now instead of the event's own. Stores nothing. @throws UnmadeBody */
  current(delivery: Made, endpoint: WantedForm): FrozenBody {
    const frozen = frozenBodyOf(delivery.frozenBody);
    if (frozen) return frozen;
    const now = this.clock.now();
    const name = choiceName(endpoint.representation);
    const version = this.representations.versions.effective(endpoint.version, now);
    return { name, version, ...this.representations.make(endpoint, delivery, now) };
  }

  /** The delivery's body from now on, or why there is none. */
  async freeze(delivery: LoadedDelivery, endpoint: LoadedEndpoint): Promise<FrozenBody | SendError> {
    const frozen = frozenBodyOf(delivery.frozenBody);
    if (frozen) return frozen;
    const made = this.made(delivery, endpoint);
    const text = 'code' in made ? UNMADE : frozenText(made);
    const { id: deliveryId, token } = delivery;
    const isHeld =
      delivery.frozenBody === text || (await this.deliveries.freeze({ deliveryId, token, frozenBody: text }));
    // The process that has the lease now sends it. And a request must end before its lease does.
    const isLate = isLateFor(delivery.leaseExpiresAt, this.clock.now(), this.config.delivery.timeoutMs);
    return isHeld && !isLate ? made : UNSENT;
  }

  private made(delivery: LoadedDelivery, endpoint: LoadedEndpoint): FrozenBody | SendError {
    const name = choiceName(endpoint.representation);
    try {
      const made = this.current(delivery, endpoint);
      this.failures.get(name)?.worked();
      return made;
    } catch (error) {
      if (!(error instanceof UnmadeBody)) throw error;
      this.failuresOf(name).failed(error.cause, `, such as for delivery ${delivery.id}`);
      return { code: REPRESENTATION_FAILED, message: error.message };
    }
  }

  private failuresOf(name: string): OutageLog {
    const known = this.failures.get(name);
    if (known) return known;
    const log = new OutageLog(new WebhooksLogger(), `The representation '${name}' can't make bodies`);
    this.failures.set(name, log);
    return log;
  }
}
