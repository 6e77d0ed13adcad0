import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '../domain/id.js';
import { equal } from './log-filter.js';
import { before, lookThrough, type FoundRows } from './look-through.js';
import { patternOf } from './sql/containing.js';
import { selectById, type Condition } from './sql/id-range.js';
import { oneOf } from './sql/one-of.js';
import { statementWith } from './sql/placeholders.js';
import type { SqlRow } from './sql/sql-executor.js';
import type { ForcedIndex } from './sql/table-names.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookPage } from './webhook-log.repository.js';

export const ENDPOINT_STATES = ['failing', 'disabled', 'deferred', 'limited'] as const;
/**
 * `failing`: every attempt has failed for a while; `disabled`: the app disabled it; `deferred`: it asked for a pause
 * with `Retry-After`; `limited`: more deliveries are due than its rate limit allows.
 */
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/** Filters the endpoints of all tenants. All conditions must hold. */
export interface AnyEndpointFilter {
  readonly tenant?: string;
  readonly state?: EndpointState;
  /** A part of the name or the URL, ignoring case. */
  readonly search?: string;
}

const MOST_FAILURES = 100;

/** The outcome of the last attempt. */
export interface EndpointFailure {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

const LOOKS = { window: 5_000, most: 50_000 };

/** Each state has an index of the few endpoints that may be in it. */
const STATES: Record<EndpointState, { index: ForcedIndex; conditions: (now: number) => Condition[] }> = {
  failing: {
    index: 'webhook_endpoints_failing',
    conditions: () => [['failing_since IS NOT NULL'], ['active = ?', true]],
  },
  disabled: { index: 'webhook_endpoints_disabled', conditions: () => [['disabled_reason IS NOT NULL']] },
  deferred: {
    index: 'webhook_endpoints_deferred',
    conditions: (now) => [['deferred_until IS NOT NULL'], ['deferred_until > ?', now], ['active = ?', true]],
  },
  limited: {
    index: 'webhook_endpoints_limited',
    conditions: (now) => [['rate_limit IS NOT NULL'], ['next_slot_at > ?', now], ['active = ?', true]],
  },
};

/** Reads the endpoints of all tenants, for operators. */
@Injectable()
export class WebhookAllEndpointsRepository {
  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  /**
   * The newest first. A text is searched in a bounded number of endpoints: then a page may have fewer than `limit`,
   * and still a cursor.
   */
  async list(filter: AnyEndpointFilter, page: WebhookPage, now: number): Promise<FoundRows<WebhookEndpoint>> {
    const { search, tenant } = filter;
    const { conditions, index } = this.indexed(filter, now);
    if (search === undefined) {
      const ids = await this.idsOf([...conditions, ...before(page.cursor)], index, page.limit + 1);
      const found = await this.load(ids.slice(0, page.limit));
      return { found, nextCursor: ids.length > page.limit ? ids[page.limit - 1]! : null };
    }
    const pattern = patternOf(search);
    const contains: Condition = [
      `(LOWER(name) LIKE LOWER(?) ESCAPE '!' OR LOWER(url) LIKE LOWER(?) ESCAPE '!')`,
      pattern,
      pattern,
    ];
    const look = {
      table: this.database.tables.endpoints,
      index,
      known: filter.state === undefined ? equal({ tenant }) : conditions,
      sizes: LOOKS,
      matching: async (range: readonly Condition[], limit: number) =>
        this.load(await this.idsOf([...range, contains], index, limit)),
    };
    return lookThrough(this.database, look, page);
  }

  /** The newest first. */
  async load(ids: readonly string[]): Promise<WebhookEndpoint[]> {
    if (ids.length === 0) return [];
    return this.database.primary
      .createQueryBuilder(WebhookEndpoint, 'row')
      .where(...oneOf(this.database, 'row.id', ids))
      .orderBy('row.id', 'DESC')
      .getMany();
  }

  /**
   * How the last attempt of the delivery ended that an endpoint's trouble began with: of each of these that is failing, some 100. Its newest
   * deliveries may be many, and wait for their first attempt.
   */
  async failures(endpoints: readonly WebhookEndpoint[]): Promise<ReadonlyMap<string, EndpointFailure>> {
    const failing = endpoints.filter(({ failingSince }) => failingSince !== null).slice(0, MOST_FAILURES);
    if (failing.length === 0) return new Map();
    const { isMysql, tables } = this.database;
    const index = isMysql ? ` FORCE INDEX (${tables.index('webhook_deliveries_endpoint')})` : '';
    const parts = failing.map(
      (
        _,
        place,
      ) => `SELECT * FROM (SELECT endpoint_id, status_code, error_code FROM ${tables.deliveries}${index}
        WHERE endpoint_id = ? AND id < ? ORDER BY id DESC LIMIT 1) f${place}`,
    );
    const values = failing.flatMap(({ id, failingSince }) => [id, firstIdAt('dlv', failingSince! + 1)]);
    const { sql, params } = statementWith(this.database, parts.join(' UNION ALL '), values);
    const rows: SqlRow[] = await this.database.primary.query(sql, [...params]);
    return new Map(
      rows.map(({ endpoint_id: id, status_code: statusCode, error_code: errorCode }) => [
        String(id),
        {
          statusCode: statusCode === null ? null : Number(statusCode),
          errorCode: errorCode === null ? null : String(errorCode),
        },
      ]),
    );
  }

  private indexed(
    { tenant, state }: AnyEndpointFilter,
    now: number,
  ): { conditions: Condition[]; index: string } {
    const { tables } = this.database;
    if (state !== undefined) {
      const { index, conditions } = STATES[state];
      return { conditions: [...conditions(now), ...equal({ tenant })], index: tables.index(index) };
    }
    if (tenant === undefined) return { conditions: [], index: 'PRIMARY' };
    return { conditions: equal({ tenant }), index: tables.index('webhook_endpoints_tenant') };
  }

  private async idsOf(conditions: readonly Condition[], index: string, limit: number): Promise<string[]> {
    const { sql, params } = selectById(this.database, {
      table: this.database.tables.endpoints,
      columns: 'id',
      index,
      conditions,
      order: 'DESC',
      limit,
    });
    const rows: { id: string }[] = await this.database.primary.query(sql, [...params]);
    return rows.map(({ id }) => id);
  }
}
