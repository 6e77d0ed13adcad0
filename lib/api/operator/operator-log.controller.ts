import { Get, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import type { WebhookPageView } from '../../management/views.js';
import type {
  OperatorDeliveryDetailView,
  OperatorDeliveryView,
  OperatorEndpointView,
  OperatorEventDetailView,
  OperatorEventView,
} from '../../operation/operator/views.js';
import { WebhooksOperator } from '../../operation/operator/webhooks-operator.js';
import { DisableWebhookDto } from './operator-acts.dto.js';
import { BodyInput, IdInput, QueryInput } from '../webhook-input.decorators.js';
import {
  ListOperatorDeliveriesDto,
  ListOperatorEndpointsDto,
  ListOperatorEventsDto,
} from './operator-reads.dto.js';

/** Endpoints, deliveries and events of all tenants. */
export class OperatorLogController {
  constructor(@Inject(WebhooksOperator) private readonly operator: WebhooksOperator) {}

  @Get('endpoints')
  endpoints(
    @QueryInput(ListOperatorEndpointsDto) { limit, cursor, ...filter }: ListOperatorEndpointsDto,
  ): Promise<WebhookPageView<OperatorEndpointView>> {
    return this.operator.endpoints.list(filter, { limit, cursor });
  }

  @Get('endpoints/:id')
  endpoint(@IdInput('id', 'endpoint') id: string): Promise<OperatorEndpointView> {
    return this.operator.endpoints.get(id);
  }

  @Post('endpoints/:id/disable')
  @HttpCode(HttpStatus.OK)
  disable(
    @IdInput('id', 'endpoint') id: string,
    @BodyInput(DisableWebhookDto) { reason }: DisableWebhookDto,
  ): Promise<OperatorEndpointView> {
    return this.operator.endpoints.disable(id, reason);
  }

  @Post('endpoints/:id/enable')
  @HttpCode(HttpStatus.OK)
  enable(@IdInput('id', 'endpoint') id: string): Promise<OperatorEndpointView> {
    return this.operator.endpoints.enable(id);
  }

  @Get('deliveries')
  deliveries(
    @QueryInput(ListOperatorDeliveriesDto) { limit, cursor, ...filter }: ListOperatorDeliveriesDto,
  ): Promise<WebhookPageView<OperatorDeliveryView>> {
    return this.operator.deliveries.list(filter, { limit, cursor });
  }

  @Get('deliveries/:id')
  delivery(@IdInput('id', 'delivery') id: string): Promise<OperatorDeliveryDetailView> {
    return this.operator.deliveries.get(id);
  }

  @Post('deliveries/:id/resend')
  @HttpCode(HttpStatus.OK)
  resend(@IdInput('id', 'delivery') id: string): Promise<OperatorDeliveryView> {
    return this.operator.deliveries.resend(id);
  }

  @Get('events')
  events(
    @QueryInput(ListOperatorEventsDto) { limit, cursor, ...filter }: ListOperatorEventsDto,
  ): Promise<WebhookPageView<OperatorEventView>> {
    return this.operator.events.list(filter, { limit, cursor });
  }

  @Get('events/:id')
  event(@IdInput('id', 'event') id: string): Promise<OperatorEventDetailView> {
    return this.operator.events.get(id);
  }
}
