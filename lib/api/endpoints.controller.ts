import { Delete, Get, HttpCode, HttpStatus, Inject, Patch, Post } from '@nestjs/common';
import { DeliveriesService } from '../management/deliveries.service.js';
import {
  CreateWebhookEndpointDto,
  RotateWebhookSecretDto,
  TestWebhookEndpointDto,
  UpdateWebhookEndpointDto,
} from './dto/endpoint.dto.js';
import { ListWebhookDeliveriesDto, ListWebhookEndpointsDto, RecoverWebhooksDto } from './dto/log.dto.js';
import { EndpointsService } from '../management/endpoints.service.js';
import { Tenant } from './tenant.js';
import type {
  WebhookDeliveryView,
  WebhookEndpointView,
  WebhookPageView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookSecretView,
  WebhookTestView,
} from '../management/views.js';
import { deliveryView, testView } from '../management/views/delivery.views.js';
import { endpointView, secretView } from '../management/views/endpoint.views.js';
import { pageView } from '../management/views/page.view.js';
import { recoveryPreviewView, recoveryView } from '../management/views/recovery.views.js';
import { BodyInput, IdInput, QueryInput } from './webhook-input.decorators.js';

const EndpointId = (): ParameterDecorator => IdInput('id', 'endpoint');

export class EndpointsController {
  constructor(
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
  ) {}

  @Post()
  @HttpCode(HttpStatus.CREATED)
  async create(
    @Tenant() tenant: string,
    @BodyInput(CreateWebhookEndpointDto) body: CreateWebhookEndpointDto,
  ): Promise<WebhookEndpointView & { secret: string }> {
    const { endpoint, secret } = await this.endpoints.create(tenant, body);
    return { ...endpointView(endpoint), secret };
  }

  @Get()
  async list(
    @Tenant() tenant: string,
    @QueryInput(ListWebhookEndpointsDto) query: ListWebhookEndpointsDto,
  ): Promise<WebhookPageView<WebhookEndpointView>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.endpoints.list(tenant, { limit: limit + 1, cursor }, filter);
    return pageView(rows, limit, endpointView);
  }

  @Get(':id')
  async get(@Tenant() tenant: string, @EndpointId() id: string): Promise<WebhookEndpointView> {
    return endpointView(await this.endpoints.get(tenant, id));
  }

  @Patch(':id')
  async update(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(UpdateWebhookEndpointDto) body: UpdateWebhookEndpointDto,
  ): Promise<WebhookEndpointView> {
    return endpointView(await this.endpoints.update(tenant, id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  async delete(@Tenant() tenant: string, @EndpointId() id: string): Promise<void> {
    await this.endpoints.delete(tenant, id);
  }

  @Get(':id/secret')
  async secret(@Tenant() tenant: string, @EndpointId() id: string): Promise<WebhookSecretView> {
    return secretView(await this.endpoints.secrets(tenant, id));
  }

  @Post(':id/secret/rotate')
  @HttpCode(HttpStatus.OK)
  async rotateSecret(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(RotateWebhookSecretDto) { overlap }: RotateWebhookSecretDto,
  ): Promise<WebhookSecretView> {
    return secretView(await this.endpoints.rotateSecret(tenant, id, overlap));
  }

  @Post(':id/test')
  @HttpCode(HttpStatus.OK)
  async test(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(TestWebhookEndpointDto) { eventType }: TestWebhookEndpointDto,
  ): Promise<WebhookTestView> {
    return testView(await this.deliveries.test(tenant, id, eventType));
  }

  @Get(':id/deliveries')
  async listDeliveries(
    @Tenant() tenant: string,
    @EndpointId() endpointId: string,
    @QueryInput(ListWebhookDeliveriesDto) query: ListWebhookDeliveriesDto,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    const { limit, cursor, ...filter } = query;
    const page = { limit: limit + 1, cursor };
    const rows = await this.deliveries.ofEndpoint({ tenant, endpointId, ...filter }, page);
    return pageView(rows, limit, deliveryView);
  }

  @Get(':id/recover')
  async previewRecovery(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @QueryInput(RecoverWebhooksDto) { since, until }: RecoverWebhooksDto,
  ): Promise<WebhookRecoveryPreviewView> {
    return recoveryPreviewView(await this.deliveries.previewRecovery(tenant, id, since, until));
  }

  @Post(':id/recover')
  @HttpCode(HttpStatus.ACCEPTED)
  async recover(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(RecoverWebhooksDto) { since, until }: RecoverWebhooksDto,
  ): Promise<WebhookRecoveryView> {
    return recoveryView(await this.deliveries.recover(tenant, id, since, until));
  }
}
