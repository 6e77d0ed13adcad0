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
import {
  NO_DELIVERIES,
  WebhookStatsRepository,
  type WebhookDeliveryCounts,
} from '../persistence/webhook-stats.repository.js';
import { WebhookNotFoundError } from './management.errors.js';

const MAX_DELIVERIES = 250;

/** An event without its body, and how many of its deliveries are in which state. */
export interface WebhookEventWithCounts extends WebhookEventSummary {
  readonly deliveryCounts: WebhookDeliveryCounts;
}

export interface WebhookEventDetail {
  readonly event: WebhookEvent & WebhookEventWithCounts;
  readonly deliveries: readonly WebhookDelivery[];
}

/** What was emitted, and what can be. */
@Injectable()
export class EventsService {
  constructor(
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
  ) {}

  /** The catalogue, in its own order. */
  types(): readonly WebhookEventTypeDescription[] {
    return this.catalogue.descriptions;
  }

  /** The newest first. */
  async list(
    filter: Omit<WebhookLogFilter, 'endpointId' | 'status'>,
    page: WebhookPage,
  ): Promise<WebhookEventWithCounts[]> {
    return this.counted(await this.log.events(filter, page));
  }

  /** The event with its first 250 deliveries. @throws WebhookNotFoundError */
  async get(tenant: string, id: string): Promise<WebhookEventDetail> {
    const found = await this.log.event(tenant, id);
    if (!found) throw new WebhookNotFoundError('event', id);
    const [[event], deliveries] = await Promise.all([
      this.counted([found]),
      this.log.deliveriesOf(id, MAX_DELIVERIES),
    ]);
    return { event: event!, deliveries };
  }

  private async counted<Event extends WebhookEventSummary>(
    events: readonly Event[],
  ): Promise<(Event & { readonly deliveryCounts: WebhookDeliveryCounts })[]> {
    const counts = await this.stats.deliveriesOf(events.map(({ id }) => id));
    return events.map((event) => ({ ...event, deliveryCounts: counts.get(event.id) ?? NO_DELIVERIES }));
  }
}
