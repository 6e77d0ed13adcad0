import { Inject, Injectable } from '@nestjs/common';
import type { HeldEvent, Lease } from '../domain/lease.js';
import {
  ROWS_AT_ONCE,
  type Claim,
  type EndpointShare,
  type VisitedEndpoint,
  type Walk,
} from '../domain/claim.js';
import type {
  BodyToFreeze,
  DeliveryRecord,
  LoadedDelivery,
  LoadedEndpoint,
  RecordParts,
} from '../domain/delivery.js';
import { Batcher } from './batcher.js';
import { loadedDelivery, loadedEndpoint } from './sql/loaded-delivery.js';
import type { SqlStep } from './sql/sql-executor.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { whileBusy } from './while-busy.js';

const LOADS = { items: ROWS_AT_ONCE, besideFrom: 2 };
/** MariaDB takes statements of 16 MiB by default. */
const MAX_RECORDED_CHARACTERS = 4_000_000;
const RECORDS = {
  items: ROWS_AT_ONCE,
  besideFrom: 100,
  weight: { of: recordedCharacters, max: MAX_RECORDED_CHARACTERS },
  oncePerTurn: true,
};

/** MySQL takes statements of 1 MB, and mysql2 puts a backslash before every quote. */
const MAX_FROZEN_CHARACTERS = 300_000;
const BODIES = {
  ...LOADS,
  weight: { of: ({ frozenBody }: BodyToFreeze) => frozenBody.length, max: MAX_FROZEN_CHARACTERS },
  oncePerTurn: true,
};

/**
 * After a batch of records that took t ms, wait 5 × t. Nobody waits for a record, and fewer, larger statements leave
 * CPU for requests. On SQLite a commit also blocks this process: without the pause, that took a third of its time.
 */
const REST = 5;

/** Deliveries on their way: claimed, loaded, recorded. Simultaneous calls share statements. */
@Injectable()
export class WebhookDeliveryRepository {
  private readonly loads: Batcher<HeldEvent, LoadedDelivery[]>;
  private readonly endpointLoads: Batcher<string, LoadedEndpoint | undefined>;
  private readonly bodies: Batcher<BodyToFreeze, boolean>;
  private readonly records: Record<RecordParts, Batcher<DeliveryRecord, boolean>>;

  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {
    const parallel = database.parallelGroups;
    this.loads = new Batcher((held) => whileBusy(() => this.loadAll(held)), { ...LOADS, parallel });
    this.endpointLoads = new Batcher((ids) => whileBusy(() => this.loadEndpoints(ids)), {
      ...LOADS,
      parallel,
    });
    this.bodies = new Batcher((bodies) => whileBusy(() => this.freezeAll(bodies)), { ...BODIES, parallel });
    const recording = (parts: RecordParts): Batcher<DeliveryRecord, boolean> =>
      new Batcher((records) => this.recordAll(records, parts), { ...RECORDS, parallel, rest: REST });
    this.records = { all: recording('all'), uncounted: recording('uncounted'), state: recording('state') };
  }

  /** Leases the deliveries that have been due for the longest, and resolves with them. */
  claimOldest(claim: Claim, lease: Lease): Promise<LoadedDelivery[]> {
    return this.claim(this.database.statements.claimOldest(claim, lease));
  }

  /** Leases the oldest due deliveries of each of these endpoints, and resolves with them. */
  claimShares(shares: readonly EndpointShare[], now: number, lease: Lease): Promise<LoadedDelivery[]> {
    return this.claim(this.database.statements.claimShares(shares, now, lease));
  }

  /** The endpoints with pending deliveries, by tenant and id. */
  async walkEndpoints(walk: Walk): Promise<VisitedEndpoint[]> {
    const { executor, statements } = this.database;
    const visited = (await executor.run(statements.walkEndpoints(walk))).at(-1)!;
    return visited.rows.map((row) => ({
      tenant: String(row.tenant),
      endpointId: String(row.endpoint_id),
      dueAt: Number(row.due_at),
    }));
  }

  /** How many deliveries are due at `now`, of all tenants. */
  async countDue(now: number): Promise<number> {
    const { executor, statements } = this.database;
    const [counted] = await executor.run([statements.countDue(now)]);
    return Number(counted!.rows[0]!.due);
  }

  /** The deliveries of an event that are still held under a lease. */
  loadHeld(held: HeldEvent): Promise<LoadedDelivery[]> {
    return this.loads.add(held);
  }

  /** An endpoint as it is now; `undefined` if it is gone. */
  endpoint(id: string): Promise<LoadedEndpoint | undefined> {
    return this.endpointLoads.add(id);
  }

  /**
   * Writes the new state and the attempt, or only some of it. Resolves with false if another process has taken the
   * lease.
   */
  record(record: DeliveryRecord, parts: RecordParts = 'all'): Promise<boolean> {
    return this.records[parts].add(record);
  }

  /**
   * Writes the body that a delivery is sent with from now on. Resolves with false if another process has taken the
   * lease.
   */
  freeze(body: BodyToFreeze): Promise<boolean> {
    return this.bodies.add(body);
  }

  private async claim(steps: SqlStep[]): Promise<LoadedDelivery[]> {
    const results = await this.database.executor.run(steps);
    return results.at(-1)!.rows.map(loadedDelivery);
  }

  private async loadEndpoints(ids: readonly string[]): Promise<(LoadedEndpoint | undefined)[]> {
    const { executor, statements } = this.database;
    const [loaded] = await executor.run([statements.loadEndpoints([...new Set(ids)])]);
    const endpoints = new Map(loaded!.rows.map((row) => [String(row.id), loadedEndpoint(row)]));
    return ids.map((id) => endpoints.get(id));
  }

  private async loadAll(held: readonly HeldEvent[]): Promise<LoadedDelivery[][]> {
    const { executor, statements } = this.database;
    const [loaded] = await executor.run([statements.loadHeld(held)]);
    const deliveries = loaded!.rows.map(loadedDelivery);
    return held.map((one) =>
      deliveries.filter(({ eventId, token }) => eventId === one.eventId && token === one.token),
    );
  }

  private async freezeAll(bodies: readonly BodyToFreeze[]): Promise<boolean[]> {
    const { executor, statements } = this.database;
    const written = new Set(statements.recordedIds(await executor.run(statements.freeze(bodies))));
    return bodies.map(({ deliveryId }) => written.has(deliveryId));
  }

  private async recordAll(records: readonly DeliveryRecord[], parts: RecordParts): Promise<boolean[]> {
    const { executor, statements } = this.database;
    const once = new Map(records.map((record) => [record.deliveryId, record]));
    if (once.size < records.length) return this.recordInTurn(records, parts);
    const written = new Set(statements.recordedIds(await executor.run(statements.record(records, parts))));
    return records.map((record) => written.has(record.deliveryId));
  }

  /**
   * A delivery may occur twice, under an ended lease and its successor. A statement identifies it by the id alone, so
   * these are written one after the other.
   */
  private async recordInTurn(records: readonly DeliveryRecord[], parts: RecordParts): Promise<boolean[]> {
    const written: boolean[] = [];
    for (const record of records) written.push(...(await this.recordAll([record], parts)));
    return written;
  }
}

function recordedCharacters({ attempt }: DeliveryRecord): number {
  if (!attempt) return 0;
  const { requestHeaders, responseHeaders, responseBody } = attempt;
  return requestHeaders.length + (responseHeaders?.length ?? 0) + (responseBody?.length ?? 0);
}
