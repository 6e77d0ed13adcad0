import { Inject, Injectable } from '@nestjs/common';
import { WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { WebhooksLogger } from '../config/webhooks-logger.js';
import type { WebhookClock } from '../domain/clock.js';
import { MODULE } from '../domain/actor.js';
import { newId } from '../domain/id.js';
import { iso, isoOrNull } from '../domain/iso.js';
import { OutageLog } from '../domain/outage-log.js';
import {
  decideOutcome,
  deferralMs,
  INTERRUPTED,
  tellsOfEndpoint,
  type OutcomeDecision,
} from '../domain/outcome.js';
import type { DeliveryRecord, LoadedDelivery, LoadedEndpoint, NewAttempt } from '../domain/delivery.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import type { WebhookDisabledReason } from '../persistence/webhook-endpoint.entity.js';
import { WebhookHealthRepository } from '../persistence/webhook-health.repository.js';
import { AuditLog } from '../audit/audit-log.js';
import type { SentAttempt } from './attempt-sender.js';
import { LifecycleEvents } from './lifecycle-events.js';
import { OutcomeStore, UnstorableOutcome } from './outcome-store.js';
import type { CountedOutcome, OutcomeTally } from './outcome-tally.js';
import { UnrecordedOutcomes } from './unrecorded-outcomes.js';

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;

/** Records the outcome of a delivery, and its consequences for the endpoint. */
@Injectable()
export class DeliveryRecorder {
  private readonly outcomes = new OutageLog(new WebhooksLogger(), 'Outcomes of deliveries can’t be stored');
  private readonly healths = new OutageLog(new WebhooksLogger(), 'The health of endpoints can’t be stored');
  private readonly tallies = new Set<Pick<OutcomeTally, 'add'>>();
  private readonly unrecorded = new UnrecordedOutcomes();
  private readonly store: OutcomeStore;
  private closed = false;

  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(WebhookDeliveryRepository) deliveries: WebhookDeliveryRepository,
    @Inject(WebhookHealthRepository) private readonly health: WebhookHealthRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(LifecycleEvents) private readonly lifecycle: LifecycleEvents,
  ) {
    this.store = new OutcomeStore(deliveries, new WebhooksLogger());
  }

  /** Counts outcomes in `tally` until the returned function is called. */
  countIn(tally: Pick<OutcomeTally, 'add'>): () => void {
    this.tallies.add(tally);
    return () => void this.tallies.delete(tally);
  }

  /**
   * From now on, outcomes that the database does not take at once are dropped. These deliveries are sent again when
   * their leases end.
   */
  close(): void {
    this.closed = true;
  }

  /**
   * The claimed delivery, with this process's attempts that its row does not know. `undefined` if it must be recorded
   * instead of sent: see `recordAgain`.
   */
  known(delivery: LoadedDelivery): LoadedDelivery | undefined {
    const record = this.unrecorded.of(delivery);
    if (!record) return delivery;
    if (record.status !== 'pending' || (record.nextAttemptAt ?? 0) > this.clock.now()) return undefined;
    const { attemptCount, scheduleAttempts, firstAttemptAt, single, statusCode, errorCode } = record;
    return { ...delivery, attemptCount, scheduleAttempts, firstAttemptAt, single, statusCode, errorCode };
  }

  /** Records an outcome that could not be stored before. */
  async recordAgain(delivery: LoadedDelivery): Promise<void> {
    const record = this.unrecorded.of(delivery);
    if (record) await this.write(record);
  }

  /** Records an attempt. Resolves with the recorded attempt, or `null` if another process has taken the lease. */
  async record(
    delivery: LoadedDelivery,
    endpoint: LoadedEndpoint,
    sent: SentAttempt,
  ): Promise<NewAttempt | null> {
    const firstAttemptAt = delivery.firstAttemptAt ?? sent.startedAt;
    const context = {
      attemptsMade: delivery.scheduleAttempts + 1,
      firstAttemptAt,
      single: delivery.single,
      // Nobody waits for a test to be sent again. And a receiver that never answers in our time must fail in the end.
      mayResume: !delivery.test && delivery.errorCode !== INTERRUPTED,
      now: sent.endedAt,
    };
    const decision = decideOutcome(sent.result, context, this.config.retry);
    const attempt = newAttempt(delivery, sent, decision);
    const held = await this.write({
      deliveryId: delivery.id,
      token: delivery.token,
      endpointId: delivery.endpointId,
      tenant: delivery.tenant,
      test: delivery.test,
      status: decision.outcome === 'retrying' ? 'pending' : decision.outcome,
      attemptCount: attempt.number,
      scheduleAttempts: decision.counts ? context.attemptsMade : delivery.scheduleAttempts,
      firstAttemptAt: decision.counts ? firstAttemptAt : delivery.firstAttemptAt,
      nextAttemptAt: decision.nextAttemptAt,
      single: !decision.counts && delivery.single,
      statusCode: attempt.statusCode,
      errorCode: attempt.errorCode,
      completedAt: decision.outcome === 'retrying' ? null : sent.endedAt,
      attempt,
    });
    if (!held) return null;
    if (!delivery.test) this.count(delivery.id, decision.counts ? decision.outcome : 'interrupted');
    const tells = !delivery.test && decision.counts && tellsOfEndpoint(sent.result);
    if (tells && !(decision.outcome === 'succeeded' && isHealthy(endpoint)))
      await this.updateHealth(delivery, endpoint, decision, sent);
    this.tell(delivery, attempt, decision);
    return attempt;
  }

  /** Ends a delivery that has no receiver, or that nobody waits for. */
  async cancel(
    delivery: LoadedDelivery,
    reason: 'endpoint-deleted' | 'endpoint-inactive' | 'not-sent',
  ): Promise<void> {
    const held = await this.write({
      ...unchanged(delivery),
      status: 'canceled',
      nextAttemptAt: null,
      errorCode: reason,
      completedAt: this.clock.now(),
    });
    if (held && !delivery.test) this.count(delivery.id, 'canceled');
  }

  /** Gives a delivery back to its row, to be sent later. Counts no attempt. */
  async defer(delivery: LoadedDelivery, until: number): Promise<void> {
    await this.write({ ...unchanged(delivery), nextAttemptAt: until });
  }

  /** The database may be down for a while. So this tries until the lease ends, and then keeps the outcome in memory. */
  private async write(record: DeliveryRecord): Promise<boolean> {
    const start = performance.now();
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, MAX_RETRY_MS)) {
      try {
        const held = await this.store.record(record);
        this.outcomes.worked();
        if (held) this.unrecorded.forget(record.deliveryId);
        return held;
      } catch (error) {
        if (error instanceof UnstorableOutcome) {
          this.unrecorded.keep(record);
          return false;
        }
        const givesUp = this.closed || performance.now() - start + wait >= this.config.delivery.leaseMs;
        this.outcomes.failed(error, `, such as that of ${record.deliveryId}`);
        if (givesUp) {
          this.unrecorded.keep(record);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private count(deliveryId: string, outcome: CountedOutcome): void {
    for (const tally of this.tallies) tally.add(deliveryId, outcome);
  }

  private async updateHealth(
    delivery: LoadedDelivery,
    endpoint: LoadedEndpoint,
    decision: OutcomeDecision,
    { endedAt: now, result }: SentAttempt,
  ): Promise<void> {
    const { endpointId } = delivery;
    const deferredMs = deferralMs(result, now);
    try {
      if (deferredMs !== null) await this.health.defer(endpointId, now + deferredMs);
      if (decision.disableEndpoint) await this.disable(delivery, 'gone', now);
      else if (decision.outcome === 'succeeded') await this.recover(delivery, endpoint, now);
      else if (endpoint.failingSince === null) await this.health.startFailing(endpointId, now);
      else await this.goOnFailing(delivery, endpoint.failingSince, endpoint.failingToldAt !== null, now);
      this.healths.worked();
    } catch (error) {
      // The next attempt will find the same and try again.
      this.healths.failed(error, `, such as that of ${endpointId}`);
    }
  }

  /** The app is told that an endpoint is failing before it is disabled, even if it got nothing for long. */
  private async goOnFailing(
    delivery: LoadedDelivery,
    failingSince: number,
    isTold: boolean,
    now: number,
  ): Promise<void> {
    const { endpointId, tenant } = delivery;
    const { disableAfterMs, failingAfterMs } = this.config;
    const failingForMs = now - failingSince;
    const isOver = disableAfterMs !== null && failingForMs >= disableAfterMs;
    const mustTell = !isTold && failingAfterMs !== null && (isOver || failingForMs >= failingAfterMs);
    if (mustTell && (await this.health.markFailing(endpointId, failingSince, now))) {
      const disabledFrom = disableAfterMs === null ? null : iso(failingSince + disableAfterMs);
      this.lifecycle.failing({ endpointId, tenant, failingSince: iso(failingSince), disabledFrom });
    }
    if (isOver) await this.disable(delivery, 'failing', now, failingSince);
  }

  private async recover(
    { endpointId, tenant }: LoadedDelivery,
    { active }: LoadedEndpoint,
    now: number,
  ): Promise<void> {
    const wasTold = await this.health.stopFailing(endpointId);
    // A disabled endpoint gets only probes.
    const turnedOn =
      !active && this.config.probeEveryMs !== null && (await this.enable(endpointId, tenant, now));
    if (wasTold || turnedOn)
      this.lifecycle.recovered({ endpointId, tenant, recoveredAt: iso(now), turnedOn });
  }

  private async disable(
    { endpointId, tenant }: LoadedDelivery,
    reason: WebhookDisabledReason,
    now: number,
    failingSince?: number,
  ): Promise<void> {
    const recording = await this.audit.begin(MODULE);
    const also = recording.of({
      tenant,
      act: 'endpoint.disabled',
      subject: { kind: 'endpoint', id: endpointId },
      before: { active: true },
      after: { active: false, disabledReason: reason },
    });
    const first =
      failingSince === undefined
        ? await this.health.disable(endpointId, reason, now, also)
        : await this.health.disableFailing(endpointId, failingSince, now, also);
    if (!first) return;
    this.lifecycle.disabled({ endpointId, tenant, reason, disabledAt: iso(now) });
    recording.tell();
  }

  private async enable(endpointId: string, tenant: string, now: number): Promise<boolean> {
    const recording = await this.audit.begin(MODULE);
    const also = recording.of({
      tenant,
      act: 'endpoint.enabled',
      subject: { kind: 'endpoint', id: endpointId },
      before: { active: false, disabledReason: 'failing' },
      after: { active: true },
    });
    const isEnabled = await this.health.enable(endpointId, now, also);
    if (isEnabled) recording.tell();
    return isEnabled;
  }

  private tell(delivery: LoadedDelivery, attempt: NewAttempt, decision: OutcomeDecision): void {
    if (!this.lifecycle.isHeard) return;
    this.lifecycle.attempted(decision.outcome, {
      deliveryId: delivery.id,
      eventId: delivery.eventId,
      eventType: delivery.eventType,
      endpointId: delivery.endpointId,
      tenant: delivery.tenant,
      test: delivery.test,
      attempt: attempt.number,
      statusCode: attempt.statusCode,
      errorCode: attempt.errorCode,
      durationMs: attempt.durationMs,
      nextAttemptAt: isoOrNull(decision.nextAttemptAt),
    });
  }
}

const isHealthy = ({ active, failingSince, failingToldAt }: LoadedEndpoint): boolean =>
  active && failingSince === null && failingToldAt === null;

function unchanged(delivery: LoadedDelivery): DeliveryRecord {
  return {
    deliveryId: delivery.id,
    token: delivery.token,
    endpointId: delivery.endpointId,
    tenant: delivery.tenant,
    test: delivery.test,
    status: 'pending',
    attemptCount: delivery.attemptCount,
    scheduleAttempts: delivery.scheduleAttempts,
    firstAttemptAt: delivery.firstAttemptAt,
    nextAttemptAt: null,
    single: delivery.single,
    statusCode: delivery.statusCode,
    errorCode: delivery.errorCode,
    completedAt: null,
    attempt: null,
  };
}

function newAttempt(delivery: LoadedDelivery, sent: SentAttempt, decision: OutcomeDecision): NewAttempt {
  const { result } = sent;
  return {
    id: newId('att', sent.startedAt),
    number: delivery.attemptCount + 1,
    outcome: decision.outcome,
    startedAt: sent.startedAt,
    durationMs: result.durationMs,
    statusCode: result.status,
    errorCode: result.error?.code ?? null,
    errorMessage: result.error?.message.slice(0, 500) ?? null,
    requestHeaders: JSON.stringify(sent.requestHeaders),
    responseHeaders: result.headers && JSON.stringify(result.headers),
    responseBody: result.body,
  };
}
