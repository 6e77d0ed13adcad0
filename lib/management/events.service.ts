import { Inject, Injectable } from '@nestjs/common';
import type { EventCatalogue, WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { Representations } from '../config/representations.js';
import { WEBHOOKS_CATALOGUE } from '../config/tokens.js';
import { patternsOf } from '../domain/event-type.js';
import { EndpointFilters } from '../persistence/endpoint-filters.js';
import { WebhookEndpointRepository } from '../persistence/webhook-endpoint.repository.js';
import type { WebhookEvent } from '../persistence/webhook-event.entity.js';
import type { WebhookEventFilter } from '../persistence/log-filter.js';
import { WebhookLogRepository, type WebhookPage } from '../persistence/webhook-log.repository.js';
import { NO_DELIVERIES, WebhookStatsRepository } from '../persistence/webhook-stats.repository.js';
import { WebhookNotFoundError } from './management.errors.js';
import {
  eventDetailView,
  type WebhookEventDetailView,
  type WebhookFilteredView,
} from './views/detail.views.js';
import { eventSummaryView, type WebhookEventSummaryView } from './views/event.views.js';
import { pageOf, type WebhookPageView } from './views/page.view.js';
import { OfTenant } from './of-tenant.js';

const MAX_DELIVERIES = 250;

/** The emitted events, and the event types. */
@Injectable()
export class EventsService {
  constructor(
    @Inject(WEBHOOKS_CATALOGUE) private readonly catalogue: EventCatalogue,
    @Inject(WebhookLogRepository) private readonly log: WebhookLogRepository,
    @Inject(WebhookEndpointRepository) private readonly endpoints: WebhookEndpointRepository,
    @Inject(WebhookStatsRepository) private readonly stats: WebhookStatsRepository,
    @Inject(Representations) private readonly representations: Representations,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
  ) {}

  /**
   * The catalogue, in its own order.
   * @param locale BCP 47: descriptions and groups in this language, if the catalogue has them. Default: the catalogue's
   * own texts
   * @param version of the data, such as `2026-03-01`. Default: the newest
   * @throws InvalidWebhookInputError for a version that the app does not have
   */
  types(locale?: string, version?: string): { data: readonly WebhookEventTypeDescription[] } {
    const { catalogue } = this;
    const types = locale === undefined ? catalogue.descriptions : catalogue.descriptionsIn(locale);
    return { data: this.representations.versions.describedIn(version, types) };
  }

  /** The newest first. @throws InvalidWebhookInputError for a limit that is no count */
  @OfTenant()
  list(filter: WebhookEventFilter, page: WebhookPage): Promise<WebhookPageView<WebhookEventSummaryView>> {
    return pageOf(
      page,
      (wanted) => this.log.events(filter, wanted),
      async (events) => {
        const counts = await this.stats.deliveriesOf(events.map(({ id }) => id));
        return events.map((event) => eventSummaryView(event, counts.get(event.id) ?? NO_DELIVERIES));
      },
    );
  }

  /** The event with its first 250 deliveries. @throws WebhookNotFoundError */
  @OfTenant()
  async get(tenant: string, id: string): Promise<WebhookEventDetailView> {
    const event = await this.log.event(tenant, id);
    if (!event) throw new WebhookNotFoundError('event', id);
    const [counts, deliveries, filtered] = await Promise.all([
      this.stats.deliveriesOf([id]),
      this.log.deliveriesOf(id, MAX_DELIVERIES),
      this.filtered(event),
    ]);
    return eventDetailView(event, counts.get(id) ?? NO_DELIVERIES, deliveries, filtered);
  }

  /** An event that a filter excludes leaves no row. So this tries the present filters again. */
  private async filtered(event: WebhookEvent): Promise<WebhookFilteredView[]> {
    if (event.test) return [];
    const endpoints = await this.endpoints.filteredWithout(event, MAX_DELIVERIES);
    const patterns = patternsOf(event.type);
    const wanting = endpoints.filter(({ events }) => patterns.some((pattern) => events.includes(pattern)));
    return wanting.flatMap((endpoint) => {
      const condition = this.filters.keepingOut(endpoint, event);
      const changedSince = endpoint.updatedAt > event.createdAt;
      return condition ? [{ endpointId: endpoint.id, condition, changedSince }] : [];
    });
  }
}
