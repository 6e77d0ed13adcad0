import { Inject, Injectable } from '@nestjs/common';
import type { EventCatalogue } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE, WEBHOOKS_CLOCK, WEBHOOKS_CONFIG } from '../config/tokens.js';
import type { WebhooksConfig } from '../config/webhooks-config.js';
import { DeliveryRunner } from '../delivery/delivery-runner.js';
import type { WebhookClock } from '../domain/clock.js';
import { newId } from '../domain/id.js';
import { newLease } from '../domain/lease.js';
import { serialiseBody } from '../domain/json-body.js';
import { quoted } from '../domain/shown-text.js';
import { InvalidWebhookInputError } from '../domain/webhooks.error.js';
import type { NewEvent } from '../domain/delivery.js';
import { WebhookLogRepository } from '../persistence/webhook-log.repository.js';
import { WebhookResendRepository } from '../persistence/webhook-resend.repository.js';
import { EndpointsService } from './endpoints.service.js';
import { WebhookNotFoundError, WebhookTooManyRequestsError } from './management.errors.js';
import { testView, type WebhookTestView } from './views/delivery.views.js';

const MINUTE_MS = 60_000;

/** Sends the example of an event type to one endpoint, at once. */
@Injectable()
export class TestSender {
  constructor(
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WEBHOOKS_CLOCK) private readonly clock: WebhookClock,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookResendRepository) private readonly resends: WebhookResendRepository,
  ) {}

  /** @throws what `DeliveriesService.test` throws */
  async send(tenant: string, endpointId: string, eventType: string): Promise<WebhookTestView> {
    // Whatever would keep it from being sent is found before anything is stored.
    await this.endpoints.secret(tenant, endpointId);
    const event = this.exampleEvent(tenant, eventType);
    const deliveryId = newId('dlv', event.createdAt);
    const lease = newLease(this.clock.now(), this.config.delivery.leaseMs);
    await this.storeWithinLimit(event, { id: deliveryId, endpointId, lease });
    await this.runner.runNow({ token: lease.token, eventId: event.id });
    const [attempt] = await this.log.attempts(deliveryId, { limit: 1 });
    if (!attempt) throw new WebhookNotFoundError('endpoint', endpointId);
    return testView(event.id, attempt);
  }

  private exampleEvent(tenant: string, type: string): NewEvent {
    if (!this.catalogue.has(type)) {
      const message = `${quoted(type)} is no event type of this app. GET /event-types lists them.`;
      throw new InvalidWebhookInputError([{ field: 'eventType', message }]);
    }
    const createdAt = this.clock.now();
    const id = newId('evt', createdAt);
    const { body } = serialiseBody({ id, type, createdAt, data: this.catalogue.exampleOf(type) });
    return { id, tenant, type, body, idempotencyKey: null, traceparent: null, createdAt };
  }

  private async storeWithinLimit(
    event: NewEvent,
    delivery: Parameters<WebhookResendRepository['storeTest']>[1],
  ): Promise<void> {
    const { testsPerMinute } = this.config.limits;
    const limit = { count: testsPerMinute, since: event.createdAt - MINUTE_MS };
    const oldest = await this.resends.storeTest(event, delivery, limit);
    if (oldest === null) return;
    throw new WebhookTooManyRequestsError(
      'testsPerMinute',
      testsPerMinute,
      oldest + MINUTE_MS - event.createdAt,
    );
  }
}
