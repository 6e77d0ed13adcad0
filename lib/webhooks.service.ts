import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from './management/audit.service.js';
import { DeliveriesService } from './management/deliveries.service.js';
import { EndpointsService } from './management/endpoints.service.js';
import { EventsService } from './management/events.service.js';
import { HealthService } from './operation/health.service.js';
import { TelemetryService } from './operation/telemetry/telemetry.service.js';
import { RepresentationsService } from './management/representations.service.js';
import { SettingsService } from './management/settings.service.js';
import { StatsService } from './management/stats.service.js';
import type { EmitWebhookOptions } from './config/webhook-event-options.js';
import { WebhookEmitter } from './dispatch/webhook-emitter.js';
import type { WebhookDuration } from './domain/duration.js';
import { eventView, type WebhookEventView } from './management/views/event.views.js';
import { DueRun } from './webhooks.due-run.js';

/**
 * Emits events, and gives the app's own code everything that the routes do, with the same answers: times are ISO 8601.
 */
@Injectable()
export class WebhooksService {
  constructor(
    @Inject(WebhookEmitter) private readonly emitter: WebhookEmitter,
    @Inject(EndpointsService) readonly endpoints: EndpointsService,
    @Inject(DeliveriesService) readonly deliveries: DeliveriesService,
    @Inject(EventsService) readonly events: EventsService,
    @Inject(StatsService) readonly stats: StatsService,
    @Inject(SettingsService) readonly settings: SettingsService,
    @Inject(RepresentationsService) readonly representations: RepresentationsService,
    @Inject(AuditService) readonly audit: AuditService,
    @Inject(HealthService) readonly health: HealthService,
    @Inject(TelemetryService) private readonly telemetry: TelemetryService,
    @Inject(DueRun) private readonly dueRun: DueRun,
  ) {}

  /**
   * Stores an event, and a delivery for every active endpoint of the tenant that subscribes to it. They are sent when
   * they are committed: at once, or with the transaction of `options.manager` or `options.transaction`. Never waits for
   * Redis or a receiver. Resolves with the event, or with the earlier one of `options.idempotencyKey`.
   * @throws UnknownWebhookEventTypeError, InvalidWebhookDataError, InvalidWebhookPayloadError,
   * WebhookBodyTooLargeError, or another WebhooksError: nothing was stored
   */
  async emit(type: string, data: unknown, options?: EmitWebhookOptions): Promise<WebhookEventView> {
    return eventView({ ...(await this.emitter.emit(type, data, options)), test: false });
  }

  /**
   * Makes workers look for due deliveries now instead of at their next poll. Call it after the commit of a transaction
   * that you passed to `emit` as `transaction`. Returns at once and never throws. Many calls cost few looks.
   */
  wake(): void {
    this.emitter.wake();
  }

  /**
   * Sends what is due now, of all tenants, and resolves when it is sent or the time is up. For scripts, cron jobs,
   * serverless functions and tests, where no worker lives long enough. What is not sent by then is due at once for the
   * next run. Requests in flight are cut, and recorded as attempts that do not count. Works beside other workers, and
   * if `worker` is false.
   * Resolves with counts. Each delivery is counted once, by its last attempt: `retrying` will be retried by the
   * schedule, `canceled` had no receiver, and `left` was still due when the time was up (0 if everything was sent).
   * @param options how long to send and wait, in real time. Default: `30s`
   * @throws WebhooksError `webhooks/invalid-deliver-due-option`: nothing was sent
   */
  async deliverDue(options?: {
    timeout?: WebhookDuration;
  }): Promise<Readonly<Record<'succeeded' | 'retrying' | 'failed' | 'canceled' | 'left', number>>> {
    return this.dueRun.run(options);
  }

  /**
   * Metrics in the text format of Prometheus (`text/plain; version=0.0.4`), for a route of your own. They are this
   * process's, except those from the database: `nestjs_webhooks_deliveries_due`, `…_oldest_due_seconds`,
   * `…_endpoints_disabled` and `…_workers`.
   * @throws WebhooksError `webhooks/metrics-off` without `telemetry: { metrics: 'prometheus' }`
   */
  metrics(): Promise<string> {
    return this.telemetry.text();
  }
}
