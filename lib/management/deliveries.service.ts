import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { UnmadeBody } from '../config/representations.js';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import { HIDDEN } from '../delivery/authorized-sender.js';
import { AttemptSender } from '../delivery/attempt-sender.js';
import { FrozenBodies, type Made } from '../delivery/frozen-bodies.js';
import { OwnWork } from '../dispatch/own-work.js';
import { authorizationHeader } from '../domain/authorization.js';
import type { WebhookClock } from '../domain/clock.js';
import { filteredBody, keepingOut } from '../domain/endpoint-filter.js';
import { usableFilter } from '../domain/filter-rules.js';
import { iso } from '../domain/iso.js';
import { storedChoice } from '../domain/representation/choice.js';
import { frozenBodyOf, type FrozenBody } from '../domain/representation/frozen-body.js';
import { singleLine } from '../domain/shown-text.js';
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
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';
import { existingEndpoint } from './existing-endpoint.js';
import { ResendLimit } from './resend-limit.js';
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

/** With every resend there is one more, and each may hold tens of kilobytes. */
const SHOWN_ATTEMPTS = 50;
const SECOND_MS = 1_000;
const MAX_SHOWN_CONDITION = 200;

/** The delivery log of a tenant, and sending again. */
@Injectable()
export class DeliveriesService {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(OwnWork) private readonly ownWork: OwnWork,
    @Inject(AttemptSender) private readonly sender: AttemptSender,
    @Inject(FrozenBodies) private readonly bodies: FrozenBodies,
    @Inject(TestSender) private readonly tests: TestSender,
    @Inject(ResendLimit) private readonly limit: ResendLimit,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookSearchRepository) private readonly searches: WebhookSearchRepository,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
    @Inject(WebhookRecoveryRepository) private readonly recoveries: WebhookRecoveryRepository,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /**
   * The newest first, those of deleted endpoints too. The `endpointId` of another tenant finds nothing. By what no index
   * knows (a text of the body, the last attempt's status, error or duration, the time of an attempt) it looks through some
   * thousands of deliveries: a page may have fewer than `limit` then, even none, and a `nextCursor` that goes on.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  async list(filter: WebhookLogFilter, page: WebhookPage): Promise<WebhookPageView<WebhookDeliveryView>> {
    checkLimit(page);
    const { search: text, ...others } = filter;
    const search = text?.trim();
    const { found, nextCursor } = await this.searches.list(search ? { ...others, search } : others, page);
    return { data: found.map(deliveryView), nextCursor };
  }

  /** `list` for an endpoint that must be there. @throws WebhookNotFoundError */
  async ofEndpoint(
    filter: WebhookLogFilter & { readonly endpointId: string },
    page: WebhookPage,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    await existingEndpoint(this.endpoints, filter.tenant, filter.endpointId);
    return this.list(filter, page);
  }

  /** With its event and its newest 50 attempts, the first one first. @throws WebhookNotFoundError */
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
   * Sends an event now, marked `test`, and gives the attempt with its outcome. An endpoint that is off can be tested too.
   * @param data what the event carries, by the rules of `emit`, or by the JSON Schema of the type where it has no payload class.
   *   Default: the example of the type
   * @throws WebhookNotFoundError, InvalidWebhookInputError for an unknown type or wrong data, WebhookTooManyRequestsError at the
   *   limit `limits.testsPerMinute`, WebhookSecretUnavailableError where it could not be signed
   */
  test(
    tenant: string,
    endpointId: string,
    eventType: string,
    data?: Readonly<Record<string, unknown>>,
  ): Promise<WebhookTestView> {
    return this.tests.send(tenant, endpointId, data ? { eventType, data } : { eventType });
  }

  /**
   * `test` for an endpoint that is not stored: `url` and `headers` by the rules of `endpoints.create`, signed with `secret`, or
   * with a new one that it gives. Of it, the log has the event alone. It is one of `limits.testsPerMinute`.
   * @throws InvalidWebhookInputError, WebhookTooManyRequestsError
   */
  testDraft(tenant: string, draft: DraftTest): Promise<WebhookDraftTestView> {
    return this.tests.sendDraft(tenant, draft);
  }

  /**
   * Sends a delivery again now: same id, same bytes. One that was final gets a single attempt; one that waits for
   * its next attempt gets it now.
   * @throws WebhookNotFoundError, WebhookConflictError while it is being sent, its endpoint is off, or its endpoint's filter keeps it out,
   *   WebhookTooManyRequestsError at the limit `limits.resendsPerMinute`
   */
  async retry(tenant: string, id: string): Promise<WebhookDeliveryView> {
    const delivery = await this.find(tenant, id);
    await this.mustBeWanted(delivery, await this.activeEndpoint(tenant, delivery.endpointId));
    this.limit.take(tenant);
    const recording = await this.audit.begin();
    const lease = this.ownWork.lease(tenant);
    const also = recording.of({
      tenant,
      act: 'delivery.resent',
      subject: { kind: 'delivery', id },
      endpointId: delivery.endpointId,
      before: { status: delivery.status },
      after: { status: 'pending' },
    });
    if (!(await this.resends.revive(delivery, this.clock.now(), lease, also))) {
      throw new WebhookConflictError(
        'webhooks/delivery-in-flight',
        `Delivery ${id} is being sent right now.`,
      );
    }
    recording.tell();
    const revived = await this.find(tenant, id);
    if (lease) void this.ownWork.sendHeld(delivery.eventId, lease);
    else this.ownWork.wake();
    return deliveryView(revived);
  }

  /**
   * `retry` for each of these, one after the other. What one of them throws is told of it, and the others go on.
   * @param ids of deliveries, each one once
   */
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
   * The request that the delivery's next attempt would be, signed now. Nothing is sent.
   * @throws WebhookNotFoundError, for its event or its endpoint too, WebhookSecretUnavailableError, WebhookSigningError,
   *   WebhookConflictError where its body can't be made
   */
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
   * Sends again what failed or was canceled between `since` and `until` (epoch ms), and what the endpoint would
   * have got then had it been there or on: of both, what its filter lets through now. Paced, with a whole retry schedule for each.
   * @throws WebhookNotFoundError, WebhookConflictError where the endpoint is off, InvalidWebhookInputError for a
   *   range that is empty, WebhookTooManyRequestsError at the limit `limits.resendsPerMinute`
   */
  async recover(
    tenant: string,
    endpointId: string,
    since: number,
    until?: number,
  ): Promise<WebhookRecoveryView> {
    const endpoint = await this.activeEndpoint(tenant, endpointId);
    const now = this.clock.now();
    const range = recoveryRange(since, until, now);
    this.limit.take(tenant);
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
   * What `recover` would do now, and how far the one before it has come. For an endpoint that is off too.
   * @throws WebhookNotFoundError, InvalidWebhookInputError for a range that is empty
   */
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
    // They were counted one after the other, beside whatever is sent.
    const failed = Math.max(0, counts.failed - rejected.failed);
    const canceled = Math.max(0, counts.canceled - rejected.canceled);
    const toCreate = Math.max(0, missing - rejected.missing);
    const { complete: exact } = rejected;
    return { toResend: failed + canceled, failed, canceled, toCreate, waiting, retrying, exact };
  }

  /** `undefined`: the event's own. @throws WebhookConflictError where it can't be made */
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

  /** A test is none of the filter's, and what still waits for an attempt is sent anyway. */
  private async mustBeWanted(
    { id, tenant, eventId, status, test }: LoggedDelivery,
    endpoint: WebhookEndpoint,
  ): Promise<void> {
    const filter = usableFilter(endpoint.filter);
    if (!filter || test || status === 'pending') return;
    const event = await this.log.event(tenant, eventId);
    const condition = event && keepingOut(filter, filteredBody(event.body));
    if (!condition) return;
    throw new WebhookConflictError(
      'webhooks/event-filtered',
      `The filter of the webhook keeps out the event of delivery ${id}: ${singleLine(JSON.stringify(condition), MAX_SHOWN_CONDITION)} ` +
        'does not hold. Change the filter or remove it to send it again.',
    );
  }

  private async activeEndpoint(tenant: string, id: string): Promise<WebhookEndpoint> {
    const endpoint = await existingEndpoint(this.endpoints, tenant, id);
    if (endpoint.active) return endpoint;
    throw new WebhookConflictError('webhooks/endpoint-inactive', `Webhook ${id} is off. Turn it on first.`);
  }
}

/** What has happened by now can be recovered, and no more. */
function recoveryRange(since: number, until: number | undefined, now: number): WebhookTimeRange {
  const range = { since, until: Math.min(until ?? now, now) };
  if (range.since < range.until) return range;
  throw new InvalidWebhookInputError([
    { field: 'since', message: 'since must be before until, and in the past.' },
  ]);
}
