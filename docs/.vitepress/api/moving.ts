/** @module nestjs-webhooks/moving */
export * from '../../../lib/moving/index.js';
