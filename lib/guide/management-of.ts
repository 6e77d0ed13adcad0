import type { WebhooksStructure } from '../config/check-structure.js';
import type { GuideSource } from './guide-context.js';

/** How the customers of an app manage their webhooks. */
export const managementOf = ({ api, dashboard }: WebhooksStructure): GuideSource['management'] =>
  dashboard ? 'dashboard' : api ? 'api' : 'none';
