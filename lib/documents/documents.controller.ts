import { Get, Inject } from '@nestjs/common';
import { parameter } from '../routes/route-parameters.js';
import { DocumentsService } from './documents.service.js';
import type { JsonSchema } from './schema.js';

/** The path of the request, as the caller wrote it. */
const Url = (): ParameterDecorator => parameter(({ originalUrl, url }) => originalUrl ?? url);

const EventType = (): ParameterDecorator => parameter(({ params }) => params.eventType);

/** What the routes are and what customers receive, for programs. */
export class DocumentsController {
  constructor(@Inject(DocumentsService) private readonly documents: DocumentsService) {}

  @Get('openapi.json')
  openApi(@Url() url: string): JsonSchema {
    return this.documents.openApi(url);
  }

  @Get('asyncapi.json')
  asyncApi(): JsonSchema {
    return this.documents.asyncApi();
  }

  @Get('event-types/:eventType/schema.json')
  eventSchema(@EventType() type: string): JsonSchema {
    return this.documents.eventSchema(type);
  }
}
