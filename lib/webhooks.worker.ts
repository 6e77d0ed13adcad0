import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { WebhooksStructure } from './config/check-structure.js';
import { WEBHOOKS_CONFIG, WEBHOOKS_QUEUE, WEBHOOKS_STRUCTURE } from './config/tokens.js';
import type { WebhooksConfig } from './config/webhooks-config.js';
import { WebhooksLogger } from './config/webhooks-logger.js';
import { DeliveryRunner } from './delivery/delivery-runner.js';
import { WebhookHttpClient } from './delivery/http-client.js';
import { RelayService } from './dispatch/relay.service.js';
import { RetentionService } from './dispatch/retention.service.js';
import type { WebhookQueue } from './dispatch/webhook-queue.js';

/** What an entry may wait for its place, of the time in which its requests have to start. */
const SHARE_OF_LEASE = 0.2;

/** Starts what delivers once the app is up, and stops it in the order of the flow: nothing new, then what is under way. */
@Injectable()
export class WebhooksWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new WebhooksLogger();
  private started = false;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(RetentionService) private readonly retention: RetentionService,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(WebhookHttpClient) private readonly client: WebhookHttpClient,
  ) {}

  /** Nest calls it twice for a microservice that is initialised before it listens, and for some hybrid apps. */
  onApplicationBootstrap(): void {
    if (this.started) return;
    this.started = true;
    this.warnOfPlainSecrets();
    if (!this.structure.worker) return;
    const { leaseMs, timeoutMs } = this.config.delivery;
    this.queue.consume((entry) => this.runner.accept(entry), (leaseMs - timeoutMs) * SHARE_OF_LEASE);
    this.relay.start();
    this.retention.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
    await this.retention.stop();
    await this.queue.close();
    await this.runner.drain();
    await this.client.close();
  }

  private warnOfPlainSecrets(): void {
    if (this.config.encryptionKeys.length > 0 || process.env.NODE_ENV !== 'production') return;
    this.logger.warn(
      'Webhook secrets are stored as plain text: encryption.keys is not set. Make a key with ' +
        `node -p "require('crypto').randomBytes(32).toString('base64')" and set encryption: { keys: [key] }.`,
    );
  }
}
