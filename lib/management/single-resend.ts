import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { WEBHOOKS_CLOCK } from '../config/tokens.js';
import { OwnWork } from '../dispatch/own-work.js';
import type { WebhookClock } from '../domain/clock.js';
import { singleLine } from '../domain/shown-text.js';
import { EndpointFilters } from '../persistence/endpoint-filters.js';
import type { LoggedDelivery } from '../persistence/logged-deliveries.js';
import type { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';
import { activeEndpoint } from './existing-endpoint.js';
import { WebhookConflictError, WebhookNotFoundError } from './management.errors.js';

const MAX_SHOWN_CONDITION = 200;

/** Sends single deliveries again, for customers and for operators. */
@Injectable()
export class SingleResend {
  constructor(
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(OwnWork) private readonly ownWork: OwnWork,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
    @Inject(AuditLog) private readonly audit: AuditLog,
  ) {}

  /**
   * Makes a delivery due now. Resolves with the delivery afterwards.
   * @param allow is called once the delivery can be sent; what it throws refuses it
   * @throws WebhookNotFoundError, WebhookConflictError
   */
  async send(
    tenant: string,
    id: string,
    allow: () => Promise<void> = () => Promise.resolve(),
  ): Promise<LoggedDelivery> {
    const delivery = await this.find(tenant, id);
    await this.mustBeWanted(delivery, await activeEndpoint(this.endpoints, tenant, delivery.endpointId));
    await allow();
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
    return revived;
  }

  private async find(tenant: string, id: string): Promise<LoggedDelivery> {
    const delivery = await this.log.delivery(tenant, id);
    if (!delivery) throw new WebhookNotFoundError('delivery', id);
    return delivery;
  }

  /** The filter does not apply to tests. Deliveries that wait for an attempt are sent anyway. */
  private async mustBeWanted(
    { id, tenant, eventId, status, test }: LoggedDelivery,
    endpoint: WebhookEndpoint,
  ): Promise<void> {
    if (endpoint.filter === null || test || status === 'pending') return;
    const event = await this.log.event(tenant, eventId);
    const condition = event && this.filters.keepingOut(endpoint, event);
    if (!condition) return;
    throw new WebhookConflictError(
      'webhooks/event-filtered',
      `The filter of the webhook keeps out the event of delivery ${id}: ${singleLine(JSON.stringify(condition), MAX_SHOWN_CONDITION)} ` +
        'does not hold. Change the filter or remove it to send it again.',
    );
  }
}
