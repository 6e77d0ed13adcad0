import { Get, Inject } from '@nestjs/common';
import { DocumentsService } from './documents.service.js';
import { Url } from './documents.controller.js';
import type { JsonSchema } from './schema.js';

/** The operators' routes, described for programs. */
export class OperatorDocumentsController {
  constructor(@Inject(DocumentsService) private readonly documents: DocumentsService) {}

  @Get('openapi.json')
  openApi(@Url() url: string): JsonSchema {
    return this.documents.operatorOpenApi(url);
  }
}
