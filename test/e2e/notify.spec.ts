import { afterEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { WebhooksModule, WebhooksService, type WebhooksModuleOptions } from 'nestjs-webhooks';
import {
  bareApp,
  migratedDatabase,
  PLAIN_WEBHOOKS,
  typeOrm,
  withDataSource,
  type BareApp,
} from '../support/bare-app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { Receiver } from '../support/receiver.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function setUp(): Promise<{ database: TestDatabase; receiver: Receiver }> {
  const database = await migratedDatabase('postgres');
  cleanups.push(() => database.drop());
  const receiver = await Receiver.start();
  cleanups.push(() => receiver.stop());
  return { database, receiver };
}

/** A process that polls once an hour: what it sends, it was woken for. */
async function processOn(database: TestDatabase, options: Partial<WebhooksModuleOptions>): Promise<BareApp> {
  const started = await bareApp({
    imports: [
      typeOrm(database, { migrationsRun: false }),
      WebhooksModule.forRoot({
        ...PLAIN_WEBHOOKS,
        tenants: false,
        queue: 'notify',
        delivery: { pollInterval: '1h' },
        ...options,
      }),
    ],
  });
  cleanups.push(() => started.app.close());
  return started;
}

const emitIn = ({ app }: BareApp, options = {}): Promise<unknown> =>
  app.get(WebhooksService).emit('post.published', {}, options);
const endpointOn = ({ app }: BareApp, { url }: Receiver): Promise<unknown> =>
  app.get(WebhooksService).endpoints.create('', { name: 'Receiver', url, events: ['*'] });

const LISTENERS = `FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`;
async function listening(dataSource: DataSource): Promise<void> {
  const count = async (): Promise<string> =>
    (await dataSource.query(`SELECT count(*) AS count ${LISTENERS}`))[0].count;
  while ((await count()) === '0') await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('With NOTIFY of PostgreSQL', () => {
  it('a worker sends at once what another process has stored', async () => {
    const { database, receiver } = await setUp();
    const web = await processOn(database, { worker: false });
    await endpointOn(web, receiver);
    await processOn(database, {});
    await withDataSource(database, listening);
    await emitIn(web);
    await receiver.received(1);
    for (let n = 0; n < 20; n++) void emitIn(web);
    await receiver.received(21);
  });

  it('it is told when a transaction commits, and not before', async () => {
    const { database, receiver } = await setUp();
    const web = await processOn(database, { worker: false });
    await endpointOn(web, receiver);
    await processOn(database, {});
    await withDataSource(database, listening);
    const { manager } = web.app.get(DataSource);
    await manager.transaction(async (inside) => {
      await emitIn(web, { manager: inside });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(receiver.arrivals).toEqual([]);
    });
    await receiver.received(1);
  });

  it('it listens again after its connection was cut, and sends what came meanwhile', async () => {
    const { database, receiver } = await setUp();
    const web = await processOn(database, { worker: false });
    await endpointOn(web, receiver);
    const { logger } = await processOn(database, {});
    await withDataSource(database, async (dataSource) => {
      await listening(dataSource);
      await dataSource.query(`SELECT pg_terminate_backend(pid) ${LISTENERS}`);
      await emitIn(web);
      await receiver.received(1);
      await listening(dataSource);
      await emitIn(web);
      await receiver.received(2);
    });
    expect(logger.matching(/NOTIFY does not work/)).toHaveLength(2);
  });

  it('a closed app keeps no connection', async () => {
    const { database } = await setUp();
    const { app } = await processOn(database, {});
    await withDataSource(database, async (dataSource) => {
      await listening(dataSource);
      await app.close();
      const connections = async (): Promise<string> => {
        const rows = await dataSource.query(
          'SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
        return rows[0].count;
      };
      // The server needs a moment to notice.
      await expect.poll(connections, { timeout: 5_000 }).toBe('0');
    });
  });

  it('an app on another database does not start, and is told what to write', async () => {
    const database = await createDatabase('sqlite');
    const starting = bareApp({
      imports: [
        typeOrm(database),
        WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, tenants: false, queue: 'notify' }),
      ],
    });
    await expect(starting).rejects.toThrow(
      /queue is 'notify', which only PostgreSQL has; the database is better-sqlite3\. Write queue: 'bull'/,
    );
  });
});
