/** @module nestjs-webhooks/receiver */
export * from '../../../lib/receiver/index.js';
