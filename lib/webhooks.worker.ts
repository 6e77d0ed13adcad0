import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { WebhooksStructure } from './config/check-structure.js';
import { WEBHOOKS_CONFIG, WEBHOOKS_QUEUE, WEBHOOKS_STRUCTURE } from './config/tokens.js';
import type { WebhooksConfig } from './config/webhooks-config.js';
import { WebhooksLogger } from './config/webhooks-logger.js';
import { DeliveryRunner } from './delivery/delivery-runner.js';
import { EndpointProbes } from './delivery/endpoint-probes.js';
import { WebhookHttpClient } from './delivery/http-client.js';
import { RelayService } from './dispatch/relay.service.js';
import { RetentionService } from './dispatch/retention.service.js';
import type { WebhookQueue } from './dispatch/webhook-queue.js';
import { within } from './domain/within.js';
import { OperatorHistoryService } from './operation/operator/operator-history.service.js';
import { AlertsService } from './operation/alerts.service.js';
import { HeartbeatService } from './operation/heartbeat.service.js';
import { WorkerRounds } from './operation/worker-rounds.js';
import { TelemetryService } from './operation/telemetry/telemetry.service.js';
import { WebhooksDatabase } from './persistence/sql/webhooks-database.js';

/**
 * How long the database and Redis may take to release what nobody has started. One that hangs must not hold up the app.
 */
const LETTING_GO_MS = 1_000;

/**
 * Starts the delivering parts once the app is up. Stops them in the order of the flow: first nothing new, then what is
 * under way.
 */
@Injectable()
export class WebhooksWorker
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new WebhooksLogger();
  private started = false;
  private taking: Promise<unknown> | undefined;
  private stopping: Promise<void> | undefined;
  private readonly destroyUnwatched: () => void;

  constructor(
    @Inject(WEBHOOKS_STRUCTURE) private readonly structure: WebhooksStructure,
    @Inject(WEBHOOKS_CONFIG) private readonly config: WebhooksConfig,
    @Inject(WEBHOOKS_QUEUE) private readonly queue: WebhookQueue,
    @Inject(RelayService) private readonly relay: RelayService,
    @Inject(RetentionService) private readonly retention: RetentionService,
    @Inject(EndpointProbes) private readonly probes: EndpointProbes,
    @Inject(HeartbeatService) private readonly heartbeat: HeartbeatService,
    @Inject(OperatorHistoryService) private readonly history: OperatorHistoryService,
    @Inject(WorkerRounds) private readonly rounds: WorkerRounds,
    @Inject(AlertsService) private readonly alerts: AlertsService,
    @Inject(TelemetryService) private readonly telemetry: TelemetryService,
    @Inject(DeliveryRunner) private readonly runner: DeliveryRunner,
    @Inject(WebhookHttpClient) private readonly client: WebhookHttpClient,
    @Inject(WebhooksDatabase) database: WebhooksDatabase,
  ) {
    this.destroyUnwatched = database.beforeDestroy(() => this.databaseCloses());
  }

  /** Nest calls this twice for a microservice that is initialised before it listens, and for some hybrid apps. */
  onApplicationBootstrap(): void {
    if (this.started) return;
    this.started = true;
    this.warnOfPlainSecrets();
    this.alerts.start();
    if (!this.structure.worker) return;
    this.runner.start();
    this.queue.onWake(() => this.relay.wake());
    this.relay.start();
    this.rounds.start();
    this.retention.start();
    this.probes.start();
    this.heartbeat.start();
    this.history.start();
  }

  /**
   * Takes nothing new, but does not wait for requests under way: Nest closes the HTTP server after this hook, and its
   * port must become free.
   */
  async beforeApplicationShutdown(): Promise<void> {
    void this.stop();
    await this.taking;
  }

  /** Waits for the requests under way. If the database is closed before, that waits for them as well. */
  async onApplicationShutdown(): Promise<void> {
    await this.stop();
    this.destroyUnwatched();
    this.client.interrupt();
    await this.client.close();
    this.telemetry.stop();
  }

  /** The app may go on and open its database again. Then this delivers again. */
  private async databaseCloses(): Promise<void> {
    if (this.taking) return this.stop();
    const goOn = await this.relay.pause();
    await this.runner.giveBack(this.config.delivery.shutdownGraceMs);
    goOn();
  }

  private stop(): Promise<void> {
    this.taking ??= this.stopTaking();
    return (this.stopping ??= this.taking.then(() =>
      this.runner.close(this.config.delivery.shutdownGraceMs),
    ));
  }

  private stopTaking(): Promise<unknown> {
    const { relay, rounds, retention, probes, heartbeat, history, alerts } = this;
    const parts = [relay, rounds, retention, probes, heartbeat, history, alerts];
    const stopped = Promise.all([...parts.map((part) => part.stop()), this.queue.close()]);
    return within(stopped, LETTING_GO_MS);
  }

  private warnOfPlainSecrets(): void {
    if (this.config.encryptionKeys.length > 0 || process.env.NODE_ENV !== 'production') return;
    this.logger.warn(
      'Webhook secrets are stored as plain text: encryption.keys is not set. Make a key with ' +
        `node -p "require('crypto').randomBytes(32).toString('base64')" and set encryption: { keys: [key] }.`,
    );
  }
}
