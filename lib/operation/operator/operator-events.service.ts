import { Inject, Injectable } from '@nestjs/common';
import { EventsService } from '../../management/events.service.js';
import { WebhookNotFoundError } from '../../management/management.errors.js';
import { eventSummaryView } from '../../management/views/event.views.js';
import { checkLimit, type WebhookPageView } from '../../management/views/page.view.js';
import type { OfAnyTenant, WebhookEventFilter } from '../../persistence/log-filter.js';
import { WebhookLogRepository, type WebhookPage } from '../../persistence/webhook-log.repository.js';
import { NO_DELIVERIES, WebhookStatsRepository } from '../../persistence/webhook-stats.repository.js';
import type { OperatorEventDetailView, OperatorEventView } from './views/log.views.js';

/** The events of all tenants. */
@Injectable()
export class OperatorEventsService {
  constructor(
    @Inject(EventsService) private readonly events: EventsService,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
  ) {}

  /**
   * The newest first, of all tenants or of one. A type is searched in 50,000 events: then a page may have fewer than
   * `limit` entries, and still a `nextCursor`.
   * @throws InvalidWebhookInputError for a limit that is no count
   */
  async list(
    filter: OfAnyTenant<WebhookEventFilter>,
    page: WebhookPage,
  ): Promise<WebhookPageView<OperatorEventView>> {
    checkLimit(page);
    const { found, nextCursor } = await this.log.anyEvents(filter, page);
    const counts = await this.stats.deliveriesOf(found.map(({ id }) => id));
    const data = found.map((event) => ({
      tenant: event.tenant,
      ...eventSummaryView(event, counts.get(event.id) ?? NO_DELIVERIES),
    }));
    return { data, nextCursor };
  }

  /** With its body and its first 250 deliveries. @throws WebhookNotFoundError */
  async get(id: string): Promise<OperatorEventDetailView> {
    const event = await this.log.anyEvent(id);
    if (!event) throw new WebhookNotFoundError('event', id);
    return { tenant: event.tenant, ...(await this.events.get(event.tenant, id)) };
  }
}
