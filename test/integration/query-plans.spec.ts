import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebhooksOperator } from 'nestjs-webhooks';
import { WebhookTestClock } from 'nestjs-webhooks/testing';
import { WebhookBulkRepository, WINDOW } from '../../lib/persistence/webhook-bulk.repository.js';
import { WebhookWorkRepository } from '../../lib/persistence/webhook-work.repository.js';
import { WebhookPauseRepository } from '../../lib/persistence/webhook-pause.repository.js';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { HOUR_MS } from '../../lib/domain/hour.js';
import { firstIdAt, newId } from '../../lib/domain/id.js';
import type { DeliveryRecord, NewEvent } from '../../lib/domain/delivery.js';
import { WebhookDelivery } from '../../lib/persistence/webhook-delivery.entity.js';
import { ENDPOINT_STATES } from '../../lib/persistence/webhook-all-endpoints.repository.js';
import { WebhookBacklogRepository } from '../../lib/persistence/webhook-backlog.repository.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { WebhookEndpointRepository } from '../../lib/persistence/webhook-endpoint.repository.js';
import { WebhookErasureRepository } from '../../lib/persistence/webhook-erasure.repository.js';
import { WebhooksDatabase } from '../../lib/persistence/sql/webhooks-database.js';
import { WebhookEventRepository } from '../../lib/persistence/webhook-event.repository.js';
import { WebhookHealthRepository } from '../../lib/persistence/webhook-health.repository.js';
import type { WebhookLogFilter } from '../../lib/persistence/log-filter.js';
import { WebhookLogRepository, type IdRange } from '../../lib/persistence/webhook-log.repository.js';
import { WebhookResendRepository } from '../../lib/persistence/webhook-resend.repository.js';
import { WebhookStatsRepository } from '../../lib/persistence/webhook-stats.repository.js';
import { withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { LARGE_TENANT, LOGGED, analyze, endpointIdOf, storeLargeLog } from '../support/large-log.js';
import { planOf, statementsOf, type QueryPlan } from '../support/query-plans.js';
import { copyEndpoint } from '../support/endpoints.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const DAY_MS = 24 * HOUR_MS;
const NOW = new WebhookTestClock().now();
const TENANT = LARGE_TENANT;
/** Has a tenth of the log, which is 20,000 deliveries. */
const ENDPOINT = endpointIdOf(TENANT, 1);
const ENDPOINTS = [0, 1, 2, 3].map((index) => endpointIdOf(TENANT, index));
const LEASE = { token: 'a lease', expiresAt: NOW + 60_000 };
/** Half of what an endpoint has, and a twentieth of all: more than what is pending. */
const MOST_ROWS = 10_000;

interface Subject extends SendingApp {
  /** What is pending of the tenant. */
  readonly pending: readonly WebhookDelivery[];
  of<Part>(part: Type<Part>): Part;
}

type Use = (t: Subject) => Promise<unknown>;

const deliveries =
  (filter: Partial<WebhookLogFilter>, cursor?: string): Use =>
  (t) =>
    t.webhooks.deliveries.list({ tenant: TENANT, ...filter }, { limit: 50, ...(cursor ? { cursor } : {}) });

const events =
  (filter: Partial<WebhookLogFilter>, cursor?: string): Use =>
  (t) =>
    t.webhooks.events.list({ tenant: TENANT, ...filter }, { limit: 250, ...(cursor ? { cursor } : {}) });

const LONG_AGO = NOW - 40 * DAY_MS;
const FILTERS: Record<string, Partial<WebhookLogFilter>> = {
  'of all': {},
  'of a type': { eventType: 'post.published' },
  'without tests': { test: false },
  'since a time': { since: LONG_AGO },
  'until a time': { until: LONG_AGO },
  'of a day': { since: LONG_AGO, until: LONG_AGO + DAY_MS },
};
const TESTS = { test: true };
const STATUSES = ['pending', 'succeeded', 'failed', 'canceled'] as const;

function listUses(): Record<string, Use> {
  const uses: Record<string, Use> = {};
  for (const [name, filter] of Object.entries(FILTERS)) {
    uses[`a page of events ${name}`] = events(filter);
    uses[`a page of the tenant's deliveries ${name}`] = deliveries(filter);
    uses[`a page of an endpoint's deliveries ${name}`] = deliveries({ ...filter, endpointId: ENDPOINT });
  }
  for (const status of STATUSES) {
    uses[`a page of the tenant's ${status} deliveries`] = deliveries({ status });
    uses[`a page of an endpoint's ${status} deliveries`] = deliveries({ status, endpointId: ENDPOINT });
  }
  const middle = (prefix: 'evt' | 'dlv'): string => firstIdAt(prefix, LONG_AGO);
  uses['a later page of events'] = events({}, middle('evt'));
  uses["a later page of the tenant's deliveries"] = deliveries({}, middle('dlv'));
  uses["a later page of an endpoint's deliveries"] = deliveries({ endpointId: ENDPOINT }, middle('dlv'));
  uses["a later page of an endpoint's failed deliveries"] = deliveries(
    { endpointId: ENDPOINT, status: 'failed' },
    middle('dlv'),
  );
  for (const [name, endpointId] of Object.entries({ tenant: undefined, endpoint: ENDPOINT })) {
    const search = (filter: Partial<WebhookLogFilter>): Use =>
      deliveries(endpointId === undefined ? filter : { ...filter, endpointId });
    uses[`a search for a text in a log of the ${name}`] = search({ search: 'nothing like that' });
    uses[`a search for an event in a log of the ${name}`] = search({ search: middle('evt') });
    uses[`a search for a delivery in a log of the ${name}`] = search({ search: middle('dlv') });
    uses[`a status in a log of the ${name}`] = search({ statusCode: '418' });
    uses[`slow attempts in a log of the ${name}`] = search({ minDuration: DAY_MS });
    uses[`attempts of a time in a log of the ${name}`] = search({
      attemptedSince: LONG_AGO,
      attemptedUntil: LONG_AGO + HOUR_MS,
    });
    uses[`a failure of a rare type in a log of the ${name}`] = search({
      eventType: 'follower.gained',
      status: 'failed',
      errorCode: 'timeout',
    });
  }
  uses["the deliveries of another tenant's endpoint"] = deliveries({
    endpointId: endpointIdOf('small-1'),
  });
  return uses;
}

const READS: Record<string, Use> = {
  'a page of endpoints': (t) => t.webhooks.endpoints.list(TENANT, { limit: 50 }),
  'a search for endpoints': (t) =>
    t.webhooks.endpoints.list(TENANT, { limit: 50 }, { search: 'receiver', active: true }),
  ...listUses(),
  'an event with its deliveries': (t) => t.webhooks.events.get(TENANT, t.pending[0]!.eventId),
  'a delivery with its attempts': (t) => t.webhooks.deliveries.get(TENANT, t.pending[0]!.id),
  'the statistics of a tenant': (t) => t.webhooks.stats.ofTenant(TENANT, { since: NOW - 14 * DAY_MS }),
  'the statistics of an endpoint': (t) =>
    t.webhooks.stats.ofEndpoint(TENANT, ENDPOINT, { since: NOW - 30 * DAY_MS, bucketMs: DAY_MS }),
  'the statistics of endpoints': (t) => t.webhooks.stats.ofEndpoints(TENANT, ENDPOINTS),
  'since when the oldest is due': (t) => t.of(WebhookBacklogRepository).oldestDueAt(NOW),
  'what nobody sends': (t) => t.of(WebhookBacklogRepository).unattended(NOW, NOW, 30_000),
  'what a worker looks for all the time': (t) => t.of(WebhookWorkRepository).look(NOW),
  'what is parked': (t) => t.of(WebhookPauseRepository).parked(0, BATCH),
  'what a recovery would send': (t) =>
    t.webhooks.deliveries.previewRecovery(TENANT, ENDPOINT, LONG_AGO, LONG_AGO + DAY_MS),
};

const byOperators =
  (use: (operator: WebhooksOperator, t: Subject) => Promise<unknown>): Use =>
  (t) =>
    use(t.of(WebhooksOperator), t);
const PAGE = { limit: 50 };
const UNTIL_NOW = { until: NOW + DAY_MS };

/** As it is called in statements: those of all tenants are looked through in order, up to a limit. */
const ENDPOINTS_TABLE = new Set(['webhook_endpoints', 'row']);

/** Of all tenants. */
const OPERATORS_READS: Record<string, Use> = {
  'their overview': byOperators((operator) => operator.overview()),
  ...Object.fromEntries(
    ENDPOINT_STATES.map((state) => [
      `the ${state} endpoints of all tenants`,
      byOperators((operator) => operator.endpoints.list({ state }, PAGE)),
    ]),
  ),
  'the endpoints of all tenants': byOperators((operator) => operator.endpoints.list({}, PAGE)),
  'the endpoints of one of all tenants': byOperators((operator) =>
    operator.endpoints.list({ tenant: TENANT }, PAGE),
  ),
  'a search among the endpoints of all tenants': byOperators((operator) =>
    operator.search('nothing like that'),
  ),
  'a page of tenants': byOperators((operator) => operator.tenants.list({}, { limit: 250 })),
  'a search among tenants': byOperators((operator) => operator.tenants.list({ query: 'MALL' }, PAGE)),
  'one of all tenants': byOperators((operator) => operator.tenants.get(TENANT)),
  'the deliveries of all tenants': byOperators((operator) => operator.deliveries.list(UNTIL_NOW, PAGE)),
  'the failed deliveries of all tenants': byOperators((operator) =>
    operator.deliveries.list({ ...UNTIL_NOW, status: 'failed', eventType: 'follower.gained' }, PAGE),
  ),
  'the events of all tenants': byOperators((operator) => operator.events.list(UNTIL_NOW, PAGE)),
  'the events of a rare type of all tenants': byOperators((operator) =>
    operator.events.list({ ...UNTIL_NOW, eventType: 'follower.gained' }, PAGE),
  ),
  'a delivery with what it waits for': byOperators((operator, t) =>
    operator.deliveries.get(t.pending[0]!.id),
  ),
  'an event of any tenant': byOperators((operator, t) => operator.events.get(t.pending[0]!.eventId)),
};

const newEvent = (): NewEvent => {
  const id = newId('evt', NOW);
  const body = '{}';
  return {
    id,
    tenant: TENANT,
    type: 'post.published',
    body,
    idempotencyKey: id,
    traceparent: null,
    version: null,
    createdAt: NOW,
  };
};

const recordOf = ({ id, endpointId }: WebhookDelivery): DeliveryRecord => ({
  deliveryId: id,
  token: LEASE.token,
  endpointId,
  tenant: TENANT,
  test: false,
  status: 'succeeded',
  attemptCount: 2,
  scheduleAttempts: 2,
  firstAttemptAt: NOW,
  nextAttemptAt: null,
  single: false,
  statusCode: 200,
  errorCode: null,
  completedAt: NOW,
  attempt: {
    id: newId('att', NOW),
    number: 2,
    outcome: 'succeeded',
    startedAt: NOW,
    durationMs: 40,
    statusCode: 200,
    errorCode: null,
    errorMessage: null,
    requestHeaders: '{}',
    responseHeaders: '{}',
    responseBody: '',
  },
});

/** In this order: what is written by one of them, the next ones find. */
const WRITES: Record<string, Use> = {
  'the oldest of what is due': (t) =>
    t.of(WebhookDeliveryRepository).claimOldest({ now: NOW, limit: 200 }, LEASE),
  'the endpoints with something due': (t) =>
    t
      .of(WebhookDeliveryRepository)
      .walkEndpoints({ fromTenant: '', tenants: 50, fromEndpoints: new Map(), endpoints: 400 }),
  'what is due of some endpoints': (t) =>
    t.of(WebhookDeliveryRepository).claimShares(
      ENDPOINTS.map((endpointId) => ({ tenant: TENANT, endpointId, limit: 20 })),
      NOW,
      LEASE,
    ),
  'the leased deliveries of an event': (t) =>
    t.of(WebhookDeliveryRepository).loadHeld({ eventId: t.pending[0]!.eventId, token: LEASE.token }),
  'the endpoints of deliveries': (t) =>
    Promise.all(ENDPOINTS.map((id) => t.of(WebhookDeliveryRepository).endpoint(id))),
  'the deliveries that have been attempted': (t) =>
    Promise.all(
      t.pending.slice(0, 200).map((delivery) => t.of(WebhookDeliveryRepository).record(recordOf(delivery))),
    ),
  'the endpoints of new events': (t) =>
    t
      .of(WebhookEventRepository)
      .store(Array.from({ length: 100 }, newEvent), { lease: LEASE, most: 200, except: [] }),
  'an event by its idempotency key': (t) => t.of(WebhookEventRepository).findByKey(newEvent()),
  'what an ended pause has put off': (t) =>
    t
      .of(WebhookResendRepository)
      .bringForward({ ...endpointOf(t.pending[310]!), until: t.pending[310]!.nextAttemptAt! }, 0, BATCH),
  'what an erased tenant has had': async (t) => {
    const { executor } = t.of(WebhooksDatabase);
    const erasures = t.of(WebhookErasureRepository);
    for (const tenant of ['small-8', 'small-7']) {
      const round = await erasures.begin(tenant, NOW);
      for (let batches = 0; batches < 4; batches++) {
        const deletions = await erasures.next(tenant, '', round, 200);
        await executor.run(deletions.map(([, statement]) => statement));
      }
    }
    await executor.run(
      (await erasures.ofEvents(t.pending.slice(320, 330).map(({ eventId }) => eventId))).map(
        ([, statement]) => statement,
      ),
    );
  },
  'a delivery that is sent again': (t) => t.of(WebhookResendRepository).revive(t.pending[300]!, NOW, LEASE),
  'the latest tests': (t) =>
    t
      .of(WebhookResendRepository)
      .storeTest(
        newEvent(),
        { id: newId('dlv', NOW), endpointId: ENDPOINT, lease: LEASE },
        { count: 10, since: NOW - 60_000 },
        [],
      ),
  'what a recovery sends': (t) =>
    t.webhooks.deliveries.recover(TENANT, ENDPOINT, LONG_AGO, LONG_AGO + DAY_MS),
  'an endpoint that starts to fail': (t) => t.of(WebhookHealthRepository).startFailing(ENDPOINT, NOW),
  'an endpoint that has failed for long': (t) =>
    t.of(WebhookHealthRepository).disableFailing(ENDPOINT, NOW, NOW, []),
  'an endpoint that is well again': (t) => t.of(WebhookHealthRepository).stopFailing(ENDPOINT),
  'the slots of an endpoint': (t) =>
    t.of(WebhookEndpointRepository).reserveSlots(ENDPOINT, 5, 1_000, NOW, 60_000),
  'the endpoints whose secrets may be sealed anew': (t) =>
    t.of(WebhookEndpointRepository).secretsAfter('', 200),
  'the endpoints of a tenant that makes another': (t) => t.endpoint({ tenant: TENANT }),
  'what is pending of an endpoint that is deleted': (t) =>
    t.webhooks.endpoints.delete(TENANT, endpointIdOf(TENANT, 4)),
  'what is too old': (t) => t.of(RetentionService).runOnce(),
};

const endpointOf = ({ endpointId, tenant }: WebhookDelivery): { id: string; tenant: string } => ({
  id: endpointId,
  tenant,
});

const BATCH = 500;
const oldIds = (prefix: 'dlv' | 'evt', afterId = ''): IdRange => ({
  afterId,
  beforeId: firstIdAt(prefix, LONG_AGO),
});

/** Each reads what its lists of ids name. */
const ID_LISTS: Record<string, Use> = {
  'the deliveries of events': (t) =>
    t.of(WebhookStatsRepository).deliveriesOf(t.pending.slice(0, 250).map(({ eventId }) => eventId)),
  'old deliveries': (t) => t.of(WebhookLogRepository).pruneDeliveries(oldIds('dlv'), BATCH),
  'old events': async (t) => {
    const log = t.of(WebhookLogRepository);
    // Twice as many have no delivery then as are pruned: the plan finds the second half.
    const { lastId } = await log.pruneDeliveries(oldIds('dlv'), BATCH);
    await log.pruneDeliveries(oldIds('dlv', lastId!), BATCH);
    return log.pruneEvents(oldIds('evt'), BATCH);
  },
};

/** A look of an operator's job, for what hardly any row is. */
const look =
  (scope: { tenant?: string; endpointId?: string }): Use =>
  (t) =>
    t.of(WebhookBulkRepository).deliveries({ ...scope, statuses: ['failed'], statusCode: 418 }, '', BATCH);

/** What no index serves, since every delivery would have to be written to it: the log is read. */
const LIMITS: Record<string, { run: Use; read: number }> = {
  "some 50,000 of all tenants' deliveries": {
    run: byOperators((operator) => operator.stats.largest(7 * DAY_MS)),
    read: 2 * 50_000,
  },
  'a rare type of event': { run: events({ eventType: 'follower.gained' }), read: LOGGED },
  "a rare type of an endpoint's deliveries": {
    run: deliveries({ eventType: 'follower.gained', endpointId: ENDPOINT }),
    read: LOGGED / 10,
  },
  "an endpoint's pending deliveries of old": {
    run: deliveries({ status: 'pending', endpointId: ENDPOINT, until: LONG_AGO }),
    read: LOGGED / 10,
  },
  'a batch of a job over all tenants': { run: look({}), read: WINDOW },
  'a batch of a job over a tenant': { run: look({ tenant: TENANT }), read: WINDOW },
  'a batch of a job over an endpoint': { run: look({ endpointId: ENDPOINT }), read: WINDOW },
  "a batch of a job over a tenant's events": {
    run: (t) =>
      t
        .of(WebhookBulkRepository)
        .events(TENANT, { type: 'no.such' }, { after: '', limit: BATCH, tests: true }),
    read: WINDOW,
  },
};

/** MySQL and MariaDB have no partial indices. */
const UNINDEXED_TESTS = { mariadb: LOGGED, mysql: LOGGED, postgres: MOST_ROWS, sqlite: MOST_ROWS };

async function sqliteFile(heard: string[]): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'webhooks-plans-'));
  const database = join(folder, 'app.sqlite');
  return {
    options: { type: 'better-sqlite3', database, verbose: (sql: string) => heard.push(sql) },
    drop: () => rm(folder, { recursive: true }),
  };
}

/** Of the two that read the same statements, MariaDB's planner errs more often. */
describe.each(daily(['sqlite', 'postgres', 'mariadb'], 'mysql'))(
  'With a large log on %s, an index gives',
  (kind) => {
    const heard: string[] = [];
    let database: TestDatabase;
    let t: Subject;

    beforeAll(async () => {
      database = kind === 'sqlite' ? await sqliteFile(heard) : await createDatabase(kind);
      await withDataSource(database, async (dataSource) => {
        await dataSource.runMigrations();
        await storeLargeLog(dataSource, kind, NOW);
        // Hardly any app has SQLite gather statistics.
        if (kind !== 'sqlite') await analyze(dataSource, kind);
      });
      t = await subjectOn(database);
    }, 120_000);
    afterAll(async () => {
      await t?.stop();
      await database?.drop();
    });

    const plansOf = async (use: Use): Promise<QueryPlan[]> => {
      const statements = await statementsOf(t.dataSource, kind === 'sqlite' ? heard : undefined, () =>
        use(t),
      );
      expect(statements).not.toEqual([]);
      const plans: QueryPlan[] = [];
      for (const statement of statements) plans.push(await planOf(t.dataSource, kind, statement));
      return plans;
    };
    const expectToRead = async (use: Use, most = MOST_ROWS): Promise<void> => {
      const beyond = (await plansOf(use)).filter(
        ({ scanned, sorted, read }) => scanned.length > 0 || sorted > most || read > most,
      );
      expect(beyond).toEqual([]);
    };

    it.each(Object.entries(READS))('%s', (_, use) => expectToRead(use));

    it('operators a page that ends after 50,000 rows without a match', async () => {
      const operator = t.of(WebhooksOperator);
      const nothing = { eventType: 'post.deleted' };
      for (const list of [operator.deliveries, operator.events]) {
        const first = await list.list(nothing, PAGE);
        expect(first).toEqual({ data: [], nextCursor: expect.any(String) });
        let { nextCursor } = first;
        while (nextCursor !== null)
          ({ nextCursor } = await list.list(nothing, { ...PAGE, cursor: nextCursor }));
      }
    });

    it.each(Object.entries(OPERATORS_READS))('operators %s', async (_, use) => {
      const beyond = (await plansOf(use)).filter(
        ({ scanned, sorted, read }) =>
          scanned.some((table) => !ENDPOINTS_TABLE.has(table)) || sorted > MOST_ROWS || read > MOST_ROWS,
      );
      expect(beyond).toEqual([]);
    });

    it.each(['events', 'deliveries'] as const)('the tests among %s, except on MySQL', async (list) => {
      await expectToRead(list === 'events' ? events(TESTS) : deliveries(TESTS), UNINDEXED_TESTS[kind]);
    });

    it.each(['failed', 'canceled'] as const)(
      "one page of an endpoint's %s deliveries; on MySQL the tenant's",
      async (status) => {
        const most = kind === 'mariadb' || kind === 'mysql' ? MOST_ROWS : 50;
        await expectToRead(deliveries({ status, endpointId: ENDPOINT }), most);
      },
    );

    it.each(Object.entries(LIMITS))('no more than a log of %s', async (_, { run, read }) => {
      for (const plan of await plansOf(run)) expect(plan.read).toBeLessThanOrEqual(read + 1);
    });

    it.each(Object.entries(WRITES))('%s', (_, use) => expectToRead(use), 60_000);

    it.each(Object.entries(ID_LISTS))('%s by a long list of ids, without statistics too', async (_, use) => {
      if (kind === 'postgres') await forgetStatistics(t.dataSource);
      await expectToRead(use);
    });

    it('each batch that retention deletes, however many old rows stay', async () => {
      // Some 60,000 rows, more than a hundred batches.
      await t.dataSource.query(
        `UPDATE webhook_deliveries SET status = 'pending' WHERE id < '${oldIds('dlv').beforeId}'`,
      );
      const log = t.of(WebhookLogRepository);
      const middle = firstIdAt('dlv', LONG_AGO - 10 * DAY_MS);
      for (const afterId of ['', middle]) {
        // An attempt is read, its delivery looked for, and the row deleted: MySQL counts each.
        await expectToRead(() => log.pruneDeliveries(oldIds('dlv', afterId), BATCH), 3 * BATCH);
        await expectToRead(
          () => log.pruneEvents(oldIds('evt', afterId.replace('dlv', 'evt')), BATCH),
          2 * BATCH,
        );
      }
      expect(await log.pruneDeliveries(oldIds('dlv'), BATCH)).toMatchObject({ pruned: 0 });
    });
  },
);

describe('If PostgreSQL’s statistics are from a moment with nothing pending', () => {
  const ENDPOINTS_OF_TENANT = 5_000;
  const deliveries = (t: SendingApp): WebhookDeliveryRepository => t.app.get(WebhookDeliveryRepository);
  const USES: ((t: SendingApp) => Promise<unknown>)[] = [
    (t) =>
      deliveries(t).walkEndpoints({ fromTenant: '', tenants: 50, fromEndpoints: new Map(), endpoints: 400 }),
    (t) =>
      deliveries(t).claimShares(
        [{ tenant: 'acme', endpointId: `ep_${'0'.repeat(32)}`, limit: 20 }],
        NOW,
        LEASE,
      ),
  ];

  it('a walk through the endpoints, and a claim for some of them, read no more than they look at, in three statements each', async () => {
    const t = await sendingApp({ database: 'postgres', webhooks: { worker: false } });
    const { id } = await t.endpoint();
    await copyEndpoint(t, id, ENDPOINTS_OF_TENANT);
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.dataSource.query(`UPDATE webhook_deliveries SET status = 'succeeded'`);
    await t.dataSource.query('VACUUM ANALYZE webhook_deliveries');
    await t.dataSource.query(`UPDATE webhook_deliveries SET status = 'pending'`);
    const read = async (): Promise<number> => {
      await t.dataSource.query('SELECT pg_stat_force_next_flush()');
      const [row] = await t.dataSource.query<[{ read: string }]>(
        `SELECT sum(idx_tup_read) + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'webhook_deliveries') AS read
         FROM pg_stat_user_indexes WHERE relname = 'webhook_deliveries'`,
      );
      return Number(row.read);
    };
    await t.dataSource.query('SELECT pg_sleep(1)');
    for (const use of USES) {
      const before = await read();
      const sent = vi.spyOn(t.dataSource.logger, 'logQuery');
      await use(t);
      expect(sent).toHaveBeenCalledTimes(3);
      sent.mockRestore();
      await t.dataSource.query('SELECT pg_sleep(1)');
      expect((await read()) - before).toBeLessThan(ENDPOINTS_OF_TENANT / 2);
    }
    await t.stop();
  });
});

async function subjectOn(database: TestDatabase): Promise<Subject> {
  // With no worker, nothing but what a test asks for is sent to the database.
  const app = await sendingApp({
    on: database,
    webhooks: { worker: false, retention: '59d', lagAfter: false },
  });
  const pending = await app.dataSource.getRepository(WebhookDelivery).find({
    where: { tenant: TENANT, status: 'pending' },
    order: { id: 'ASC' },
    take: 1_000,
  });
  return { ...app, pending, of: (part) => app.app.get(part) };
}

/** As a major upgrade of the server does. */
async function forgetStatistics(dataSource: DataSource): Promise<void> {
  await dataSource.query(
    `DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname LIKE 'webhook_%')`,
  );
}
