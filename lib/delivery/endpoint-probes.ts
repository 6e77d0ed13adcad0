import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { newLease } from '../domain/lease.js';
import { OutageLog } from '../domain/outage-log.js';
import { Rounds } from '../domain/rounds.js';
import { WebhookHealthRepository } from '../persistence/webhook-health.repository.js';
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';
import { DeliveryRunner } from './delivery-runner.js';
import { PauseWatch } from './pause-watch.js';

const INTERVAL_MS = 60_000;
/** How many at once: each may take the whole timeout of an attempt. */
const AT_ONCE = 20;

/**
 * The option `probeEvery`: from time to time, sends a missed delivery to each endpoint that was disabled for failing.
 * If the endpoint accepts it, the recorder turns the endpoint on.
 */
@Injectable()
export class EndpointProbes {
  private readonly rounds = new Rounds(
    () => this.runOnce(),
    INTERVAL_MS,
    new OutageLog(new WebhooksLogger(), 'Disabled endpoints can’t be probed'),
  );

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookHealthRepository) private readonly health: WebhookHealthRepository,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(PauseWatch) private readonly pauses: PauseWatch,
  ) {}

  start(): void {
    if (this.config.probeEveryMs !== null) this.rounds.start(INTERVAL_MS * Math.random());
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /**
   * Probes the endpoints whose time has come, each in only one process. Resolves with the number of requests that were
   * sent.
   */
  async runOnce(): Promise<number> {
    const { probeEveryMs } = this.config;
    if (probeEveryMs === null || this.rounds.isStopped || this.runner.draining) return 0;
    const now = this.clock.now();
    const due = await this.health.toProbe(now, now - probeEveryMs, AT_ONCE);
    const pauses = await this.pauses.look();
    const probed = await Promise.all(
      due
        .filter(({ id, tenant }) => !pauses.covers({ endpointId: id, tenant }))
        .map(({ id }) => this.probe(id, now, probeEveryMs)),
    );
    return probed.filter(Boolean).length;
  }

  private async probe(endpointId: string, now: number, everyMs: number): Promise<boolean> {
    if (!(await this.health.takeProbe(endpointId, now, now + everyMs))) return false;
    const delivery = await this.health.lastFailed(endpointId);
    if (!delivery) return false;
    const lease = newLease(now, this.config.delivery.leaseMs);
    if (!(await this.resends.revive(delivery, now, lease))) return false;
    return (await this.runner.runNow({ token: lease.token, eventId: delivery.eventId })) !== null;
  }
}
