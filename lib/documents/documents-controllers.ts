import { UseFilters, type Type } from '@nestjs/common';
import { WebhooksExceptionFilter } from '../api/webhooks-exception.filter.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { DocumentsController } from './documents.controller.js';

export const DOCUMENTS_ROUTES: Type[] = [DocumentsController];

/** For whoever reads the guide, unless the app says otherwise. Mounted before the routes: `openapi.json` would be an id there. */
export function documentsControllers({ api, documents, guide }: WebhooksStructure): Type[] {
  if (!api || !documents) return [];
  const guards = documents.guards ?? (guide ? guide.guards : undefined) ?? api.guards ?? [];
  return DOCUMENTS_ROUTES.map((routes) => {
    const Mounted = mountedController(routes, api, { path: api.path, guards });
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
