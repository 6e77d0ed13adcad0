import { Get, HttpCode, HttpStatus, Inject, Param, Post } from '@nestjs/common';
import { DeliveriesService } from './deliveries.service.js';
import { Tenant } from './tenant.js';
import {
  deliveryDetailView,
  deliveryView,
  type WebhookDeliveryDetailView,
  type WebhookDeliveryView,
} from './views.js';
import { WebhookIdPipe } from './webhook-id.pipe.js';

const DeliveryId = (): ParameterDecorator => Param('deliveryId', new WebhookIdPipe('delivery'));

export class DeliveriesController {
  constructor(@Inject(DeliveriesService) private readonly deliveries: DeliveriesService) {}

  @Get('deliveries/:deliveryId')
  async get(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryDetailView> {
    return deliveryDetailView(await this.deliveries.get(tenant, id));
  }

  @Post('deliveries/:deliveryId/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  async retry(@Tenant() tenant: string, @DeliveryId() id: string): Promise<WebhookDeliveryView> {
    return deliveryView(await this.deliveries.retry(tenant, id));
  }
}
