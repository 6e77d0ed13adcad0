import { Get, Inject } from '@nestjs/common';
import { parameter } from '../routes/route-parameters.js';
import { DocumentsService } from './documents.service.js';
import type { JsonSchema } from './schema.js';

/** The path of the request, as the client sent it. */
const Url = (): ParameterDecorator => parameter(({ originalUrl, url }) => originalUrl ?? url);

/** The version of the data, unchecked. */
const Version = (): ParameterDecorator =>
  parameter(({ query }) => (query as { version?: unknown } | undefined)?.version);

const EventType = (): ParameterDecorator => parameter(({ params }) => params.eventType);

/** The routes and the events, described for programs. */
export class DocumentsController {
  constructor(@Inject(DocumentsService) private readonly documents: DocumentsService) {}

  @Get('openapi.json')
  openApi(@Url() url: string, @Version() version: unknown): JsonSchema {
    return this.documents.openApi(url, version);
  }

  @Get('asyncapi.json')
  asyncApi(@Version() version: unknown): JsonSchema {
    return this.documents.asyncApi(version);
  }

  @Get('event-types/:eventType/schema.json')
  eventSchema(@EventType() type: string, @Version() version: unknown): JsonSchema {
    return this.documents.eventSchema(type, version);
  }
}
