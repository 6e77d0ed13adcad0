/** @module nestjs-webhooks/testing */
export * from '../../../lib/testing/index.js';
