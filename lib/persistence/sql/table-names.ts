import type { DataSource } from 'typeorm';
import { prefixed, quotedPath } from '../schema/own-names.js';
import { WebhookAttempt } from '../webhook-attempt.entity.js';
import { WebhookAuditRow } from '../webhook-audit.entity.js';
import { WebhookDelivery } from '../webhook-delivery.entity.js';
import { WebhookEndpoint } from '../webhook-endpoint.entity.js';
import { WebhookEvent } from '../webhook-event.entity.js';
import { WebhookJob } from '../webhook-job.entity.js';
import { WebhookPause } from '../webhook-pause.entity.js';
import { WebhookTenantSettingsRow } from '../webhook-tenant-settings.entity.js';
import { WebhookStat } from '../webhook-stat.entity.js';

/** The indices that statements name. On MySQL the statements fail if one of them is missing. */
export const FORCED_INDICES = [
  'webhook_audit_act',
  'webhook_audit_actor',
  'webhook_audit_endpoint',
  'webhook_audit_tenant',
  'webhook_audit_tenant_act',
  'webhook_deliveries_due',
  'webhook_deliveries_endpoint',
  'webhook_deliveries_pair',
  'webhook_deliveries_tenant',
  'webhook_deliveries_waiting',
  'webhook_endpoints_deferred',
  'webhook_endpoints_disabled',
  'webhook_endpoints_failing',
  'webhook_endpoints_limited',
  'webhook_endpoints_tenant',
  'webhook_events_tenant',
  'webhook_stats_tenant',
] as const;

export type ForcedIndex = (typeof FORCED_INDICES)[number];

/** Our tables, quoted, with the schema and the prefix that the app's `DataSource` gives them. */
export interface TableNames {
  readonly endpoints: string;
  readonly events: string;
  readonly deliveries: string;
  readonly attempts: string;
  readonly stats: string;
  readonly pauses: string;
  readonly jobs: string;
  readonly settings: string;
  readonly audit: string;
  /** The index of waiting deliveries, by endpoint. */
  readonly waiting: string;
  index(name: ForcedIndex): string;
}

export function tableNames(dataSource: DataSource): TableNames {
  const quoted = (entity: Function): string =>
    quotedPath(dataSource, dataSource.getMetadata(entity).tablePath);
  const index = (name: ForcedIndex): string => dataSource.driver.escape(prefixed(dataSource, name));
  return {
    endpoints: quoted(WebhookEndpoint),
    events: quoted(WebhookEvent),
    deliveries: quoted(WebhookDelivery),
    attempts: quoted(WebhookAttempt),
    stats: quoted(WebhookStat),
    pauses: quoted(WebhookPause),
    jobs: quoted(WebhookJob),
    settings: quoted(WebhookTenantSettingsRow),
    audit: quoted(WebhookAuditRow),
    waiting: index('webhook_deliveries_waiting'),
    index,
  };
}
