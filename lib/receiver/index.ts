// Verifies webhooks where they arrive. Needs Node only: no Nest, no dependencies.
export { verifyHexSignature } from './verify-hex-signature.js';
export { verifyWebhook, type ReceivedWebhookEvent, type VerifyWebhookOptions } from './verify-webhook.js';
export type { ReceivedHeaders } from './received-headers.js';
export {
  InvalidWebhookSecretError,
  WebhookVerificationError,
  type WebhookVerificationFailure,
} from './webhook-verification.error.js';
export { WebhooksError } from '../domain/webhooks.error.js';
