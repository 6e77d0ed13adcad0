import { Get, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { DeliveriesService } from '../management/deliveries.service.js';
import { ListAllWebhookDeliveriesDto, RetryWebhookDeliveriesDto, WebhookPageDto } from './dto/log.dto.js';
import { Tenant } from './tenant.js';
import type {
  WebhookAttemptView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookPageView,
  WebhookRequestView,
  WebhookResendsView,
} from '../management/views.js';
import { BodyInput, IdInput, QueryInput } from './webhook-input.decorators.js';

const DeliveryId = (): ParameterDecorator => IdInput('deliveryId', 'delivery');

export class DeliveriesController {
  constructor(@Inject(DeliveriesService) private readonly deliveries: DeliveriesService) {}

  @Get('deliveries')
  list(
    @Tenant() tenant: string,
    @QueryInput(ListAllWebhookDeliveriesDto) query: ListAllWebhookDeliveriesDto,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    const { limit, cursor, ...filter } = query;
    return this.deliveries.list({ tenant, ...filter }, { limit, cursor });
  }

  @Post('deliveries/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  retryAll(
    @Tenant() tenant: string,
    @BodyInput(RetryWebhookDeliveriesDto) { ids }: RetryWebhookDeliveriesDto,
  ): Promise<WebhookResendsView> {
    return this.deliveries.retryAll(tenant, ids);
  }

  @Get('deliveries/:deliveryId')
  get(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryDetailView> {
    return this.deliveries.get(tenant, id);
  }

  @Get('deliveries/:deliveryId/attempts')
  attempts(
    @Tenant() tenant: string,
    @DeliveryId() id: string,
    @QueryInput(WebhookPageDto) page: WebhookPageDto,
  ): Promise<WebhookPageView<WebhookAttemptView>> {
    return this.deliveries.attempts(tenant, id, page);
  }

  @Get('deliveries/:deliveryId/request')
  request(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookRequestView> {
    return this.deliveries.request(tenant, id);
  }

  @Post('deliveries/:deliveryId/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  retry(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryView> {
    return this.deliveries.retry(tenant, id);
  }
}
