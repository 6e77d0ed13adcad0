import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookAuditRow } from './webhook-audit.entity.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';
import { WebhookJob } from './webhook-job.entity.js';
import { WebhookPause } from './webhook-pause.entity.js';
import { WebhookMinute } from './webhook-minute.entity.js';
import { WebhookStat } from './webhook-stat.entity.js';
import { WebhookTenantSettingsRow } from './webhook-tenant-settings.entity.js';
import { WebhookWorkerRow } from './webhook-worker.entity.js';

/** For the `entities` of a `DataSource` that does not set `autoLoadEntities`. */
export const webhooksEntities = [
  WebhookEndpoint,
  WebhookEvent,
  WebhookDelivery,
  WebhookAttempt,
  WebhookStat,
  WebhookWorkerRow,
  WebhookPause,
  WebhookJob,
  WebhookTenantSettingsRow,
  WebhookAuditRow,
  WebhookMinute,
];
