import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from './batcher.js';
import { FreshDeliveries, type SeenEndpoints } from './fresh-deliveries.js';
import type {
  Claim,
  DeliveryRecord,
  Lease,
  LeasedBatch,
  LoadedDelivery,
  LoadedEndpoint,
  NewEvent,
  Postponement,
  RecordParts,
} from './sql/delivery-statements.js';
import { loadedDelivery, loadedEndpoint } from './sql/rows.js';
import { WebhooksDatabase } from './sql/webhooks-database.js';
import { whileBusy } from './while-busy.js';

type Endpoints = ReadonlyMap<string, LoadedEndpoint>;

/** Deliveries, or endpoints, of one look: their bodies travel together. */
const MOST_LOADED = 200;
const LOADS = { items: MOST_LOADED, besideFrom: 2 };
/** MariaDB takes statements of 16 MiB by default. */
const MAX_RECORDED_CHARACTERS = 4_000_000;
const RECORDS = {
  items: 200,
  besideFrom: 100,
  weight: { of: recordedCharacters, max: MAX_RECORDED_CHARACTERS },
  oncePerTurn: true,
};

/**
 * Hardly anybody waits for a record, and the fewer statements there are, the more of the cores is left to what somebody waits for. With
 * SQLite, a commit keeps this very process from sending: measured, a third of its time went there.
 */
const REST = 5;

/** Deliveries on their way: claimed, loaded, recorded. Calls that come together share their statements. */
@Injectable()
export class WebhookDeliveryRepository {
  private readonly loads: Batcher<LeasedBatch, LoadedDelivery[]>;
  private readonly endpointLoads: Batcher<readonly string[], Endpoints>;
  private readonly records: Record<RecordParts, Batcher<DeliveryRecord, boolean>>;
  private readonly fresh = new FreshDeliveries();

  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {
    const parallel = database.parallelGroups;
    this.loads = new Batcher((batches) => whileBusy(() => this.loadAll(batches)), {
      ...LOADS,
      weight: { of: ({ deliveryIds }) => deliveryIds.length, max: MOST_LOADED },
      parallel,
    });
    this.endpointLoads = new Batcher((ids) => whileBusy(() => this.loadEndpoints(ids)), {
      ...LOADS,
      weight: { of: (ids) => ids.length, max: MOST_LOADED },
      parallel,
    });
    const recording = (parts: RecordParts): Batcher<DeliveryRecord, boolean> =>
      new Batcher((records) => this.recordAll(records, parts), { ...RECORDS, parallel, rest: REST });
    this.records = { all: recording('all'), uncounted: recording('uncounted'), state: recording('state') };
  }

  /** Leases deliveries that are due, and gives their ids. */
  async claimDue(claim: Claim, lease: Lease): Promise<string[]> {
    const { executor, statements } = this.database;
    const [claimed] = await executor.run(statements.claimDue(claim, lease));
    return claimed!.rows.map((row) => String(row.id));
  }

  /** Gives leased deliveries back to their rows, due at `now`; those that another has taken since stay with it. */
  async release(batch: LeasedBatch, now: number): Promise<void> {
    if (batch.deliveryIds.length === 0) return;
    const { executor, statements } = this.database;
    await executor.run(statements.release(batch, now));
  }

  /** How many deliveries are due at `now`, of all tenants. */
  async countDue(now: number): Promise<number> {
    const { executor, statements } = this.database;
    const [counted] = await executor.run([statements.countDue(now)]);
    return Number(counted!.rows[0]!.due);
  }

  /** Puts off deliveries without a look at each of them, and gives how many. */
  async postpone(postponement: Postponement): Promise<number> {
    const { executor, statements } = this.database;
    return (await executor.run(statements.postpone(postponement))).at(-1)!.affected;
  }

  /** To be called when an event is committed for certain: what this process sends itself, it need not load. */
  stored(event: NewEvent, lease: Lease, endpointIds: readonly string[], seen: SeenEndpoints): void {
    this.fresh.add(event, lease, endpointIds, seen);
  }

  /** Those deliveries of the batch that are still held under its token. */
  async load(batch: LeasedBatch): Promise<LoadedDelivery[]> {
    const { fresh, others } = this.fresh.take(batch);
    if (others.length === 0) {
      await this.lookAtEndpoints(fresh.filter(({ endpoint }) => !endpoint));
      return fresh;
    }
    const since = performance.now();
    const [loaded] = await Promise.all([
      this.loads.add({ token: batch.token, deliveryIds: others }),
      this.lookAtEndpoints(fresh),
    ]);
    for (const delivery of loaded) delivery.endpointSeenAt = since;
    return [...fresh, ...loaded];
  }

  /** Endpoints as they are now, by their ids; those that are not there any more are missing. */
  endpoints(ids: readonly string[]): Promise<Endpoints> {
    return this.endpointLoads.add(ids);
  }

  /** Writes the new state and the attempt, or less, unless another has taken the lease: then it gives false. */
  record(record: DeliveryRecord, parts: RecordParts = 'all'): Promise<boolean> {
    return this.records[parts].add(record);
  }

  private async lookAtEndpoints(deliveries: readonly LoadedDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const since = performance.now();
    const endpoints = await this.endpoints(deliveries.map(({ endpointId }) => endpointId));
    for (const delivery of deliveries) {
      delivery.endpoint = endpoints.get(delivery.endpointId) ?? null;
      delivery.endpointSeenAt = since;
    }
  }

  /** The same for all callers: each finds its own in it. */
  private async loadEndpoints(ids: readonly (readonly string[])[]): Promise<Endpoints[]> {
    const { executor, statements } = this.database;
    const [loaded] = await executor.run([statements.loadEndpoints([...new Set(ids.flat())])]);
    const endpoints = new Map(loaded!.rows.map((row) => [String(row.id), loadedEndpoint(row)]));
    return ids.map(() => endpoints);
  }

  private async loadAll(batches: readonly LeasedBatch[]): Promise<LoadedDelivery[][]> {
    const { executor, statements } = this.database;
    const [loaded] = await executor.run(statements.load(batches));
    const byToken = new Map<string, LoadedDelivery[]>();
    for (const delivery of loaded!.rows.map(loadedDelivery)) {
      const group = byToken.get(delivery.token);
      if (group) group.push(delivery);
      else byToken.set(delivery.token, [delivery]);
    }
    return batches.map(({ token, deliveryIds }) => {
      const wanted = new Set(deliveryIds);
      return (byToken.get(token) ?? []).filter((delivery) => wanted.has(delivery.id));
    });
  }

  private async recordAll(records: readonly DeliveryRecord[], parts: RecordParts): Promise<boolean[]> {
    const { executor, statements } = this.database;
    const once = new Map(records.map((record) => [record.deliveryId, record]));
    if (once.size < records.length) return this.recordInTurn(records, parts);
    const written = new Set(statements.recordedIds(await executor.run(statements.record(records, parts))));
    return records.map((record) => written.has(record.deliveryId));
  }

  /** For a delivery that comes twice, under a lease that has ended and its successor: a statement tells by the id. */
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
