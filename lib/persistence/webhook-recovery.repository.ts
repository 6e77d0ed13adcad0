import { Inject, Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import { EndpointFilters } from './endpoint-filters.js';
import { patternsOf } from '../domain/event-type.js';
import { firstIdAfter, firstIdAt, idTemplateAt } from '../domain/id.js';
import { MOVED } from '../domain/jobs.js';
import { allowedIds, countRejected } from './filtered-recovery.js';
import { createStatement, numberedId, pacedAt, restartStatement } from './sql/recovery-statements.js';
import { oneOf } from './sql/one-of.js';
import type { SqlResult, SqlRow, SqlStatement } from './sql/sql-executor.js';
import { ofPatterns } from './sql/of-patterns.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookDelivery, type WebhookDeliveryStatus } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** Epoch ms; `until` is exclusive. */
export interface WebhookTimeRange {
  readonly since: number;
  readonly until: number;
}

/** Counts the deliveries of a range. */
export interface RecoveryCounts {
  readonly failed: number;
  readonly canceled: number;
  /** Pending, and not attempted yet, or not since their recovery. */
  readonly waiting: number;
  /** Pending, and attempted without success since their creation or recovery. */
  readonly retrying: number;
}

/** What the endpoint's filter excludes from a recovery. */
export interface RecoveryRejections {
  readonly failed: number;
  readonly canceled: number;
  readonly missing: number;
  /** Whether the whole range was checked; otherwise there may be more. */
  readonly complete: boolean;
}

const RECOVERED: WebhookDeliveryStatus[] = ['failed', 'canceled'];

/** What another endpoint gets instead was not missed. */
const NOT_MOVED = [
  `(row.status <> 'canceled' OR row.error_code IS NULL OR row.error_code <> :moved)`,
  { moved: MOVED },
] as const;

/** How many deliveries were restarted, and how many were created. */
interface Recovered {
  readonly resent: number;
  readonly created: number;
}

type AlsoRecovered = (recovered: Recovered) => readonly SqlStatement[];

type Target = Pick<WebhookEndpoint, 'id' | 'tenant' | 'events' | 'filter' | 'version'>;
type EventTest = NonNullable<ReturnType<EndpointFilters['testOf']>>;

/** Resends what an endpoint missed, and counts it beforehand, with the same queries. */
@Injectable()
export class WebhookRecoveryRepository {
  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(EndpointFilters) private readonly filters: EndpointFilters,
  ) {}

  /**
   * Restarts the failed and canceled deliveries of the range, and creates those that its matching events never had.
   * The database does it in one transaction: all of it happens, or nothing if the process dies. If the endpoint has a
   * filter, the matching events are found before that.
   * @param also runs in the same transaction, made from the result
   */
  recover(endpoint: Target, range: WebhookTimeRange, now: number, also: AlsoRecovered): Promise<Recovered> {
    const test = this.filters.testOf(endpoint);
    return test
      ? this.recoverAllowed(endpoint, test, range, now, also)
      : this.recoverAll(endpoint, range, now, also);
  }

  private async recoverAll(
    endpoint: Target,
    range: WebhookTimeRange,
    now: number,
    also: AlsoRecovered,
  ): Promise<Recovered> {
    const final = this.deliveriesIn(endpoint, range)
      .select('row.id', 'id')
      .addSelect(pacedAt('row.id', 0), 'due_at')
      .andWhere({ status: In(RECOVERED) })
      .andWhere(...NOT_MOVED)
      .setParameter('now', now);
    const [resent, , created] = await this.database.executor.runExclusively(`recover ${endpoint.id}`, [
      restartStatement(this.database, statementOf(final)),
      statementOf(this.missingByType(endpoint, range)),
      ([restarted, types]) => {
        const wanted = wantedOf(endpoint, types!.rows).map(({ type }) => type);
        if (wanted.length === 0) return undefined;
        const missing = this.eventsWithoutDelivery(endpoint, range).andWhere({ type: In(wanted) });
        return this.create(missing, restarted!.affected, now);
      },
      ([restarted, , made]) => also({ resent: restarted!.affected, created: made!.affected }),
    ]);
    return { resent: resent!.affected, created: created!.affected };
  }

  private async recoverAllowed(
    endpoint: Target,
    test: EventTest,
    range: WebhookTimeRange,
    now: number,
    also: AlsoRecovered,
  ): Promise<Recovered> {
    const final = await allowedIds(() => this.finalWithBodies(endpoint, range), 'row.id', test);
    const missing = await allowedIds(() => this.wantedWithBodies(endpoint, range), 'event.id', test);
    let ahead = 0;
    const restarts = final.map((ids) => {
      const some = this.deliveriesIn(endpoint, range)
        .select('row.id', 'id')
        .addSelect(pacedAt('row.id', ahead), 'due_at')
        .andWhere(...oneOf(this.database, 'row.id', ids))
        .setParameter('now', now);
      ahead += ids.length;
      return restartStatement(this.database, statementOf(some));
    });
    const creations = missing.map((ids) => {
      const some = this.eventsWithoutDelivery(endpoint, range).andWhere(
        ...oneOf(this.database, 'event.id', ids),
      );
      const statement = this.create(some, ahead, now);
      ahead += ids.length;
      return statement;
    });
    const recovered = (results: readonly SqlResult[]): Recovered => ({
      resent: affected(results.slice(0, restarts.length)),
      created: affected(results.slice(restarts.length, restarts.length + creations.length)),
    });
    const results = await this.database.executor.runExclusively(`recover ${endpoint.id}`, [
      ...restarts,
      ...creations,
      (done) => also(recovered(done)),
    ]);
    return recovered(results);
  }

  /** @param ahead number of deliveries that are sent before these */
  private create(missing: SelectQueryBuilder<WebhookEvent>, ahead: number, now: number): SqlStatement {
    const rows = missing
      // If the endpoint was deleted meanwhile, nothing is created.
      .innerJoin(WebhookEndpoint, 'endpoint', 'endpoint.id = :endpointId')
      .select('event.id', 'event_id')
      .addSelect('endpoint.id', 'endpoint_id')
      .addSelect('event.tenant', 'tenant')
      .addSelect('event.type', 'event_type')
      .addSelect('event.created_at', 'created_at')
      .addSelect(pacedAt('event.id', ahead), 'next_attempt_at')
      .addSelect('NULL', 'lease_token')
      .addSelect(numberedId(this.database, 'event.id'), 'id')
      .setParameters({ now, idTemplate: idTemplateAt('dlv', now) });
    return createStatement(this.database, statementOf(rows));
  }

  /** Counts what `recover` would restart now, and what is already pending in the range. */
  async countDeliveries(endpoint: Target, range: WebhookTimeRange): Promise<RecoveryCounts> {
    const rows = await this.deliveriesIn(endpoint, range)
      .select('row.status', 'status')
      .addSelect('COUNT(*)', 'deliveries')
      .addSelect('SUM(CASE WHEN row.schedule_attempts = 0 THEN 1 ELSE 0 END)', 'unattempted')
      .andWhere({ status: In([...RECOVERED, 'pending']) })
      .andWhere(...NOT_MOVED)
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

  /** Counts the deliveries that `recover` would create now. */
  async countMissing(endpoint: Target, range: WebhookTimeRange): Promise<number> {
    const rows = await this.missingByType(endpoint, range).getRawMany<SqlRow>();
    return wantedOf(endpoint, rows).reduce((total, { events }) => total + Number(events), 0);
  }

  /** How much of `countDeliveries` and `countMissing` the endpoint's filter would exclude. */
  async countRejected(endpoint: Target, range: WebhookTimeRange): Promise<RecoveryRejections> {
    const test = this.filters.testOf(endpoint);
    if (!test) return { failed: 0, canceled: 0, missing: 0, complete: true };
    const final = await countRejected(() => this.finalWithBodies(endpoint, range), 'row.id', test);
    const missing = await countRejected(() => this.wantedWithBodies(endpoint, range), 'event.id', test);
    return {
      failed: final.rejected.get('failed') ?? 0,
      canceled: final.rejected.get('canceled') ?? 0,
      missing: [...missing.rejected.values()].reduce((sum, count) => sum + count, 0),
      complete: final.complete && missing.complete,
    };
  }

  /** Leaves out deliveries of pruned events, which can't be sent. */
  private finalWithBodies(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookDelivery> {
    return this.deliveriesIn(endpoint, range)
      .innerJoin(WebhookEvent, 'event', 'event.id = row.event_id')
      .select('row.id', 'id')
      .addSelect('row.status', 'kind')
      .addSelect('event.body', 'body')
      .addSelect('event.version', 'version')
      .andWhere({ status: In(RECOVERED) })
      .andWhere(...NOT_MOVED);
  }

  private wantedWithBodies(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookEvent> {
    return this.eventsWithoutDelivery(endpoint, range)
      .select('event.id', 'id')
      .addSelect('event.type', 'kind')
      .addSelect('event.body', 'body')
      .addSelect('event.version', 'version')
      .andWhere(...ofPatterns('event.type', endpoint.events));
  }

  private deliveriesIn(endpoint: Target, range: WebhookTimeRange): SelectQueryBuilder<WebhookDelivery> {
    return (
      this.database.primary
        .createQueryBuilder(WebhookDelivery, 'row')
        .where({ endpointId: endpoint.id, test: false })
        .andWhere('row.created_at >= :since AND row.created_at < :until', range)
        // Selects by id as well, because the index is on the ids.
        .andWhere('row.id >= :firstId AND row.id < :nextId', {
          firstId: firstIdAt('dlv', range.since),
          nextId: firstIdAfter('dlv', range.until),
        })
    );
  }

  /** Rows of `type` and the number of its `events`. */
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

const affected = (results: readonly SqlResult[]): number =>
  results.reduce((sum, result) => sum + result.affected, 0);

function wantedOf(endpoint: Target, rows: readonly SqlRow[]): SqlRow[] {
  const wanted = new Set(endpoint.events);
  return rows.filter(({ type }) => patternsOf(String(type)).some((pattern) => wanted.has(pattern)));
}
