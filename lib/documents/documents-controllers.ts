import { UseFilters, type Type } from '@nestjs/common';
import { WebhooksExceptionFilter } from '../api/webhooks-exception.filter.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { DocumentsController } from './documents.controller.js';

export const DOCUMENTS_ROUTES: Type[] = [DocumentsController];

/**
 * Uses the guards of the guide unless the app sets others. Mounted before the routes: otherwise `openapi.json` would
 * be read as an id.
 */
export function documentsControllers({ api, documents, guide }: WebhooksStructure): Type[] {
  if (!api || !documents) return [];
  const guards = documents.guards ?? (guide ? guide.guards : undefined) ?? api.guards ?? [];
  return DOCUMENTS_ROUTES.map((routes) => {
    const Mounted = mountedController(routes, api, { path: api.path, guards });
    UseFilters(WebhooksExceptionFilter)(Mounted);
    return Mounted;
  });
}
