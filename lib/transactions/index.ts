export type { WebhooksTransaction } from '../config/webhook-event-options.js';
export { pgWebhooksTransaction } from './pg.transaction.js';
export { mysql2WebhooksTransaction } from './mysql2.transaction.js';
export { prismaWebhooksTransaction } from './prisma.transaction.js';
export { drizzleWebhooksTransaction } from './drizzle.transaction.js';
export { kyselyWebhooksTransaction } from './kysely.transaction.js';
