import { Get, Inject, Param, Query } from '@nestjs/common';
import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { ListWebhookEventsDto } from './dto/log.dto.js';
import { EventsService } from './events.service.js';
import { Tenant } from './tenant.js';
import {
  deliveryView,
  eventSummaryView,
  eventView,
  pageView,
  type WebhookDeliveryView,
  type WebhookEventSummaryView,
  type WebhookEventView,
  type WebhookPageView,
} from './views.js';
import { WebhookIdPipe } from './webhook-id.pipe.js';
import { WebhookInputPipe, type Checked } from './webhook-input.pipe.js';

export class EventsController {
  constructor(@Inject(EventsService) private readonly events: EventsService) {}

  @Get('event-types')
  types(): { data: readonly WebhookEventTypeDescription[] } {
    return { data: this.events.types() };
  }

  @Get('events')
  async list(
    @Tenant() tenant: string,
    @Query(new WebhookInputPipe(ListWebhookEventsDto)) query: Checked<ListWebhookEventsDto>,
  ): Promise<WebhookPageView<WebhookEventSummaryView>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.events.list({ tenant, ...filter }, { limit: limit + 1, cursor });
    return pageView(rows, limit, eventSummaryView);
  }

  @Get('events/:eventId')
  async get(
    @Tenant() tenant: string,
    @Param('eventId', new WebhookIdPipe('event')) id: string,
  ): Promise<WebhookEventView & { deliveries: WebhookDeliveryView[] }> {
    const { event, deliveries } = await this.events.get(tenant, id);
    return { ...eventView(event), deliveries: deliveries.map(deliveryView) };
  }
}
