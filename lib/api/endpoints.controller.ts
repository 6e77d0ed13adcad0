import {
  Body,
  Delete,
  Get,
  Header,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { DeliveriesService, type WebhookRecovery } from './deliveries.service.js';
import {
  CreateWebhookEndpointDto,
  RotateWebhookSecretDto,
  TestWebhookEndpointDto,
  UpdateWebhookEndpointDto,
} from './dto/endpoint.dto.js';
import { ListWebhookDeliveriesDto, RecoverWebhooksDto, WebhookPageDto } from './dto/log.dto.js';
import { EndpointsService } from './endpoints.service.js';
import { Tenant } from './tenant.js';
import {
  deliveryView,
  endpointView,
  pageView,
  secretView,
  testView,
  type WebhookDeliveryView,
  type WebhookEndpointView,
  type WebhookPageView,
  type WebhookSecretView,
  type WebhookTestView,
} from './views.js';
import { WebhookIdPipe } from './webhook-id.pipe.js';
import { WebhookInputPipe, type Checked } from './webhook-input.pipe.js';

const NoStore = (): MethodDecorator => Header('Cache-Control', 'no-store');
const EndpointId = (): ParameterDecorator => Param('id', new WebhookIdPipe('endpoint'));

export class EndpointsController {
  constructor(
    @Inject(EndpointsService) private readonly endpoints: EndpointsService,
    @Inject(DeliveriesService) private readonly deliveries: DeliveriesService,
  ) {}

  @Post()
  @NoStore()
  async create(
    @Tenant() tenant: string,
    @Body(new WebhookInputPipe(CreateWebhookEndpointDto)) body: Checked<CreateWebhookEndpointDto>,
  ): Promise<WebhookEndpointView & { secret: string }> {
    const { endpoint, secret } = await this.endpoints.create(tenant, body);
    return { ...endpointView(endpoint), secret };
  }

  @Get()
  async list(
    @Tenant() tenant: string,
    @Query(new WebhookInputPipe(WebhookPageDto)) { limit, cursor }: Checked<WebhookPageDto>,
  ): Promise<WebhookPageView<WebhookEndpointView>> {
    const rows = await this.endpoints.list(tenant, { limit: limit + 1, cursor });
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
    @Body(new WebhookInputPipe(UpdateWebhookEndpointDto)) body: Checked<UpdateWebhookEndpointDto>,
  ): Promise<WebhookEndpointView> {
    return endpointView(await this.endpoints.update(tenant, id, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  async delete(@Tenant() tenant: string, @EndpointId() id: string): Promise<void> {
    await this.endpoints.delete(tenant, id);
  }

  @Get(':id/secret')
  @NoStore()
  async secret(@Tenant() tenant: string, @EndpointId() id: string): Promise<WebhookSecretView> {
    return secretView(await this.endpoints.secrets(tenant, id));
  }

  @Post(':id/secret/rotate')
  @NoStore()
  @HttpCode(HttpStatus.OK)
  async rotateSecret(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @Body(new WebhookInputPipe(RotateWebhookSecretDto)) { overlap }: Checked<RotateWebhookSecretDto>,
  ): Promise<WebhookSecretView> {
    return secretView(await this.endpoints.rotateSecret(tenant, id, overlap));
  }

  @Post(':id/test')
  @HttpCode(HttpStatus.OK)
  async test(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @Body(new WebhookInputPipe(TestWebhookEndpointDto)) { eventType }: Checked<TestWebhookEndpointDto>,
  ): Promise<WebhookTestView> {
    return testView(await this.deliveries.test(tenant, id, eventType));
  }

  @Get(':id/deliveries')
  async listDeliveries(
    @Tenant() tenant: string,
    @EndpointId() endpointId: string,
    @Query(new WebhookInputPipe(ListWebhookDeliveriesDto)) query: Checked<ListWebhookDeliveriesDto>,
  ): Promise<WebhookPageView<WebhookDeliveryView>> {
    const { limit, cursor, ...filter } = query;
    const rows = await this.deliveries.list({ tenant, endpointId, ...filter }, { limit: limit + 1, cursor });
    return pageView(rows, limit, deliveryView);
  }

  @Post(':id/recover')
  @HttpCode(HttpStatus.ACCEPTED)
  recover(
    @Tenant() tenant: string,
    @EndpointId() id: string,
    @Body(new WebhookInputPipe(RecoverWebhooksDto)) { since, until }: Checked<RecoverWebhooksDto>,
  ): Promise<WebhookRecovery> {
    return this.deliveries.recover(tenant, id, since, until);
  }
}
