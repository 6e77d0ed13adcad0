import { Get, Inject } from '@nestjs/common';
import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { ListWebhookEventsDto } from './dto/log.dto.js';
import { EventsService } from '../management/events.service.js';
import { Tenant } from './tenant.js';
import type {
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookPageView,
} from '../management/views.js';
import { eventDetailView } from '../management/views/detail.views.js';
import { eventSummaryView } from '../management/views/event.views.js';
import { pageView } from '../management/views/page.view.js';
import { IdInput, QueryInput } from './webhook-input.decorators.js';

export class EventsController {
  constructor(@Inject(EventsService) private readonly events: EventsService) {}

  @Get('event-types')
  types(): { data: readonly WebhookEventTypeDescription[] } {
    return { data: this.events.types() };
  }

  @Get('events')
  async list(
    @Tenant() tenant: string,
    @QueryInput(ListWebhookEventsDto) query: ListWebhookEventsDto,
  ): Promise<WebhookPageView<WebhookEventSummaryView>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.events.list({ tenant, ...filter }, { limit: limit + 1, cursor });
    return pageView(rows, limit, eventSummaryView);
  }

  @Get('events/:eventId')
  async get(
    @Tenant() tenant: string,
    @IdInput('eventId', 'event') id: string,
  ): Promise<WebhookEventDetailView> {
    return eventDetailView(await this.events.get(tenant, id));
  }
}
