import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FanOut, OwnShare } from '../domain/fan-out.js';
import { within } from '../domain/within.js';
import type { NewEvent } from '../domain/delivery.js';
import type { CallersTransaction } from './sql/callers.executor.js';
import type { SqlRow } from './sql/sql-executor.js';
import { WebhooksDatabase, type StatementRunner } from './sql/webhooks-database.js';
import { EndpointFilters } from './endpoint-filters.js';
import { SeenFilters } from './seen-filters.js';
import { WebhookEvent } from './webhook-event.entity.js';

/** A transaction that an emit joins. */
type Joined = EntityManager | CallersTransaction;

/** How long an emit in a transaction waits for a second connection. */
const KEYS_WITHIN_MS = 200;
/** After this time, an emit in a transaction waits on its own connection, where the database detects deadlocks. */
const KEY_WAIT_MS = 5_000;
/** Filters change when somebody saves them. If they change more often in a row than this, something else is wrong. */
const MOST_JUDGEMENTS = 10;
const CHANGING = `The filters of a tenant have changed ${MOST_JUDGEMENTS} times while one event was stored. It was not stored.`;

@Injectable()
export class WebhookEventRepository {
  private readonly filters: SeenFilters;

  constructor(
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
    @Inject(EndpointFilters) { bodies }: EndpointFilters,
  ) {
    this.filters = new SeenFilters(bodies);
  }

  /** Stores the events and fans them out, in a transaction of their own or in the joined one. */
  async store(events: readonly NewEvent[], own: OwnShare | null, joined?: Joined): Promise<FanOut> {
    const { statements, executor } = this.runner(joined);
    const known = await this.knownKeys(events, joined);
    const unknown = events.filter((event) => !known.has(keyOf(event.tenant, event.idempotencyKey)));
    if (unknown.length === 0) return { events: new Map(), endpoints: new Map() };
    const store = async (left: readonly NewEvent[], share: OwnShare | null): Promise<FanOut> =>
      statements.fannedOut(await executor.run(statements.storeEvents(left, share, this.filters)));
    return this.storeJudged(unknown, own, store);
  }

  /**
   * Some events are not stored at first, because a filter of their tenant has changed or is unknown here. Judges them
   * by it, and stores them then.
   */
  private async storeJudged(
    events: readonly NewEvent[],
    own: OwnShare | null,
    store: (events: readonly NewEvent[], own: OwnShare | null) => Promise<FanOut>,
  ): Promise<FanOut> {
    const mayBeFiltered = this.database.statements.storesNoneWhereFiltered && !this.filters.areUsed;
    let all = await store(events, own);
    // Or all of their idempotency keys are taken.
    let unjudged = all.unjudged ?? (mayBeFiltered && all.events.size === 0 ? [] : undefined);
    for (let round = 0; unjudged; round++) {
      if (round === MOST_JUDGEMENTS) throw new Error(CHANGING);
      this.filters.learn(unjudged);
      const left = events.filter(({ id }) => !all.events.has(id));
      const kept = [...all.events.values()].reduce((sum, event) => sum + event.own.length, 0);
      const more = await store(left, own && { ...own, most: Math.max(0, own.most - kept) });
      all = joinedFanOut(all, more);
      unjudged = more.unjudged;
    }
    if (mayBeFiltered && all.events.size === 0) this.filters.areUnused();
    return all;
  }

  /** Asked outside the caller's transaction, which may see only its own and older rows. */
  private async knownKeys(
    events: readonly NewEvent[],
    joined: Joined | undefined,
  ): Promise<ReadonlySet<string>> {
    const { statements, executor } = this.database;
    const keyed = events.filter(({ idempotencyKey }) => idempotencyKey !== null);
    if (keyed.length === 0 || !statements.findKnownKeys) return new Set();
    const asked = executor.run([statements.findKnownKeys(keyed)]);
    // The caller's transaction has a connection, and all others may be waiting for it. Without an answer, the insert
    // waits.
    const results = await (joined
      ? within(
          asked.catch(() => undefined),
          KEYS_WITHIN_MS,
        )
      : asked);
    return new Set(results?.[0]?.rows.map((row) => keyOf(String(row.tenant), String(row.idempotency_key))));
  }

  /** The event of the idempotency key of `event`; `undefined` if it has been deleted meanwhile. */
  async findByKey(event: NewEvent, joined?: Joined): Promise<NewEvent | undefined> {
    const row = joined ? await this.rowByKeyIn(joined, event) : await this.rowByKey(event);
    if (!row) return undefined;
    return {
      id: String(row.id),
      tenant: event.tenant,
      type: String(row.type),
      body: String(row.body),
      idempotencyKey: event.idempotencyKey,
      traceparent: null,
      version: null,
      createdAt: Number(row.created_at),
    };
  }

  private async rowByKey(event: NewEvent): Promise<SqlRow | undefined> {
    const { statements, executor } = this.database;
    const [found] = await executor.run([statements.findByKey(event)]);
    return found!.rows[0];
  }

  /**
   * Waits on another connection, so that the caller's transaction locks nothing. Not for long: that transaction may be
   * the one that is waited for.
   */
  private async rowByKeyIn(joined: Joined, event: NewEvent): Promise<SqlRow | undefined> {
    const { statements, executor } = this.runner(joined);
    if (statements.findSeenByKey) {
      const [seen] = await executor.run([statements.findSeenByKey(event)]);
      if (seen!.rows[0]) return seen!.rows[0];
      const apart = this.rowByKey(event).then((row) => ({ row }));
      const answer = await within(
        apart.catch(() => undefined),
        KEY_WAIT_MS,
      );
      if (answer) return answer.row;
    }
    const [found] = await executor.run([statements.findByKey(event)]);
    return found!.rows[0];
  }

  has(id: string): Promise<boolean> {
    return this.database.primary.existsBy(WebhookEvent, { id });
  }

  private runner(joined: Joined | undefined): StatementRunner {
    return joined ? this.database.joining(joined) : this.database;
  }
}

const keyOf = (tenant: string, key: string | null): string => JSON.stringify([tenant, key]);

const joinedFanOut = (one: FanOut, other: FanOut): FanOut => ({
  events: new Map([...one.events, ...other.events]),
  endpoints: new Map([...one.endpoints, ...other.endpoints]),
});
