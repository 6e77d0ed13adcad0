/** @module nestjs-webhooks/transactions */
export * from '../../../lib/transactions/index.js';
