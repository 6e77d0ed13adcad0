import { Inject, Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { patternsOf } from '../domain/event-type.js';
import { firstIdAfter, firstIdAt, idTemplateAt } from '../domain/id.js';
import { createStatement, numberedId, pacedAt, restartStatement } from './sql/recovery-statements.js';
import type { SqlRow } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookDelivery, type WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** Epoch ms; `until` is exclusive. */
export interface WebhookTimeRange {
  readonly since: number;
  readonly until: number;
}

/** Of the deliveries of a range. */
export interface RecoveryCounts {
  readonly failed: number;
  readonly canceled: number;
  /** Pending, and not attempted yet, or not since they were recovered. */
  readonly waiting: number;
  /** Pending, and attempted without success since they were made or recovered. */
  readonly retrying: number;
}

const RECOVERED: WebhookDeliveryStatus[] = ['failed', 'canceled'];

type Target = Pick<WebhookEndpoint, 'id' | 'tenant' | 'events'>;

/** Sends again what an endpoint missed, and counts it beforehand: both from the same queries. */
@Injectable()
export class WebhookRecoveryRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * Starts the failed and canceled deliveries of the range again, and makes those that matching events of it never had.
   * One transaction, in which the database does the work: all of it happens, or nothing where the process dies.
   */
  async recover(
    endpoint: Target,
    range: WebhookTimeRange,
    now: number,
  ): Promise<{ resent: number; created: number }> {
    const final = this.deliveriesIn(endpoint, range)
      .select('row.id', 'id')
      .addSelect(pacedAt('row.id', 0), 'due_at')
      .andWhere({ status: In(RECOVERED) })
      .setParameter('now', now);
    const [resent, , created] = await this.database.executor.runExclusively(`recover ${endpoint.id}`, [
      restartStatement(this.database, statementOf(final)),
      statementOf(this.missingByType(endpoint, range)),
      ([restarted, types]) => {
        const wanted = wantedOf(endpoint, types!.rows).map(({ type }) => type);
        if (wanted.length === 0) return undefined;
        const missing = this.eventsWithoutDelivery(endpoint, range)
          // Of an endpoint that has been deleted meanwhile, nothing is made.
          .innerJoin(WebhookEndpoint, 'endpoint', 'endpoint.id = :endpointId')
          .select('event.id', 'event_id')
          .addSelect('endpoint.id', 'endpoint_id')
          .addSelect('event.tenant', 'tenant')
          .addSelect('event.type', 'event_type')
          .addSelect('event.created_at', 'created_at')
          .addSelect(pacedAt('event.id', restarted!.affected), 'next_attempt_at')
          .addSelect('NULL', 'lease_token')
          .addSelect(numberedId(this.database, 'event.id'), 'id')
          .andWhere({ type: In(wanted) })
          .setParameters({ now, idTemplate: idTemplateAt('dlv', now) });
        return createStatement(this.database, statementOf(missing));
      },
    ]);
    return { resent: resent!.affected, created: created!.affected };
  }

  /** What `recover` would start again now, and what of the range is under way. */
  async countDeliveries(endpoint: Target, range: WebhookTimeRange): Promise<RecoveryCounts> {
    const rows = await this.deliveriesIn(endpoint, range)
      .select('row.status', 'status')
      .addSelect('COUNT(*)', 'deliveries')
      .addSelect('SUM(CASE WHEN row.schedule_attempts = 0 THEN 1 ELSE 0 END)', 'unattempted')
      .andWhere({ status: In([...RECOVERED, 'pending']) })
      .groupBy('row.status')
      .getRawMany<SqlRow>();
    const of = (status: WebhookDeliveryStatus, column: 'deliveries' | 'unattempted'): number =>
      Number(rows.find((row) => row.status === status)?.[column] ?? 0);
    const waiting = of('pending', 'unattempted');
    return {
      failed: of('failed', 'deliveries'),
      canceled: of('canceled', 'deliveries'),
      waiting,
      retrying: of('pending', 'deliveries') - waiting,
    };
  }

  /** How many deliveries `recover` would make now. */
  async countMissing(endpoint: Target, range: WebhookTimeRange): Promise<number> {
    const rows = await this.missingByType(endpoint, range).getRawMany<SqlRow>();
    return wantedOf(endpoint, rows).reduce((total, { events }) => total + Number(events), 0);
  }

  private deliveriesIn(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookDelivery> {
    return (
      this.database.primary
        .createQueryBuilder(WebhookDelivery, 'row')
        .where({ endpointId: endpoint.id, test: false })
        .andWhere('row.created_at >= :since AND row.created_at < :until', range)
        // The ids are what there is an index of.
        .andWhere('row.id >= :firstId AND row.id < :nextId', {
          firstId: firstIdAt('dlv', range.since),
          nextId: firstIdAfter('dlv', range.until),
        })
    );
  }

  /** Rows: `type`, and how many `events` of it there are. */
  private missingByType(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookEvent> {
    return this.eventsWithoutDelivery(endpoint, range)
      .select('event.type', 'type')
      .addSelect('COUNT(*)', 'events')
      .groupBy('event.type');
  }

  private eventsWithoutDelivery(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookEvent> {
    return this.database.primary
      .createQueryBuilder(WebhookEvent, 'event')
      .where({ tenant: endpoint.tenant, test: false })
      .andWhere('event.created_at >= :since AND event.created_at < :until', range)
      .andWhere('event.id >= :firstId AND event.id < :nextId', {
        firstId: firstIdAt('evt', range.since),
        nextId: firstIdAfter('evt', range.until),
      })
      .andWhere((query) => {
        const existing = query
          .subQuery()
          .select('1')
          .from(WebhookDelivery, 'delivery')
          .where('delivery.event_id = event.id AND delivery.endpoint_id = :endpointId');
        return `NOT EXISTS ${existing.getQuery()}`;
      })
      .setParameter('endpointId', endpoint.id);
  }
}

function wantedOf(endpoint: Target, rows: readonly SqlRow[]): SqlRow[] {
  const wanted = new Set(endpoint.events);
  return rows.filter(({ type }) => patternsOf(String(type)).some((pattern) => wanted.has(pattern)));
}
