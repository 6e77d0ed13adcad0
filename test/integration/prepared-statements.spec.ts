import { createRequire } from 'node:module';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PreparedStatements } from '../../lib/persistence/sql/prepared-statements.js';
import { migratedDatabase, withDataSource } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';
import { namelessPooler, type NamelessPooler, type Refusal } from '../support/nameless-pooler.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** It has no types. */
const pg = createRequire(import.meta.url)('pg') as object;

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Prepared {
  readonly name: string;
  readonly statement: string;
  readonly runs: number;
}

describe('PostgreSQL', () => {
  it('parses each statement of a delivery once for all that a connection runs', async () => {
    const t = await appOnOneConnection();
    await t.endpoint();
    for (let count = 0; count < 10; count++) await emitted(t);
    const prepared = await preparedBy(t.dataSource);
    const ofDeliveries = prepared.filter(({ statement }) => !statement.includes('SKIP LOCKED'));
    expect(ofDeliveries.map(({ runs }) => runs)).toEqual([10, 10]);
    // What was stored here need not be loaded.
    expect(ofDeliveries.map(({ statement }) => /webhook_\w+/.exec(statement)?.[0]).sort()).toEqual([
      'webhook_deliveries',
      'webhook_events',
    ]);
  });

  it.each([
    { driver: 'pg', options: {}, binary: true },
    // As `pg-native` is, which TypeORM puts in the place of `pg`.
    { driver: 'another', options: { driver: Object.create(pg) as object }, binary: false },
  ])('gets texts from the driver $driver in the binary format: $binary', async ({ options, binary }) => {
    const t = await appOnOneConnection(options);
    await t.endpoint();
    const logged = vi.spyOn(t.dataSource.logger, 'logQuery');
    await emitted(t);
    const params = logged.mock.calls.flatMap(([, values = []]) => values as unknown[]);
    expect(params.some((value) => Buffer.isBuffer(value))).toBe(binary);
    await expectDelivered(t, 1);
  });

  it('delivers through a pooler that gives each statement another connection', async () => {
    const t = await appOnOneConnection();
    await t.endpoint();
    await emitted(t);
    // What the client has prepared was prepared elsewhere.
    await t.dataSource.query('DEALLOCATE ALL');
    for (let count = 0; count < 3; count++) await emitted(t);
    await expectDelivered(t, 4);
  });

  it('delivers where another client has left statements of ours on the connection', async () => {
    const first = await appOnOneConnection();
    await first.endpoint();
    await emitted(first);
    const names = (await preparedBy(first.dataSource)).map(({ name }) => name);
    const t = await appOnOneConnection();
    await t.endpoint();
    await t.dataSource.query('DEALLOCATE ALL');
    for (const name of names) await t.dataSource.query(`PREPARE ${name} AS SELECT 1`);
    for (let count = 0; count < 3; count++) await emitted(t);
    await expectDelivered(t, 3);
  });

  it.each(['08P01', 'XX000', '42601', '57014'])(
    'delivers through a pooler that answers %s to every statement with a name',
    async (code) => {
      const pooler = await poolerInFront({ code });
      const t = await appOnOneConnection({ url: pooler.url });
      await t.endpoint();
      for (let count = 0; count < 3; count++) await emitted(t);
      await expectDelivered(t, 3);
      expect(pooler.refused()).toBe(1);
    },
  );

  it('delivers through a pooler that closes the connection on a statement with a name, from the second one on', async () => {
    const pooler = await poolerInFront({ code: '08P01', closes: true });
    const t = await appOnOneConnection({ url: pooler.url });
    await t.endpoint();
    // Who comes first is refused: this, or the worker's word that it is there.
    const first = await emitted(t).then(
      () => 1,
      () => 0,
    );
    for (let count = 0; count < 3; count++) await emitted(t);
    await expectDelivered(t, first + 3);
  });

  it('runs no statement twice that fails on its own, and keeps its names', async () => {
    const t = await appOnOneConnection();
    await t.endpoint();
    await t.dataSource.query('CREATE SEQUENCE runs');
    await t.dataSource.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM nextval('runs'); RAISE EXCEPTION 'not today'; END $$`);
    await t.dataSource.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON webhook_events FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    await expect(emitted(t)).rejects.toThrow('not today');
    expect(await t.dataSource.query('SELECT last_value::int AS runs FROM runs')).toEqual([{ runs: 1 }]);
    await t.dataSource.query('DROP TRIGGER refuse ON webhook_events');
    await emitted(t);
    const stored = (await preparedBy(t.dataSource)).find(({ statement }) =>
      statement.startsWith('WITH stored'),
    );
    expect(stored?.runs).toBe(2);
  });

  it('delivers when a table was altered after a statement on it was prepared', async () => {
    const t = await appOnOneConnection();
    await t.endpoint();
    await emitted(t);
    await t.dataSource.query('ALTER TABLE webhook_endpoints ALTER url TYPE text');
    for (let count = 0; count < 3; count++) await emitted(t);
    await expectDelivered(t, 4);
  });

  it('tells what went wrong with a prepared statement, and none of its values', async () => {
    const t = await appOnOneConnection();
    await t.endpoint();
    await t.dataSource.query(`ALTER TABLE webhook_events ADD CHECK (tenant <> 'acme')`);
    const failed = await t.webhooks
      .emit('post.published', { text: 'for nobody' }, { tenant: 'acme' })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'QueryFailedError', driverError: { code: '23514' } });
    expect(JSON.stringify(failed)).not.toContain('for nobody');
    expect(Object.values((failed as { driverError: object }).driverError).join()).not.toContain('for nobody');
  });

  it('looks a row up by its index a moment after its table has grown from a few rows to many', async () => {
    const database = await createDatabase('postgres');
    cleanups.push(() => database.drop());
    await withDataSource(database, async (dataSource) => {
      await dataSource.query('CREATE TABLE grown (id int PRIMARY KEY) WITH (autovacuum_enabled = off)');
      await dataSource.query('INSERT INTO grown VALUES (0)');
      await dataSource.query('ANALYZE grown');
      let now = 0;
      const statements = new PreparedStatements(() => now);
      const queryRunner = dataSource.createQueryRunner();
      const lookUp = async (times: number): Promise<void> => {
        const statement = { sql: 'SELECT id FROM grown WHERE id = $1', params: [0] };
        for (let run = 0; run < times; run++) await statements.run(queryRunner, statement);
      };
      const plan = async (): Promise<string> => {
        const [{ name }] = (await queryRunner.query('SELECT name FROM pg_prepared_statements')) as [Prepared];
        const rows = (await queryRunner.query(`EXPLAIN EXECUTE ${name}(0)`)) as Record<string, string>[];
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      await lookUp(20);
      expect(await plan()).toContain('Seq Scan');
      await queryRunner.query('INSERT INTO grown SELECT generate_series(1, 50000)');
      await lookUp(1);
      expect(await plan()).toContain('Seq Scan');
      now += 1_000;
      await lookUp(1);
      expect(await plan()).toContain('Index');
      await queryRunner.release();
    });
  });
});

async function poolerInFront(refusal: Refusal): Promise<NamelessPooler> {
  const database = await migratedDatabase('postgres');
  const pooler = await namelessPooler((database.options as { url: string }).url, refusal);
  cleanups.push(() => database.drop(), pooler.stop);
  return pooler;
}

async function appOnOneConnection(more: object = {}): Promise<SendingApp> {
  const { options, drop } = await migratedDatabase('postgres');
  cleanups.push(drop);
  const t = await sendingApp({
    on: { options: { ...options, ...more, extra: { max: 1 } } as typeof options, drop },
  });
  cleanups.push(() => t.stop());
  return t;
}

async function emitted(t: SendingApp): Promise<void> {
  await t.webhooks.emit('post.published', { text: 'hello' }, { tenant: 'acme' });
  await t.settled();
}

async function expectDelivered(t: SendingApp, count: number): Promise<void> {
  expect(t.receiver.arrivals).toHaveLength(count);
  const delivered = (await t.webhooks.deliveries.list({ tenant: 'acme', status: 'succeeded' }, { limit: 50 }))
    .data;
  expect(delivered).toHaveLength(count);
}

const preparedBy = (dataSource: DataSource): Promise<Prepared[]> =>
  dataSource.query(
    `SELECT name, statement, (generic_plans + custom_plans)::int AS runs FROM pg_prepared_statements
     WHERE name LIKE 'nestjs_webhooks_%'`,
  );
