import { HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { RepresentationsService } from '../management/representations.service.js';
import type { WebhookRepresentedView } from '../management/views.js';
import { PreviewWebhookRepresentationDto } from './dto/endpoint.dto.js';
import { Tenant } from './tenant.js';
import { BodyInput } from './webhook-input.decorators.js';

export class RepresentationsController {
  constructor(@Inject(RepresentationsService) private readonly representations: RepresentationsService) {}

  @Post('representation-preview')
  @HttpCode(HttpStatus.OK)
  preview(
    @Tenant() tenant: string,
    @BodyInput(PreviewWebhookRepresentationDto) input: PreviewWebhookRepresentationDto,
  ): Promise<WebhookRepresentedView> {
    return this.representations.preview(tenant, input);
  }
}
