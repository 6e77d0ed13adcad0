// Unit tests: what the app emits is recorded, and nothing is stored or sent
export { WebhooksTestingModule } from './webhooks-testing.module.js';
export { WebhookRecorder, type RecordedWebhook, type WebhookPayloads } from './webhook-recorder.js';
export { provideWebhookEmitter } from '../mapping/emits-webhook.decorator.js';

// A server that takes webhooks in and verifies them
export { WebhookTestReceiver } from './webhook-test-receiver.js';
export type { WebhookArrival } from './webhook-arrival.js';
export type { WebhookTestAnswer } from './webhook-test-answer.js';

// End-to-end tests with a database
export { WebhooksTestBed, type WebhookTestEndpoint } from './webhooks-test-bed.js';
export { WebhookTestClock } from './test-clock.js';

// What the catalogue would break
export { webhookCatalogueBreaks } from '../catalogue/webhook-catalogue-breaks.js';

// Errors
export {
  WebhookNotReceivedError,
  WebhooksOnlyRecordedError,
  WebhooksTestSetupError,
} from './testing.errors.js';
