import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorHistoryService } from '../../lib/operation/operator/operator-history.service.js';
import { WebhookMinute } from '../../lib/persistence/webhook-minute.entity.js';
import { withDataSource } from '../support/bare-app.js';
import type { TestDatabase } from '../support/databases.js';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const lastingDatabase = lastingDatabases();

describe.each(STACKS_BY_DIALECT)('What was due and sent over time, on $name', ({ database }) => {
  let t: OperatorApp;
  let on: TestDatabase;
  let start: number;
  const write = (of = t): Promise<void> => of.app.get(OperatorHistoryService).runOnce();
  const get = async (path: string) => {
    const { status, body } = await t.operator.get(path);
    expect([path, status, body]).toEqual([path, 200, body]);
    return body;
  };

  beforeEach(async () => {
    on = await lastingDatabase(database);
    await withDataSource(on, (dataSource) => dataSource.runMigrations());
    t = await operatorApp({ on });
    start = t.clock.now();
  });
  afterEach(() => t.stop());

  it('is recorded once a minute, by the first worker, and kept for seven days', async () => {
    const id = await t.endpoint('acme');
    t.receiver.answer = 500;
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.settled();
    await write();
    await write();
    t.clock.advance(6 * MINUTE);
    await write();
    expect(await get('/lag?period=1h')).toEqual({
      since: iso(start + 7 * MINUTE - 60 * MINUTE),
      until: iso(start + 7 * MINUTE),
      bucketMs: MINUTE,
      data: [
        { at: iso(start), due: 0, isMore: false, oldestAgeMs: null },
        { at: iso(start + 6 * MINUTE), due: 1, isMore: false, oldestAgeMs: MINUTE },
      ],
    });
    // The worst of each stretch.
    expect((await get('/lag?period=24h')).bucketMs).toBe(5 * MINUTE);
    expect((await get('/lag?period=7d')).data).toEqual([
      { at: iso(start), due: 1, isMore: false, oldestAgeMs: MINUTE },
    ]);

    expect((await get('/stats')).total).toEqual({
      succeeded: 0,
      retrying: 1,
      failed: 0,
      p50Ms: null,
      p95Ms: null,
    });
    await t.webhooks.endpoints.delete('acme', id);
    t.clock.advance('7d');
    await write();
    const rows = await t.dataSource.getRepository(WebhookMinute).find({ order: { minute: 'ASC' } });
    // The first is older than seven days, the second just young enough.
    expect(rows.map(({ minute }) => minute)).toEqual([
      start + 6 * MINUTE,
      start + 6 * MINUTE + 7 * 24 * 60 * MINUTE,
    ]);
  });

  it('is shown hourly with latencies for one tenant, and by tenant for the newest deliveries', async () => {
    for (const tenant of ['acme', 'globex']) await t.endpoint(tenant);
    for (const tenant of ['acme', 'globex', 'globex'])
      await t.webhooks.emit('post.published', {}, { tenant });
    await t.settled();
    t.clock.advance(MINUTE);

    expect((await get('/stats?tenant=globex')).total).toMatchObject({
      succeeded: 2,
      p50Ms: expect.any(Number),
    });
    expect((await get('/stats?tenant=nobody')).total).toMatchObject({ succeeded: 0, p50Ms: null });
    const none = { pending: 0, failed: 0, canceled: 0 };
    expect(await get('/stats/tenants?period=5m')).toEqual({
      since: iso(start - 4 * MINUTE),
      until: iso(start + MINUTE),
      isWhole: true,
      data: [
        { tenant: 'globex', deliveries: 2, succeeded: 2, ...none },
        { tenant: 'acme', deliveries: 1, succeeded: 1, ...none },
      ],
    });
    t.clock.advance('1h');
    expect((await get('/stats/tenants')).data).toEqual([]);
  });

  it.each(['/lag', '/stats', '/stats/tenants'])(
    'accepts only periods from 1m to 7d, not %s',
    async (path) => {
      for (const period of ['8d', '30s', 'soon', '-1m']) {
        const { status, body } = await t.operator.get(`${path}?period=${period}`);
        expect([period, status, body.details?.[0].field]).toEqual([period, 400, 'period']);
      }
    },
  );

  it('has one row for each minute, with the attempts of all workers', async () => {
    const other = await operatorApp({ on });
    await t.endpoint('acme');
    for (const one of [t, other]) {
      await one.webhooks.emit('post.published', {}, { tenant: 'acme' });
      await one.settled();
    }
    await Promise.all([write(), write(other)]);
    await other.stop();
    const rows = await t.dataSource.getRepository(WebhookMinute).find();
    expect(rows).toEqual([
      { minute: start, due: 0, oldestDueAt: null, succeeded: 2, retrying: 0, failed: 0 },
    ]);
  });
});
