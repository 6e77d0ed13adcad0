// Moves webhooks from another sender to an app. Runs once, in a script of the app's.
export {
  moveWebhooks,
  type MoveWebhooksOptions,
  type MoveWebhooksSummary,
  type MovedWebhookResult,
} from './move-webhooks.js';
export type { MovedWebhook } from './moved-webhook.js';
export { svixWebhooks } from './svix-webhooks.js';
export { outpostWebhooks } from './outpost-webhooks.js';
