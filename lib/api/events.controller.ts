import { Get, Inject } from '@nestjs/common';
import type { WebhookEventTypeDescription } from '../config/event-catalogue.js';
import { EventTypesDto, ListWebhookEventsDto } from './dto/log.dto.js';
import { EventsService } from '../management/events.service.js';
import { Tenant } from './tenant.js';
import type {
  WebhookEventDetailView,
  WebhookEventSummaryView,
  WebhookPageView,
} from '../management/views.js';
import { AcceptedLanguage, IdInput, QueryInput } from './webhook-input.decorators.js';

export class EventsController {
  constructor(@Inject(EventsService) private readonly events: EventsService) {}

  @Get('event-types')
  types(
    @QueryInput(EventTypesDto) { locale, version }: EventTypesDto,
    @AcceptedLanguage() accepted: string | undefined,
  ): { data: readonly WebhookEventTypeDescription[] } {
    return this.events.types(locale ?? accepted, version);
  }

  @Get('events')
  list(
    @Tenant() tenant: string,
    @QueryInput(ListWebhookEventsDto) query: ListWebhookEventsDto,
  ): Promise<WebhookPageView<WebhookEventSummaryView>> {
    const { limit, cursor, ...filter } = query;
    return this.events.list({ tenant, ...filter }, { limit, cursor });
  }

  @Get('events/:eventId')
  get(@Tenant() tenant: string, @IdInput('eventId', 'event') id: string): Promise<WebhookEventDetailView> {
    return this.events.get(tenant, id);
  }
}
