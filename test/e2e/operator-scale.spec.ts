import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstIdAt } from '../../lib/domain/id.js';
import { DIALECTS, numbers } from '../support/large-log.js';
import { operatorApp, type OperatorApp } from '../support/operator-app.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

const TENANTS = 10_000;
const MINUTE = 60_000;
/** Many times what it takes, for a machine that has other work. */
const SOON_MS = 5_000;
/** The overview looks twenty times for who waits, each time in a transaction. */
const MOST_STATEMENTS = 120;

describe.each(STACKS_BY_DIALECT)('With 10,000 tenants, each with something due, on $name', ({ database }) => {
  let t: OperatorApp;

  beforeAll(async () => {
    t = await operatorApp({ database, webhooks: { worker: false } });
    const { concat } = DIALECTS[database];
    const number = 'SUBSTR(CAST(10000000 + n AS CHAR(8)), 2)';
    const tenant = concat(`'tenant-'`, number);
    const endpoint = concat(`'ep_${'0'.repeat(25)}'`, number);
    const dueAt = t.clock.now() - MINUTE;
    const id = (prefix: 'evt' | 'dlv'): string =>
      concat(`'${firstIdAt(prefix, dueAt).slice(0, -7)}'`, number);
    await t.dataSource
      .query(`INSERT INTO webhook_endpoints (id, tenant, name, url, event_types, active, headers,
        next_slot_at, secrets, failing_since, created_at, updated_at)
      SELECT ${endpoint}, ${tenant}, 'Receiver', ${concat(`'https://hooks.example.com/'`, number)}, ' * ', true, '{}', 0, '[]',
        CASE WHEN n % 100 = 0 THEN ${dueAt} END, 0, 0 FROM ${numbers(TENANTS)}`);
    await t.dataSource
      .query(`INSERT INTO webhook_deliveries (id, event_id, endpoint_id, tenant, event_type, status,
        attempt_count, schedule_attempts, next_attempt_at, single, test, created_at)
      SELECT ${id('dlv')}, ${id('evt')}, ${endpoint}, ${tenant}, 'post.created', 'pending', 0, 0, ${dueAt} + n, false, false, ${dueAt}
      FROM ${numbers(TENANTS)}`);
  });
  afterAll(() => t.stop());

  const get = async (path: string) => {
    const started = performance.now();
    const { status, body } = await t.operator.get(path);
    expect([path, status]).toEqual([path, 200]);
    expect(performance.now() - started).toBeLessThan(SOON_MS);
    return body;
  };

  it.each([
    '/overview',
    '/tenants?limit=250',
    '/tenants?limit=250&cursor=tenant-0005000',
    '/tenants?query=9999',
    '/endpoints?state=failing&limit=250',
    '/search?q=hooks.example.com/0009999',
    '/deliveries?status=failed',
    '/stats/tenants?period=7d',
  ])('answers %s soon, by few statements', async (path) => {
    const statements = await t.statementsOf(() => get(path));
    expect(statements.length).toBeLessThan(MOST_STATEMENTS);
  });

  it('tells how much is due, and for whom first', async () => {
    const { due, backlog, attention, isMoreAttention } = await get('/overview');
    expect(due).toMatchObject({ count: TENANTS, isMore: false });
    expect(backlog).toHaveLength(20);
    expect(backlog[0]).toMatchObject({ tenant: 'tenant-0000000', due: { count: 1 } });
    expect(attention.filter(({ kind }: { kind: string }) => kind === 'failing')).toHaveLength(50);
    expect(isMoreAttention).toBe(true);
  });

  it('pages through all of them, each once, with what is due of each', async () => {
    const seen = new Set<string>();
    let counted = 0;
    for (let cursor = ''; ;) {
      const { data, nextCursor } = await get(`/tenants?limit=250${cursor}`);
      for (const { tenant, due } of data) {
        seen.add(tenant);
        counted += due.count;
      }
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect([seen.size, counted]).toEqual([TENANTS, TENANTS]);
  });
});
