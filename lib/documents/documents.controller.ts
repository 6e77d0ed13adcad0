import { Get, Inject } from '@nestjs/common';
import { AskedVersion } from '../routes/asked-version.js';
import { parameter } from '../routes/route-parameters.js';
import { DocumentsService } from './documents.service.js';
import type { JsonSchema } from './schema.js';

/** The path of the request, as the client sent it. */
export const Url = (): ParameterDecorator => parameter(({ originalUrl, url }) => originalUrl ?? url);

const EventType = (): ParameterDecorator => parameter(({ params }) => params.eventType);

/** The routes and the events, described for programs. */
export class DocumentsController {
  constructor(@Inject(DocumentsService) private readonly documents: DocumentsService) {}

  @Get('openapi.json')
  openApi(@Url() url: string, @AskedVersion() version: unknown): JsonSchema {
    return this.documents.openApi(url, version);
  }

  @Get('asyncapi.json')
  asyncApi(@AskedVersion() version: unknown): JsonSchema {
    return this.documents.asyncApi(version);
  }

  @Get('event-types/:eventType/schema.json')
  eventSchema(@EventType() type: string, @AskedVersion() version: unknown): JsonSchema {
    return this.documents.eventSchema(type, version);
  }
}
