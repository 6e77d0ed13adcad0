import { UseFilters, type Type } from '@nestjs/common';
import { UnreadInputGuard } from '../api/unread-input.guard.js';
import { WebhooksExceptionFilter } from '../api/webhooks-exception.filter.js';
import type { WebhooksStructure } from '../config/check-structure.js';
import { mountedController } from '../routes/mounted-controller.js';
import { DocumentsController } from './documents.controller.js';
import { OperatorDocumentsController } from './operator-documents.controller.js';

export const DOCUMENTS_ROUTES: Type[] = [DocumentsController, OperatorDocumentsController];

/**
 * Uses the guards of the guide unless the app sets others. Mounted before the routes: otherwise `openapi.json` would
 * be read as an id.
 */
export function documentsControllers({ api, documents, guide }: WebhooksStructure): Type[] {
  if (!api || !documents) return [];
  const guards = documents.guards ?? (guide ? guide.guards : undefined) ?? api.guards ?? [];
  const Mounted = mountedController(DocumentsController, api, { path: api.path, guards });
  UseFilters(WebhooksExceptionFilter)(Mounted);
  return [Mounted];
}

/** The document of the operators' routes, behind their guards. */
export function operatorDocumentsControllers({ operator, documents }: WebhooksStructure): Type[] {
  if (!operator || !documents) return [];
  const guards = [...operator.guards, new UnreadInputGuard()];
  const Mounted = mountedController(OperatorDocumentsController, operator, { path: operator.path, guards });
  UseFilters(WebhooksExceptionFilter)(Mounted);
  return [Mounted];
}
