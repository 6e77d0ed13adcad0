import { fieldProblem } from '../domain/field-problems.js';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { UnmadeBody } from '../config/representations.js';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import { HIDDEN } from '../delivery/authorized-sender.js';
import { AttemptSender } from '../delivery/attempt-sender.js';
import { FrozenBodies, type Made } from '../delivery/frozen-bodies.js';
import { authorizationHeader } from '../domain/authorization.js';
import type { WebhookClock } from '../domain/clock.js';
import { iso } from '../domain/iso.js';
import { storedChoice } from '../domain/representation/choice.js';
import { frozenBodyOf, type FrozenBody } from '../domain/representation/frozen-body.js';
import { InvalidWebhookInputError, WebhooksError } from '../domain/webhooks.error.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import type { WebhookLogFilter } from '../persistence/log-filter.js';
import type { LoggedDelivery } from '../persistence/logged-deliveries.js';
import { WebhookLogRepository, type WebhookPage } from '../persistence/webhook-log.repository.js';
import {
  WebhookRecoveryRepository,
  type WebhookTimeRange,
} from '../persistence/webhook-recovery.repository.js';
import { WebhookSearchRepository } from '../persistence/webhook-search.repository.js';
import { activeEndpoint, existingEndpoint } from './existing-endpoint.js';
import { ResendLimit } from './resend-limit.js';
import { SingleResend } from './single-resend.js';
import { TestSender, type DraftTest } from './test-sender.js';
import { WebhookConflictError, WebhookNotFoundError } from './management.errors.js';
import {
  attemptView,
  deliveryView,
  type WebhookAttemptView,
  type WebhookDeliveryView,
  type WebhookDraftTestView,
  type WebhookRequestView,
  type WebhookResendsView,
  type WebhookTestView,
} from './views/delivery.views.js';
import { deliveryDetailView, type WebhookDeliveryDetailView } from './views/detail.views.js';
import { checkLimit, pageOf, type WebhookPageView } from './views/page.view.js';
import type { WebhookRecoveryPreviewView, WebhookRecoveryView } from './views/recovery.views.js';
import { OfTenant } from './of-tenant.js';

/** Every resend adds an attempt, and each may have tens of kilobytes. */
const SHOWN_ATTEMPTS = 50;
const SECOND_MS = 1_000;

/** The delivery log of a tenant, and resending. */
@Injectable()
export class DeliveriesService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(FrozenBodies) private readonly bodies: FrozenBodies,
    @Inject(TestSender) private readonly tests: TestSender,
    @Inject(ResendLimit) private readonly limit: ResendLimit,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookSearchRepository) private readonly searches: WebhookSearchRepository,
    @Inject(SingleResend) private readonly resend: SingleResend,
    @Inject(WebhookRecoveryRepository) private readonly recoveries: WebhookRecoveryRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /**
   * The newest first, including those of deleted endpoints. The `endpointId` of another tenant finds nothing. Some
   * conditions have no index (a text of the body; the status, error or duration of the last attempt; the time of an
   * attempt). Then it reads some thousands of deliveries: a page may have fewer than `limit`, even none, and a
   * `nextCursor` that continues.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  @OfTenant()
  async list(filter: WebhookLogFilter, page: WebhookPage): Promise<WebhookPageView<WebhookDeliveryView>> {
    checkLimit(page);
    const { search: text, ...others } = filter;
    const search = text?.trim();
    const { found, nextCursor } = await this.searches.list(search ? { ...others, search } : others, page);
    return { data: found.map(deliveryView), nextCursor };
  }

  /** `list` for an existing endpoint. @throws WebhookNotFoundError */
  @OfTenant()
  async ofEndpoint(
    filter: WebhookLogFilter & { readonly endpointId: string },
    page: WebhookPage,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    await existingEndpoint(this.endpoints, filter.tenant, filter.endpointId);
    return this.list(filter, page);
  }

  /** With its event and its newest 50 attempts, the oldest of them first. @throws WebhookNotFoundError */
  @OfTenant()
  async get(tenant: string, id: string): Promise<WebhookDeliveryDetailView> {
    const delivery = await this.find(tenant, id);
    const [event, frozenBody, attempts] = await Promise.all([
      this.log.event(tenant, delivery.eventId),
      this.log.frozenBody(id),
      this.log.attempts(id, { limit: SHOWN_ATTEMPTS }),
    ]);
    return deliveryDetailView(
      delivery,
      event,
      frozenBodyOf(frozenBody),
      attempts.sort((a, b) => a.number - b.number),
    );
  }

  /** The newest first. @throws WebhookNotFoundError */
  @OfTenant()
  async attempts(
    tenant: string,
    id: string,
    page: WebhookPage,
  ): Promise<WebhookPageView<WebhookAttemptView>> {
    await this.find(tenant, id);
    return pageOf(
      page,
      (wanted) => this.log.attempts(id, wanted),
      (rows) => rows.map(attemptView),
    );
  }

  /**
   * Sends an event now, marked `test`, and resolves with the attempt and its outcome. Also tests a paused endpoint.
   * @param data the event's data, checked as by `emit`; without a payload class, by the JSON Schema of the type.
   * Default: the example of the type
   * @throws WebhookNotFoundError, InvalidWebhookInputError for an unknown type or wrong data,
   * WebhookTooManyRequestsError at the limit `limits.testsPerMinute`, WebhookSecretUnavailableError if it could not be
   * signed
   */
  @OfTenant()
  test(
    tenant: string,
    endpointId: string,
    eventType: string,
    data?: Readonly<Record<string, unknown>>,
  ): Promise<WebhookTestView> {
    return this.tests.send(tenant, endpointId, data ? { eventType, data } : { eventType });
  }

  /**
   * `test` for an endpoint that is not stored. `url` and `headers` follow the rules of `endpoints.create`. It is signed
   * with `secret`, or with a new one, which the result contains. Only the event is in the log. It counts towards
   * `limits.testsPerMinute`.
   * @throws InvalidWebhookInputError, WebhookTooManyRequestsError
   */
  @OfTenant()
  testDraft(tenant: string, draft: DraftTest): Promise<WebhookDraftTestView> {
    return this.tests.sendDraft(tenant, draft);
  }

  /**
   * Sends a delivery again now: same id, same bytes. A final delivery gets a single attempt. A delivery that waits for
   * its next attempt gets it now.
   * @throws WebhookNotFoundError, WebhookConflictError while it is being sent, its endpoint is paused, or its
   * endpoint's filter excludes it, WebhookTooManyRequestsError at the limit `limits.resendsPerMinute`
   */
  @OfTenant()
  async retry(tenant: string, id: string): Promise<WebhookDeliveryView> {
    return deliveryView(await this.resend.send(tenant, id, () => this.limit.take(tenant)));
  }

  /**
   * `retry` for each of these, one after the other. If one throws, its entry says so, and the others continue.
   * @param ids of deliveries, each once
   */
  @OfTenant()
  async retryAll(tenant: string, ids: readonly string[]): Promise<WebhookResendsView> {
    const resends: WebhookResendsView = { resent: [], refused: [] };
    for (const id of ids) {
      try {
        await this.retry(tenant, id);
        resends.resent.push(id);
      } catch (error) {
        if (!(error instanceof WebhooksError)) throw error;
        resends.refused.push({ id, code: error.code, message: error.message });
      }
    }
    return resends;
  }

  /**
   * The request of the delivery's next attempt, signed now. Sends nothing.
   * @throws WebhookNotFoundError, for its event or its endpoint too, WebhookSecretUnavailableError,
   * WebhookSigningError, WebhookConflictError if its body can't be made
   */
  @OfTenant()
  async request(tenant: string, id: string): Promise<WebhookRequestView> {
    const { eventId, eventType, endpointId, attemptCount } = await this.find(tenant, id);
    const [endpoint, secrets, event, frozenBody] = await Promise.all([
      existingEndpoint(this.endpoints, tenant, endpointId),
      this.endpoints.storedSecrets(endpointId, tenant),
      this.log.event(tenant, eventId),
      this.log.frozenBody(id),
    ]);
    if (!event) throw new WebhookNotFoundError('event', eventId);
    if (secrets === undefined) throw new WebhookNotFoundError('endpoint', endpointId);
    const now = this.clock.now();
    const { url } = endpoint;
    const { body: eventBody, version: eventVersion } = event;
    const made = this.bodyOf(
      { frozenBody, attemptCount, body: eventBody, tenant, eventType, eventVersion },
      endpoint,
    );
    const body = made?.body ?? event.body;
    const delivery = { endpointId, eventId, body, attemptCount };
    const headers = this.sender.headersAt(now, delivery, { url, headers: endpoint.headers, secrets }, made);
    if (endpoint.authorization) headers[authorizationHeader(endpoint.authorization)] = HIDDEN;
    return { method: 'POST', url, headers, body, signedAt: iso(now - (now % SECOND_MS)) };
  }

  /**
   * Sends deliveries again that failed or were canceled between `since` and `until` (epoch ms). Also sends the events
   * of that time that the endpoint missed because it was paused or did not exist. Its present filter applies to both.
   * Paced,
   * with a whole retry schedule for each.
   * @throws WebhookNotFoundError, WebhookConflictError if the endpoint is paused, InvalidWebhookInputError for an empty
   * range, WebhookTooManyRequestsError at the limit `limits.resendsPerMinute`
   */
  @OfTenant()
  async recover(
    tenant: string,
    endpointId: string,
    since: number,
    until?: number,
  ): Promise<WebhookRecoveryView> {
    const endpoint = await activeEndpoint(this.endpoints, tenant, endpointId);
    const now = this.clock.now();
    const range = recoveryRange(since, until, now);
    await this.limit.take(tenant);
    const recording = await this.audit.begin();
    const recovered = await this.recoveries.recover(endpoint, range, now, (counts) =>
      recording.of({
        tenant,
        act: 'recovery.started',
        subject: { kind: 'endpoint', id: endpointId },
        after: { since: iso(range.since), until: iso(range.until), ...counts },
      }),
    );
    recording.tell();
    return recovered;
  }

  /**
   * What `recover` would do now, and how far the recovery before has come. Also for a paused endpoint.
   * @throws WebhookNotFoundError, InvalidWebhookInputError for an empty range
   */
  @OfTenant()
  async previewRecovery(
    tenant: string,
    endpointId: string,
    since: number,
    until?: number,
  ): Promise<WebhookRecoveryPreviewView> {
    const endpoint = await existingEndpoint(this.endpoints, tenant, endpointId);
    const range = recoveryRange(since, until, this.clock.now());
    const [counts, missing, rejected] = await Promise.all([
      this.recoveries.countDeliveries(endpoint, range),
      this.recoveries.countMissing(endpoint, range),
      this.recoveries.countRejected(endpoint, range),
    ]);
    const { waiting, retrying } = counts;
    // They were counted one after the other, while deliveries went on.
    const failed = Math.max(0, counts.failed - rejected.failed);
    const canceled = Math.max(0, counts.canceled - rejected.canceled);
    const toCreate = Math.max(0, missing - rejected.missing);
    const { complete: exact } = rejected;
    return { toResend: failed + canceled, failed, canceled, toCreate, waiting, retrying, exact };
  }

  /** `undefined`: the event's own body. @throws WebhookConflictError if it can't be made */
  private bodyOf(
    delivery: Made,
    { representation: choice, version }: WebhookEndpoint,
  ): FrozenBody | undefined {
    const endpoint = { representation: storedChoice(choice), version };
    if (this.bodies.isPlain(delivery, endpoint)) return undefined;
    try {
      return this.bodies.current(delivery, endpoint);
    } catch (error) {
      if (error instanceof UnmadeBody)
        throw new WebhookConflictError('webhooks/representation-failed', error.message);
      throw error;
    }
  }

  private async find(tenant: string, id: string): Promise<LoggedDelivery> {
    const delivery = await this.log.delivery(tenant, id);
    if (!delivery) throw new WebhookNotFoundError('delivery', id);
    return delivery;
  }
}

/** The range ends now at the latest: later events can't be recovered yet. */
function recoveryRange(since: number, until: number | undefined, now: number): WebhookTimeRange {
  const range = { since, until: Math.min(until ?? now, now) };
  if (range.since < range.until) return range;
  throw new InvalidWebhookInputError([
    fieldProblem('since', 'since must be before until, and in the past.', 'not-before-end'),
  ]);
}
