import { IsNull, Not, type DataSource } from 'typeorm';
import { iso } from '../domain/iso.js';
import { WebhooksError } from '../domain/webhooks.error.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { MOST_COUNTED, WebhookBacklogRepository } from '../persistence/webhook-backlog.repository.js';
import { WebhookDeliveryRepository } from '../persistence/webhook-delivery.repository.js';
import { WebhookEndpoint } from '../persistence/webhook-endpoint.entity.js';
import { WebhookPause } from '../persistence/webhook-pause.entity.js';
import type { WebhooksService } from '../webhooks.service.js';
import { shortDuration } from './values.js';
import type { AttentionKind } from './status.js';
import { withWebhooks } from './webhooks-of.js';

/** Rows shown of each list. */
const MOST_LISTED = 50;

interface EndpointInTrouble {
  readonly endpointId: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Times are ISO 8601. */
export interface Status {
  readonly due: {
    readonly count: number;
    readonly isMore: boolean;
    readonly oldestDueAt: string | null;
  } | null;
  /** Workers with a heartbeat within the last hour, the latest first. */
  readonly workers: Awaited<ReturnType<WebhooksService['health']['workers']>>;
  readonly failing: readonly EndpointInTrouble[];
  readonly disabled: readonly (EndpointInTrouble & { readonly reason: string })[];
  readonly paused: readonly (EndpointInTrouble & {
    readonly scope: string;
    readonly reason: string | null;
  })[];
  readonly attention: readonly { readonly kind: AttentionKind; readonly text: string }[];
}

interface Bounds {
  readonly maxLagMs: number;
  /** A disabled endpoint needs attention for this time. */
  readonly sinceMs: number;
}

/** Errors that point to missing or outdated tables. */
const OF_TABLES: ReadonlySet<string> = new Set([
  'webhooks/schema-behind',
  'webhooks/schema-unreadable',
  'webhooks/missing-privileges',
  'webhooks/database-read-only',
]);

export const NOTHING: Status = {
  due: null,
  workers: [],
  failing: [],
  disabled: [],
  paused: [],
  attention: [],
};

export async function readStatus(dataSource: DataSource, bounds: Bounds): Promise<Status> {
  try {
    return await withWebhooks(dataSource, (webhooks) => statusOf(dataSource, webhooks, bounds));
  } catch (error) {
    if (!(error instanceof WebhooksError) || !OF_TABLES.has(error.code)) throw error;
    return { ...NOTHING, attention: [{ kind: 'schema', text: error.message }] };
  }
}

async function statusOf(
  dataSource: DataSource,
  webhooks: WebhooksService,
  { maxLagMs, sinceMs }: Bounds,
): Promise<Status> {
  const now = Date.now();
  const [health, count, workers, failing, disabled, pauses] = await Promise.all([
    webhooks.health.check({ maxDue: maxLagMs }),
    countDue(dataSource, now),
    webhooks.health.workers(),
    dataSource.manager.find(WebhookEndpoint, {
      where: { active: true, failingToldAt: Not(IsNull()) },
      order: { failingSince: 'ASC' },
      take: MOST_LISTED,
    }),
    dataSource.manager.find(WebhookEndpoint, {
      where: { active: false, disabledReason: Not(IsNull()) },
      order: { disabledAt: 'DESC' },
      take: MOST_LISTED,
    }),
    dataSource.manager.find(WebhookPause, { order: { createdAt: 'DESC' }, take: MOST_LISTED }),
  ]);
  const { oldestDueAt } = health.due;
  const lagMs = oldestDueAt === null ? 0 : now - Date.parse(oldestDueAt);
  const lately = disabled.filter(({ disabledAt }) => disabledAt !== null && disabledAt >= now - sinceMs);
  const attention = (['database', 'schema', 'due', 'workers'] as const).flatMap((kind) => {
    const { reason }: { reason?: string } = health[kind];
    return reason === undefined ? [] : [{ kind, text: reason }];
  });
  const counted = (kind: AttentionKind, list: readonly unknown[], text: string): Status['attention'] =>
    list.length === 0
      ? []
      : [{ kind, text: `${list.length}${list.length === MOST_LISTED ? ' or more' : ''} ${text}` }];
  return {
    due: { count, isMore: count >= MOST_COUNTED, oldestDueAt },
    workers,
    failing: failing.map(({ id, tenant, failingSince }) => ({
      endpointId: id,
      tenant,
      since: iso(failingSince!),
    })),
    disabled: disabled.map(({ id, tenant, disabledAt, disabledReason }) => ({
      endpointId: id,
      tenant,
      since: iso(disabledAt!),
      reason: disabledReason!,
    })),
    paused: pauses.map(({ scope, tenant, endpointId, createdAt, reason }) => ({
      scope,
      tenant,
      endpointId,
      since: iso(createdAt),
      reason,
    })),
    attention: [
      ...attention,
      ...(lagMs > maxLagMs
        ? [{ kind: 'lag' as const, text: `Something is due for ${shortDuration(lagMs)}.` }]
        : []),
      ...counted('failing', failing, 'endpoints have failed every attempt for long.'),
      ...counted('disabled', lately, `endpoints were disabled within ${shortDuration(sinceMs)}.`),
      ...counted('paused', pauses, 'pauses hold back deliveries.'),
    ],
  };
}

function countDue(dataSource: DataSource, now: number): Promise<number> {
  const database = new WebhooksDatabase(dataSource);
  return new WebhookBacklogRepository(database, new WebhookDeliveryRepository(database)).countDue(now);
}
