import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

type Callback = (error: unknown, rows: unknown, ...more: unknown[]) => void;
interface Connection {
  query(this: Connection, ...args: unknown[]): unknown;
}
const { Connection } = createRequire(import.meta.url)('mysql2') as { Connection: { prototype: Connection } };

interface Warned {
  readonly sql: string;
  readonly warnings: unknown;
}

/** Asks for the warnings of each statement right after it, on its connection. */
function listenForWarnings(warned: Warned[]): void {
  const query = Connection.prototype.query;
  vi.spyOn(Connection.prototype, 'query').mockImplementation(function (this: Connection, ...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return query.apply(this, args);
    const [statement] = args as [string | { sql: string }];
    const asked: Callback = (error, ...given) => {
      query.call(this, 'SHOW WARNINGS', (_: unknown, warnings: unknown[]) => {
        const sql = typeof statement === 'string' ? statement : statement.sql;
        if (warnings.length > 0) warned.push({ sql, warnings });
        (callback as Callback)(error, ...given);
      });
    };
    return query.apply(this, [...args.slice(0, -1), asked]);
  });
}

describe.each(['mariadb', 'mysql'] as const)('No statement of ours makes %s warn', (database) => {
  let t: SendingApp;
  const warned: Warned[] = [];

  beforeEach(async () => {
    warned.length = 0;
    listenForWarnings(warned);
    t = await sendingApp({ database, webhooks: { retention: '30d' } });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await t.stop();
  });

  it('from the migrations to a delivery that failed, was retried and recovered', async () => {
    const { id } = await t.endpoint();
    t.receiver.answer = 500;
    await t.webhooks.emit('post.published', {}, { tenant: 'acme', idempotencyKey: 'order-1' });
    await t.webhooks.emit('post.published', {}, { tenant: 'acme', idempotencyKey: 'order-1' });
    await Promise.all([1, 2, 3].map(() => t.webhooks.emit('post.published', {}, { tenant: 'acme' })));
    await t.settled();
    await t.after(6 * 60_000);
    t.receiver.answer = 200;
    await t.after(3 * 3_600_000);
    await t.webhooks.endpoints.rotateSecret('acme', id);
    await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 });
    await t.webhooks.endpoints.delete('acme', id);
    expect(warned).toEqual([]);
    const [row] = await t.dataSource.query<[{ attempts: string }]>(
      'SELECT SUM(attempts) AS attempts FROM webhook_stats',
    );
    expect(Number(row.attempts)).toBe(t.receiver.arrivals.length);
  });
});
