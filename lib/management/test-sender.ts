import { unmadeBody } from './representations.service.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type RecordedAct } from '../audit/audit-log.js';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { isUnsent, type SentAttempt } from '../delivery/attempt-sender.js';
import { newestOf } from '../config/version-options.js';
import { DeliveryRunner } from '../delivery/delivery-runner.js';
import { PauseWatch } from '../delivery/pause-watch.js';
import { FrozenBodies } from '../delivery/frozen-bodies.js';
import { CUT } from '../delivery/send-error.js';
import { UnmadeBody } from '../config/representations.js';
import type { WebhookClock } from '../domain/clock.js';
import { auditedUrl } from '../domain/audit.js';
import { newDelivery, type LoadedDelivery, type LoadedEndpoint, type NewEvent } from '../domain/delivery.js';
import { newId } from '../domain/id.js';
import { iso } from '../domain/iso.js';
import { newLease } from '../domain/lease.js';
import { decideOutcome } from '../domain/outcome.js';
import { frozenBodyOf, frozenText } from '../domain/representation/frozen-body.js';
import { newSecretValue } from '../domain/secret.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';
import { EndpointsService, type NewWebhookEndpoint } from './endpoints.service.js';
import {
  WebhookConflictError,
  WebhookNotFoundError,
  WebhookTooManyRequestsError,
} from './management.errors.js';
import { LimitAlerts } from './limit-alerts.js';
import { TenantLimits } from './tenant-limits.js';
import { testEvent, type TestContent } from './test-event.js';
import { attemptView, type WebhookDraftTestView, type WebhookTestView } from './views/delivery.views.js';

const MINUTE_MS = 60_000;

/** A test of an endpoint that is not stored. */
export interface DraftTest
  extends
    TestContent,
    Pick<
      NewWebhookEndpoint,
      'url' | 'headers' | 'representation' | 'version' | 'authorization' | 'clientCertificate'
    > {
  /** The secret that signs: that of an earlier test, or one that `create` takes. Default: a new one. */
  readonly secret?: string;
}

/** Sends the event of a test at once. */
@Injectable()
export class TestSender {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(TenantLimits) private readonly limits: TenantLimits,
    @Inject(PauseWatch) private readonly pauses: PauseWatch,
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(FrozenBodies) private readonly bodies: FrozenBodies,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(LimitAlerts) private readonly alerts: LimitAlerts,
  ) {}

  /** @throws what `DeliveriesService.test` throws */
  async send(tenant: string, endpointId: string, content: TestContent): Promise<WebhookTestView> {
    await this.mustNotBePaused(tenant, endpointId);
    // Everything that would keep it from being sent is found before anything is stored.
    await this.endpoints.mustSign(tenant, endpointId);
    const { url } = await this.endpoints.get(tenant, endpointId);
    const event = await this.event(tenant, content);
    const deliveryId = newId('dlv', event.createdAt);
    const lease = newLease(this.clock.now(), this.config.delivery.leaseMs);
    await this.storeWithinLimit(
      event,
      { id: deliveryId, endpointId, lease },
      {
        act: 'endpoint.tested',
        subject: { kind: 'endpoint', id: endpointId },
        after: { eventType: event.type, deliveryId },
      },
    );
    await this.runner.runNow({ token: lease.token, eventId: event.id });
    const [[attempt], frozenBody] = await Promise.all([
      this.log.attempts(deliveryId, { limit: 1 }),
      this.log.frozenBody(deliveryId),
    ]);
    if (!attempt) throw new WebhookNotFoundError('endpoint', endpointId);
    const requestBody = frozenBodyOf(frozenBody)?.body ?? event.body;
    return { deliveryId, eventId: event.id, ...attemptView(attempt), url, requestBody };
  }

  /**
   * Stores only the event: the limit counts events.
   * @throws what `DeliveriesService.testDraft` throws
   */
  async sendDraft(
    tenant: string,
    { eventType, data, secret = newSecretValue(), ...target }: DraftTest,
  ): Promise<WebhookDraftTestView> {
    await this.mustNotBePaused(tenant, '');
    const event = await this.event(tenant, { eventType, data });
    const endpointId = newId('ep', event.createdAt);
    const endpoint = this.endpoints.unstored(endpointId, { ...target, events: [eventType], secret });
    const delivery = this.inForm(this.unstoredDelivery(event, endpointId, endpoint), endpoint);
    await this.storeWithinLimit(event, null, {
      act: 'draft.tested',
      subject: { kind: 'event', id: event.id },
      after: { eventType, url: auditedUrl(endpoint.url) },
    });
    const sent = await this.runner.sendUnstored(delivery, endpoint);
    const requestBody = frozenBodyOf(delivery.frozenBody)?.body ?? event.body;
    return { eventId: event.id, secret, url: endpoint.url, requestBody, ...this.outcome(sent) };
  }

  private async mustNotBePaused(tenant: string, endpointId: string): Promise<void> {
    if (!(await this.pauses.look()).covers({ tenant, endpointId })) return;
    throw new WebhookConflictError(
      'webhooks/paused',
      'Sending is paused for now, tests too. What has happened meanwhile is sent afterwards. Try again later.',
    );
  }

  /** With the body that is sent, if that is not the event's own: there is no row to keep it in. */
  private inForm(delivery: LoadedDelivery, endpoint: LoadedEndpoint): LoadedDelivery {
    if (this.bodies.isPlain(delivery, endpoint)) return delivery;
    try {
      return { ...delivery, frozenBody: frozenText(this.bodies.current(delivery, endpoint)) };
    } catch (error) {
      if (!(error instanceof UnmadeBody)) throw error;
      throw unmadeBody(error);
    }
  }

  private event(tenant: string, content: TestContent): Promise<NewEvent> {
    const { bodyBytes } = this.config.limits;
    const rules = { catalogue: this.catalogue, bodyBytes, version: newestOf(this.config.versions) };
    return testEvent(tenant, content, rules, this.clock.now());
  }

  private unstoredDelivery(event: NewEvent, endpointId: string, endpoint: LoadedEndpoint): LoadedDelivery {
    const lease = newLease(event.createdAt, this.config.delivery.leaseMs);
    const id = newId('dlv', event.createdAt);
    return { ...newDelivery(event, lease, { id, endpointId, endpoint }), single: true, test: true };
  }

  private outcome(
    sent: SentAttempt,
  ): Omit<WebhookDraftTestView, 'eventId' | 'secret' | 'url' | 'requestBody'> {
    const { startedAt, endedAt, requestHeaders, result } = sent;
    const error = isUnsent(sent) ? CUT : result.error;
    const context = {
      attemptsMade: 1,
      firstAttemptAt: startedAt,
      single: true,
      mayResume: false,
      now: endedAt,
    };
    return {
      outcome: decideOutcome({ ...result, error }, context, this.config.retry).outcome,
      startedAt: iso(startedAt),
      durationMs: result.durationMs,
      statusCode: result.status,
      error: error && { code: error.code, message: error.message },
      requestHeaders: { ...requestHeaders },
      responseHeaders: result.headers && { ...result.headers },
      responseBody: result.body,
    };
  }

  private async storeWithinLimit(
    event: NewEvent,
    delivery: Parameters<WebhookResendRepository['storeTest']>[1],
    act: Omit<RecordedAct, 'tenant'>,
  ): Promise<void> {
    const { testsPerMinute } = await this.limits.of(event.tenant);
    const limit = { count: testsPerMinute, since: event.createdAt - MINUTE_MS };
    const recording = await this.audit.begin();
    const also = recording.of({ tenant: event.tenant, ...act });
    const oldest = await this.resends.storeTest(event, delivery, limit, also);
    if (oldest === null) return recording.tell();
    this.alerts.reached(event.tenant, 'testsPerMinute', testsPerMinute);
    throw new WebhookTooManyRequestsError(
      'testsPerMinute',
      testsPerMinute,
      oldest + MINUTE_MS - event.createdAt,
    );
  }
}
