import type { DataSource } from 'typeorm';
import { prefixed, quotedPath } from '../schema/own-names.js';
import { WebhookAttempt } from '../webhook-attempt.entity.js';
import { WebhookDelivery } from '../webhook-delivery.entity.js';
import { WebhookEndpoint } from '../webhook-endpoint.entity.js';
import { WebhookEvent } from '../webhook-event.entity.js';
import { WebhookStat } from '../webhook-stat.entity.js';

/** Our tables, quoted, with the schema and the prefix that the app's `DataSource` gives them. */
export interface TableNames {
  readonly endpoints: string;
  readonly events: string;
  readonly deliveries: string;
  readonly attempts: string;
  readonly stats: string;
  /** The index of what waits, by endpoint. */
  readonly waiting: string;
}

export function tableNames(dataSource: DataSource): TableNames {
  const quoted = (entity: Function): string =>
    quotedPath(dataSource, dataSource.getMetadata(entity).tablePath);
  return {
    endpoints: quoted(WebhookEndpoint),
    events: quoted(WebhookEvent),
    deliveries: quoted(WebhookDelivery),
    attempts: quoted(WebhookAttempt),
    stats: quoted(WebhookStat),
    waiting: dataSource.driver.escape(prefixed(dataSource, 'webhook_deliveries_waiting')),
  };
}
