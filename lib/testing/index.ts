export { TestClock } from './test-clock.js';
export { provideWebhookEmitter } from '../mapping/emits-webhook.decorator.js';
export { RelayService } from '../dispatch/relay.service.js';
export { RetentionService } from '../dispatch/retention.service.js';
export { DeliveryRunner } from '../delivery/delivery-runner.js';
export { WEBHOOKS_CLOCK, WEBHOOKS_LOOKUP } from '../config/tokens.js';
