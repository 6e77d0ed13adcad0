import { Delete, Get, HttpCode, HttpStatus, Inject, Patch, Post } from '@nestjs/common';
import { DeliveriesService } from '../management/deliveries.service.js';
import {
  CreateWebhookEndpointDto,
  PreviewWebhookFilterDto,
  RotateWebhookSecretDto,
  TestWebhookDraftDto,
  TestWebhookEndpointDto,
  UpdateWebhookEndpointDto,
} from './dto/endpoint.dto.js';
import { ListWebhookDeliveriesDto, ListWebhookEndpointsDto, RecoverWebhooksDto } from './dto/log.dto.js';
import { EndpointsService } from '../management/endpoints.service.js';
import { Tenant } from './tenant.js';
import type {
  WebhookDeliveryView,
  WebhookDraftTestView,
  WebhookEndpointView,
  WebhookFilterPreviewView,
  WebhookPageView,
  WebhookRecoveryPreviewView,
  WebhookRecoveryView,
  WebhookSecretView,
  WebhookTestView,
} from '../management/views.js';
import { BodyInput, IdInput, QueryInput } from './webhook-input.decorators.js';

const EndpointId = (): ParameterDecorator => IdInput('id', 'endpoint');

export class EndpointsController {
  constructor(
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
  ) {}

  @Post()
  @HttpCode(HttpStatus.CREATED)
  create(
    @Tenant() tenant: string,
    @BodyInput(CreateWebhookEndpointDto) body: CreateWebhookEndpointDto,
  ): Promise<WebhookEndpointView & { secret: string }> {
    return this.endpoints.create(tenant, body);
  }

  @Get()
  list(
    @Tenant() tenant: string,
    @QueryInput(ListWebhookEndpointsDto) query: ListWebhookEndpointsDto,
  ): Promise<WebhookPageView<WebhookEndpointView>> {
    const { limit, cursor, ...filter } = query;
    return this.endpoints.list(tenant, { limit, cursor }, filter);
  }

  @Post('filter-preview')
  @HttpCode(HttpStatus.OK)
  previewFilter(
    @Tenant() tenant: string,
    @BodyInput(PreviewWebhookFilterDto) input: PreviewWebhookFilterDto,
  ): Promise<WebhookFilterPreviewView> {
    return this.endpoints.previewFilter(tenant, input);
  }

  @Get(':id')
  get(@Tenant() tenant: string, @EndpointId() id: string): Promise<WebhookEndpointView> {
    return this.endpoints.get(tenant, id);
  }

  @Patch(':id')
  update(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(UpdateWebhookEndpointDto) body: UpdateWebhookEndpointDto,
  ): Promise<WebhookEndpointView> {
    return this.endpoints.update(tenant, id, body);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  async delete(@Tenant() tenant: string, @EndpointId() id: string): Promise<void> {
    await this.endpoints.delete(tenant, id);
  }

  @Get(':id/secret')
  secret(@Tenant() tenant: string, @EndpointId() id: string): Promise<WebhookSecretView> {
    return this.endpoints.secret(tenant, id);
  }

  @Post(':id/secret/rotate')
  @HttpCode(HttpStatus.OK)
  rotateSecret(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(RotateWebhookSecretDto) { overlap, secret }: RotateWebhookSecretDto,
  ): Promise<WebhookSecretView> {
    return this.endpoints.rotateSecret(tenant, id, overlap, secret);
  }

  @Post(':id/test')
  @HttpCode(HttpStatus.OK)
  test(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(TestWebhookEndpointDto) { eventType, data }: TestWebhookEndpointDto,
  ): Promise<WebhookTestView> {
    return this.deliveries.test(tenant, id, eventType, data);
  }

  @Post('test')
  @HttpCode(HttpStatus.OK)
  testDraft(
    @Tenant() tenant: string,
    @BodyInput(TestWebhookDraftDto) draft: TestWebhookDraftDto,
  ): Promise<WebhookDraftTestView> {
    return this.deliveries.testDraft(tenant, draft);
  }

  @Get(':id/deliveries')
  listDeliveries(
    @Tenant() tenant: string,
    @EndpointId() endpointId: string,
    @QueryInput(ListWebhookDeliveriesDto) query: ListWebhookDeliveriesDto,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    const { limit, cursor, ...filter } = query;
    return this.deliveries.ofEndpoint({ tenant, endpointId, ...filter }, { limit, cursor });
  }

  @Get(':id/recover')
  previewRecovery(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @QueryInput(RecoverWebhooksDto) { since, until }: RecoverWebhooksDto,
  ): Promise<WebhookRecoveryPreviewView> {
    return this.deliveries.previewRecovery(tenant, id, since, until);
  }

  @Post(':id/recover')
  @HttpCode(HttpStatus.ACCEPTED)
  recover(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @BodyInput(RecoverWebhooksDto) { since, until }: RecoverWebhooksDto,
  ): Promise<WebhookRecoveryView> {
    return this.deliveries.recover(tenant, id, since, until);
  }
}
