import { Inject, Injectable } from '@nestjs/common';
import { MoreThan, type ObjectLiteral, type SelectQueryBuilder, type UpdateQueryBuilder } from 'typeorm';
import type { ReadingManager } from '../compat/reading-through.js';
import type { EndpointAuthorization } from '../domain/authorization.js';
import type { ClientCertificate } from '../domain/client-certificate.js';
import { rateSlots } from '../domain/rate-slots.js';
import { patternOf } from './sql/containing.js';
import { compareAndSet } from './compare-and-set.js';
import { ifChanged, type SqlStatement } from './sql/sql-executor.js';
import { WebhooksDatabase, statementOf } from './sql/webhooks-database.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEvent } from './webhook-event.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookPause } from './webhook-pause.entity.js';
import type { WebhookPage } from './webhook-log.repository.js';

/** The column `secrets` of one endpoint, as stored. */
export type StoredSecrets = Required<
  Pick<WebhookEndpoint, 'id' | 'secrets' | 'authorizationSecret' | 'certificateSecret'>
>;

/**
 * Statements to run in the transaction of a change, made from the endpoint before the change. Called again if the
 * transaction is repeated.
 */
type Also = (before: WebhookEndpoint) => readonly SqlStatement[];

/** The fields that a tenant can change. */
export type WebhookEndpointChanges = Partial<
  Pick<
    WebhookEndpoint,
    | 'name'
    | 'url'
    | 'events'
    | 'active'
    | 'description'
    | 'headers'
    | 'rateLimit'
    | 'concurrency'
    | 'representation'
    | 'version'
    | 'filter'
  >
> & {
  /** `null` removes it. */
  readonly authorization?: EndpointAuthorization | null;
  /** `null` removes it. */
  readonly clientCertificate?: ClientCertificate | null;
};

/** The newest first; or those in trouble first: failing, disabled, paused, the others, each the newest first. */
export const ENDPOINT_ORDERS = ['newest', 'health'] as const;

/** All conditions must hold. */
export interface WebhookEndpointFilter {
  /** A part of the name or the URL, ignoring case, without wildcards. */
  readonly search?: string;
  readonly active?: boolean;
  /** Disabled by the app, or failing since its last success. */
  readonly failing?: boolean;
  /** Default: `newest`. */
  readonly sort?: (typeof ENDPOINT_ORDERS)[number];
}

const FAILING = '(row.disabled_reason IS NOT NULL OR row.failing_since IS NOT NULL)';

/** A single failed attempt is no trouble: by the default schedule the next one is made after five minutes. */
const FAILING_AFTER_MS = 6 * 60_000;
const rankOf = (row: string): string =>
  `CASE WHEN ${row}.active AND ${row}.failing_since <= :failingUntil THEN 0 WHEN ${row}.disabled_reason IS NOT NULL THEN 1 WHEN NOT ${row}.active THEN 2 ELSE 3 END`;

/** Like `containing`, in either column. */
const CONTAINS = `(LOWER(row.name) LIKE LOWER(:pattern) ESCAPE '!' OR LOWER(row.url) LIKE LOWER(:pattern) ESCAPE '!')`;

const CANCELED_AT_ONCE = 500;
/** The reason of a canceled delivery. */
const DELETED = 'endpoint-deleted';

/**
 * Selects unclaimed deliveries. A worker cancels the ones that it holds when their turn comes, unless the request is
 * in flight, which must be recorded.
 */
const waitingOf = (
  tenant: string,
  id: string,
  now: number,
): [condition: string, parameters: ObjectLiteral] => [
  `status = 'pending' AND tenant = :tenant AND endpoint_id = :id AND (lease_token IS NULL OR next_attempt_at <= :now)`,
  { id, tenant, now },
];

/** The largest difference that we expect between the clocks of two workers. */
const CLOCKS_DIFFER_MS = 60_000;

@Injectable()
export class WebhookEndpointRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /** Inserts it unless the tenant already has `quota` endpoints; then returns false. */
  async insertWithin(
    quota: number,
    endpoint: WebhookEndpoint,
    secrets: string,
    also: readonly SqlStatement[],
  ): Promise<boolean> {
    const { tenant } = endpoint;
    const { written } = await this.database.writeIf(
      `endpoints ${tenant}`,
      this.rows().select('COUNT(*)', 'count').where({ tenant }),
      ([row]) => Number(row!.count) < quota,
      this.rows()
        .insert()
        .values({ ...endpoint, secrets }),
      also,
    );
    return written;
  }

  /**
   * Whether any tenant except `''` has an endpoint. @param manager of the caller's transaction, whose connection may
   * be the only one
   */
  someTenantHas(manager: ReadingManager = this.database.primary): Promise<boolean> {
    return manager.existsBy(WebhookEndpoint, { tenant: MoreThan('') });
  }

  findOne(tenant: string, id: string): Promise<WebhookEndpoint | null> {
    return this.database.primary.findOneBy(WebhookEndpoint, { tenant, id });
  }

  /** Finds it whatever its tenant is. */
  find(id: string): Promise<WebhookEndpoint | null> {
    return this.database.primary.findOneBy(WebhookEndpoint, { id });
  }

  /** After `cursor` if given. Sorting by health reads all endpoints of the tenant, of which there are at most its quota. */
  list(
    tenant: string,
    { search, active, failing, sort = 'newest' }: WebhookEndpointFilter,
    { limit, cursor }: WebhookPage,
    now: number,
  ): Promise<WebhookEndpoint[]> {
    const query = this.rows().where({ tenant });
    if (sort === 'health') {
      query.setParameter('failingUntil', now - FAILING_AFTER_MS).orderBy(rankOf('row'));
      if (cursor !== undefined) query.andWhere(this.afterInHealth(), { cursor });
    } else if (cursor !== undefined) {
      query.andWhere('row.id < :cursor', { cursor });
    }
    if (active !== undefined) query.andWhere({ active });
    if (failing !== undefined) query.andWhere(failing ? FAILING : `NOT ${FAILING}`);
    if (search !== undefined) query.andWhere(CONTAINS, { pattern: patternOf(search) });
    return query.addOrderBy('row.id', 'DESC').limit(limit).getMany();
  }

  /** Compares with the state that the endpoint of the cursor has now. */
  private afterInHealth(): string {
    const { endpoints } = this.database.tables;
    const before = `(SELECT ${rankOf('c')} FROM ${endpoints} c WHERE c.id = :cursor)`;
    return `(${rankOf('row')} > ${before} OR (${rankOf('row')} = ${before} AND row.id < :cursor))`;
  }

  /** Endpoints with a filter that existed when the event was emitted, and have no delivery of it. */
  filteredWithout(
    event: Pick<WebhookEvent, 'id' | 'tenant' | 'createdAt'>,
    limit: number,
  ): Promise<WebhookEndpoint[]> {
    const { deliveries } = this.database.tables;
    return this.rows()
      .where({ tenant: event.tenant })
      .andWhere('row.filter IS NOT NULL AND row.created_at <= :createdAt', { createdAt: event.createdAt })
      .andWhere(
        `NOT EXISTS (SELECT 1 FROM ${deliveries} d WHERE d.event_id = :eventId AND d.endpoint_id = row.id)`,
        { eventId: event.id },
      )
      .orderBy('row.id', 'DESC')
      .limit(limit)
      .getMany();
  }

  /** Of all tenants, the newest first. @param orNone includes those without a version */
  ofVersion(version: string, orNone: boolean, { limit, cursor }: WebhookPage): Promise<WebhookEndpoint[]> {
    const query = this.rows().where(
      orNone ? '(row.version = :version OR row.version IS NULL)' : 'row.version = :version',
      {
        version,
      },
    );
    if (cursor !== undefined) query.andWhere('row.id < :cursor', { cursor });
    return query.orderBy('row.id', 'DESC').limit(limit).getMany();
  }

  /**
   * Returns false if the tenant has no such endpoint. @param also runs in the transaction, made from the endpoint
   * before the change
   */
  async update(
    tenant: string,
    id: string,
    changes: Partial<Omit<WebhookEndpoint, 'id' | 'tenant'>>,
    also: Also,
  ): Promise<boolean> {
    const update = this.rows().update().set(changes).where({ tenant, id });
    return this.writeKnowing(tenant, id, also, statementOf(update));
  }

  /** Runs the change and the statements of `also`, with the endpoint before the change; false if there was none. */
  private async writeKnowing(
    tenant: string,
    id: string,
    also: Also,
    ...writes: SqlStatement[]
  ): Promise<boolean> {
    const before = this.database.locked(this.rows().where({ tenant, id }));
    const [found] = await this.database.executor.run([
      before,
      ...writes,
      ([{ rows } = { rows: [] }]) =>
        rows[0] && also(this.database.entityOf(WebhookEndpoint, rows[0], 'row_')),
    ]);
    return found!.rows.length > 0;
  }

  /** The stored value of the column; `undefined` if there is no such endpoint (of that tenant, if given). */
  async storedSecrets(id: string, tenant?: string): Promise<string | undefined> {
    const where = tenant === undefined ? { id } : { id, tenant };
    const select = { id: true, secrets: true } as const;
    return (await this.database.primary.findOne(WebhookEndpoint, { where, select }))?.secrets;
  }

  /** Of all tenants, by id. */
  async secretsAfter(id: string, limit: number): Promise<StoredSecrets[]> {
    const rows = await this.rows()
      .select(['row.id', 'row.secrets', 'row.authorizationSecret', 'row.certificateSecret'])
      .where('row.id > :id', { id })
      .orderBy('row.id', 'ASC')
      .limit(limit)
      .getMany();
    return rows as StoredSecrets[];
  }

  /**
   * Returns false if the secrets are no longer `current`. @param changes written with them @param also runs in the
   * transaction
   */
  async replaceSecrets(
    id: string,
    current: string,
    secrets: string,
    changes: { updatedAt?: number } = {},
    also: readonly SqlStatement[] = [],
  ): Promise<boolean> {
    const update = this.rows()
      .update()
      .set({ ...changes, secrets })
      .where({ id, secrets: current });
    return (await this.database.write(update, ifChanged(also))) > 0;
  }

  /** Returns false if the text is no longer `current`. */
  async replaceText(
    id: string,
    column: 'authorizationSecret' | 'certificateSecret',
    current: string,
    sealed: string,
  ): Promise<boolean> {
    const update = this.rows()
      .update()
      .set({ [column]: sealed })
      .where({ id, [column]: current });
    return (await this.database.write(update)) > 0;
  }

  /**
   * Deletes the endpoint and cancels its pending deliveries. @param also runs in the transaction, made from the
   * endpoint before
   */
  async delete(tenant: string, id: string, now: number, also: Also): Promise<boolean> {
    const remove = this.rows().delete().where({ tenant, id });
    const cancels = this.database.isMysql
      ? await this.cancelsById(tenant, id, now)
      : [statementOf(this.cancel(now).where(...waitingOf(tenant, id, now)))];
    const unpauses = await this.unpauses(tenant, id);
    return this.writeKnowing(tenant, id, also, statementOf(remove), ...unpauses, ...cancels);
  }

  /** By id: a delete by another column would lock all pauses on MySQL. */
  private async unpauses(tenant: string, endpointId: string): Promise<SqlStatement[]> {
    const pause = await this.database.primary
      .createQueryBuilder(WebhookPause, 'row')
      .where({ scope: 'endpoint', tenant, endpointId })
      .getOne();
    if (!pause) return [];
    const remove = this.database.primary.createQueryBuilder().delete().from(WebhookPause);
    return [statementOf(remove.where({ id: pause.id }))];
  }

  /**
   * Otherwise MySQL would lock the pending deliveries of all tenants, and wait for rows of open transactions, even to
   * read ids of a small table.
   */
  private async cancelsById(tenant: string, id: string, now: number): Promise<SqlStatement[]> {
    const pending = await this.database.primary
      .createQueryBuilder(WebhookDelivery, 'row')
      .select('row.id')
      .where(...waitingOf(tenant, id, now))
      .getMany();
    const updates: SqlStatement[] = [];
    for (let start = 0; start < pending.length; start += CANCELED_AT_ONCE) {
      const ids = pending.slice(start, start + CANCELED_AT_ONCE).map((row) => row.id);
      updates.push({
        sql: `UPDATE ${this.database.tables.deliveries} FORCE INDEX (PRIMARY)
          SET status = 'canceled', error_code = ?, next_attempt_at = NULL, lease_token = NULL, completed_at = ?
          WHERE id IN (${ids.map(() => '?').join(', ')}) AND status = 'pending'`,
        params: [DELETED, now, ...ids],
      });
    }
    return updates;
  }

  private cancel(now: number): UpdateQueryBuilder<WebhookDelivery> {
    return this.database.primary.createQueryBuilder().update(WebhookDelivery).set({
      status: 'canceled',
      errorCode: DELETED,
      nextAttemptAt: null,
      leaseToken: null,
      completedAt: now,
    });
  }

  /**
   * Reserves up to `wanted` of the slots that a limit of `perSecond` requests leaves in the next `horizonMs`, for all
   * workers together, and returns their times. Optimistic: a worker that lost a race tries again, and gets none if it
   * loses every time.
   */
  async reserveSlots(
    id: string,
    wanted: number,
    perSecond: number,
    now: number,
    horizonMs: number,
  ): Promise<number[]> {
    const select = { id: true, nextSlotAt: true } as const;
    const reserved = await compareAndSet(async () => {
      const endpoint = await this.database.primary.findOne(WebhookEndpoint, { where: { id }, select });
      if (!endpoint) return [];
      // Nobody reserves so far ahead, so a clock was set back. Without this, it would have to catch up first.
      const isAhead = endpoint.nextSlotAt > now + horizonMs + CLOCKS_DIFFER_MS;
      const first = isAhead ? now : Math.max(endpoint.nextSlotAt, now);
      const slots = rateSlots(first, wanted + 1, perSecond);
      const taken = slots.slice(0, wanted).filter((at) => at < now + horizonMs);
      if (taken.length === 0) return [];
      const update = this.rows()
        .update()
        .set({ nextSlotAt: slots[taken.length]! })
        .where({ id, nextSlotAt: endpoint.nextSlotAt });
      return (await this.database.write(update)) > 0 ? taken : undefined;
    });
    return reserved ?? [];
  }

  private rows(): SelectQueryBuilder<WebhookEndpoint> {
    return this.database.primary.createQueryBuilder(WebhookEndpoint, 'row');
  }
}
