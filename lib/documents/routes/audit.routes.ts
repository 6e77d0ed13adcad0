import type { AuditController } from '../../api/audit.controller.js';
import { auditPage } from '../views/audit.schemas.js';
import type { DescribedRoutes } from './described-route.js';

export const auditRoutes: DescribedRoutes<AuditController> = {
  list: {
    operationId: 'listWebhookAudit',
    summary: 'List who did what',
    description: 'The newest first. Values of headers, secrets and what may be one in a URL are not in it.',
    answer: auditPage,
  },
};
