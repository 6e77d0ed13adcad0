import type { EmitWebhookOptions } from '../config/webhook-event-options.js';
import { eventView, type WebhookEventView } from '../management/views/event.views.js';
import type { WebhooksService } from '../webhooks.service.js';
import { WebhooksOnlyRecordedError } from './testing.errors.js';
import type { WebhookRecorder } from './webhook-recorder.js';

/** `WebhooksService` where nothing is stored: it emits to the recorder, and has nothing to manage. */
export class RecordingWebhooksService implements Pick<WebhooksService, keyof WebhooksService> {
  constructor(private readonly recorder: Pick<WebhookRecorder, 'emit'>) {}

  async emit(type: string, data: unknown, options?: EmitWebhookOptions): Promise<WebhookEventView> {
    return eventView({ ...(await this.recorder.emit(type, data, options)), test: false });
  }

  /** There are no workers. */
  wake(): void {}

  /** Nothing is stored, so that nothing is due. */
  deliverDue(): ReturnType<WebhooksService['deliverDue']> {
    return Promise.resolve({ succeeded: 0, retrying: 0, failed: 0, canceled: 0, left: 0 });
  }

  get endpoints(): never {
    throw new WebhooksOnlyRecordedError('endpoints');
  }

  get deliveries(): never {
    throw new WebhooksOnlyRecordedError('deliveries');
  }

  get events(): never {
    throw new WebhooksOnlyRecordedError('events');
  }

  get stats(): never {
    throw new WebhooksOnlyRecordedError('stats');
  }

  get representations(): never {
    throw new WebhooksOnlyRecordedError('representations');
  }

  metrics(): never {
    throw new WebhooksOnlyRecordedError('metrics');
  }

  get health(): never {
    throw new WebhooksOnlyRecordedError('health');
  }

  get audit(): never {
    throw new WebhooksOnlyRecordedError('audit');
  }

  get settings(): never {
    throw new WebhooksOnlyRecordedError('settings');
  }
}
