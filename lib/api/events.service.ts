import { Inject, Injectable } from '@nestjs/common';
import type { EventCatalogue, WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { WEBHOOKS_CATALOGUE } from '../config/tokens.js';
import type { WebhookDelivery } from '../persistence/webhook-delivery.entity.js';
import type { WebhookEvent } from '../persistence/webhook-event.entity.js';
import {
  WebhookLogRepository,
  type WebhookEventSummary,
  type WebhookLogFilter,
  type WebhookPage,
} from '../persistence/webhook-log.repository.js';
import { WebhookNotFoundError } from './webhooks-api.errors.js';

const MAX_DELIVERIES = 250;

/** What was emitted, and what can be. */
@Injectable()
export class EventsService {
  constructor(
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
  ) {}

  /** The catalogue, in its own order. */
  types(): readonly WebhookEventTypeDescription[] {
    return this.catalogue.descriptions;
  }

  /** The newest first. */
  list(
    filter: Omit<WebhookLogFilter, 'endpointId' | 'status'>,
    page: WebhookPage,
  ): Promise<WebhookEventSummary[]> {
    return this.log.events(filter, page);
  }

  /** The event with its first 250 deliveries. @throws WebhookNotFoundError */
  async get(
    tenant: string,
    id: string,
  ): Promise<{ event: WebhookEvent; deliveries: readonly WebhookDelivery[] }> {
    const event = await this.log.event(tenant, id);
    if (!event) throw new WebhookNotFoundError('event', id);
    return { event, deliveries: await this.log.deliveriesOf(id, MAX_DELIVERIES) };
  }
}
