import { Inject, Injectable } from '@nestjs/common';
import { DeliveriesService } from './management/deliveries.service.js';
import { EndpointsService } from './management/endpoints.service.js';
import { EventsService } from './management/events.service.js';
import { SettingsService } from './management/settings.service.js';
import { StatsService } from './management/stats.service.js';
import type { EmitWebhookOptions } from './config/webhook-event-options.js';
import { WebhookEmitter, type EmittedWebhookEvent } from './dispatch/webhook-emitter.js';
import { DueRun, type DeliverDueOptions, type DeliveredDue } from './webhooks.due-run.js';

/** Emits events, and does for the app's own code whatever the routes do. */
@Injectable()
export class WebhooksService {
  constructor(
    @Inject(WebhookEmitter) private readonly emitter: WebhookEmitter,
    @Inject(EndpointsService) readonly endpoints: EndpointsService,
    @Inject(DeliveriesService) readonly deliveries: DeliveriesService,
    @Inject(EventsService) readonly events: EventsService,
    @Inject(StatsService) readonly stats: StatsService,
    @Inject(SettingsService) readonly settings: SettingsService,
    @Inject(DueRun) private readonly dueRun: DueRun,
  ) {}

  /**
   * Stores an event and a delivery for every active endpoint of the tenant that wants it, and sends them once they
   * are committed: at once, or with the transaction of `options.manager`. It never waits for Redis or a receiver.
   * @throws UnknownWebhookEventTypeError, InvalidWebhookDataError, InvalidWebhookPayloadError,
   *   WebhookBodyTooLargeError, InvalidEmitOptionError: no row was written
   */
  emit(type: string, data: unknown, options?: EmitWebhookOptions): Promise<EmittedWebhookEvent> {
    return this.emitter.emit(type, data, options);
  }

  /**
   * Sends what is due now, of all tenants, and resolves when it is sent, or the time is up: for scripts, cron jobs, serverless
   * functions and tests, in which no worker lives long enough. What is not sent by then is due at once for the next run; requests
   * in flight are cut, and recorded as attempts that do not count. It works beside other workers, and where `worker` is false.
   * @throws InvalidDeliverDueOptionError
   */
  async deliverDue(options?: DeliverDueOptions): Promise<DeliveredDue> {
    return this.dueRun.run(options);
  }
}
