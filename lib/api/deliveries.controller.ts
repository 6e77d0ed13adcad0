import { Get, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { DeliveriesService } from '../management/deliveries.service.js';
import { ListAllWebhookDeliveriesDto, WebhookPageDto } from './dto/log.dto.js';
import { Tenant } from './tenant.js';
import type {
  WebhookAttemptView,
  WebhookDeliveryDetailView,
  WebhookDeliveryView,
  WebhookPageView,
} from '../management/views.js';
import { attemptView, deliveryView } from '../management/views/delivery.views.js';
import { deliveryDetailView } from '../management/views/detail.views.js';
import { pageView } from '../management/views/page.view.js';
import { IdInput, QueryInput } from './webhook-input.decorators.js';

const DeliveryId = (): ParameterDecorator => IdInput('deliveryId', 'delivery');

export class DeliveriesController {
  constructor(@Inject(DeliveriesService) private readonly deliveries: DeliveriesService) {}

  @Get('deliveries')
  async list(
    @Tenant() tenant: string,
    @QueryInput(ListAllWebhookDeliveriesDto) query: ListAllWebhookDeliveriesDto,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.deliveries.list({ tenant, ...filter }, { limit: limit + 1, cursor });
    return pageView(rows, limit, deliveryView);
  }

  @Get('deliveries/:deliveryId')
  async get(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryDetailView> {
    return deliveryDetailView(await this.deliveries.get(tenant, id));
  }

  @Get('deliveries/:deliveryId/attempts')
  async attempts(
    @Tenant() tenant: string,
    @DeliveryId() id: string,
    @QueryInput(WebhookPageDto) { limit, cursor }: WebhookPageDto,
  ): Promise<WebhookPageView<WebhookAttemptView>> {
    const rows = await this.deliveries.attempts(tenant, id, { limit: limit + 1, cursor });
    return pageView(rows, limit, attemptView);
  }

  @Post('deliveries/:deliveryId/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  async retry(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryView> {
    return deliveryView(await this.deliveries.retry(tenant, id));
  }
}
