// Verifies received webhooks. Needs only Node: no Nest, no dependencies.
export { verifyWebhookHexSignature } from './verify-hex-signature.js';
export { verifyWebhook, type ReceivedWebhookEvent } from './verify-webhook.js';
export type { VerifyWebhookOptions } from './received-scheme.js';
export type { ReceivedWebhookHeaders } from './received-headers.js';
export {
  InvalidWebhookSecretError,
  WebhookVerificationError,
  type WebhookVerificationFailure,
} from './webhook-verification.error.js';
export { WebhooksError } from '../domain/webhooks.error.js';
