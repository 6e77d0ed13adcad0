import { Column, DefaultNamingStrategy, Entity, PrimaryColumn, type DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookDelivery, webhooksMigrations } from 'nestjs-webhooks';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import type { TestDatabase } from '../support/databases.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** Makes all names its own, also those that an entity gives, as some teams want them. */
class ShoutingNames extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return `app_${super.tableName(className, given)}`.toUpperCase();
  }

  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    return super.columnName(property, given as string, prefixes).toUpperCase();
  }

  override indexName(...args: Parameters<DefaultNamingStrategy['indexName']>): string {
    return `app_${super.indexName(...args)}`;
  }

  override primaryKeyName(...args: Parameters<DefaultNamingStrategy['primaryKeyName']>): string {
    return `app_${super.primaryKeyName(...args)}`;
  }

  override prefixTableName(prefix: string, table: string): string {
    return `${table}_OF_${prefix}`;
  }
}

/** An entity of the app. */
@Entity()
class Note {
  @PrimaryColumn({ type: 'varchar', length: 40 })
  id!: string;

  @Column({ type: 'varchar', length: 40 })
  firstLine!: string;
}

const lastingDatabase = lastingDatabases();
let t: SendingApp;
afterEach(() => t.stop());

async function named(
  kind: Parameters<typeof lastingDatabase>[0],
  options: object = {},
): Promise<TestDatabase> {
  const database = await lastingDatabase(kind);
  return {
    ...database,
    options: { ...database.options, namingStrategy: new ShoutingNames(), ...options } as never,
  };
}

/** Reads and writes every table, in each way that there is. */
async function useEverything(): Promise<void> {
  const { webhooks, clock } = t;
  const { id } = await t.endpoint({ rateLimit: 100 });
  t.receiver.nextAnswers.push({ status: 503 });
  const event = await webhooks.emit('post.created', {}, { tenant: 'acme', idempotencyKey: 'one' });
  await t.settled();
  await t.after(300_000);
  await t.dataSource.transaction((manager) => webhooks.emit('post.created', {}, { tenant: 'acme', manager }));
  await t.settled();
  expect(t.receiver.arrivals).toHaveLength(3);

  const again = await webhooks.emit('post.created', {}, { tenant: 'acme', idempotencyKey: 'one' });
  expect(again.id).toBe(event.id);
  const deliveries = (
    await webhooks.deliveries.list(
      { tenant: 'acme', endpointId: id, status: 'succeeded', eventType: 'post.created', since: 0 },
      { limit: 10 },
    )
  ).data;
  expect(deliveries.map(({ attemptCount }) => attemptCount)).toEqual([1, 2]);
  const detail = await webhooks.deliveries.get('acme', deliveries[1]!.id);
  expect(detail.attempts.map(({ statusCode }) => statusCode)).toEqual([503, 200]);
  expect((await webhooks.events.list({ tenant: 'acme' }, { limit: 10 })).data).toHaveLength(2);
  expect((await webhooks.events.get('acme', event.id)).deliveries).toHaveLength(1);
  expect(
    (await webhooks.endpoints.list('acme', { limit: 10 }, { search: 'RECEI', active: true })).data,
  ).toHaveLength(1);
  expect((await webhooks.stats.ofEndpoint('acme', id)).total).toMatchObject({ succeeded: 2, retrying: 1 });
  expect((await webhooks.stats.ofEndpoints('acme', [id])).data[0]!.total.succeeded).toBe(2);

  await webhooks.deliveries.retry('acme', deliveries[0]!.id);
  await t.settled();
  expect(await webhooks.deliveries.test('acme', id, 'post.created')).toMatchObject({ statusCode: 200 });
  await webhooks.endpoints.rotateSecret('acme', id);
  await webhooks.endpoints.update('acme', id, { name: 'Renamed' });
  clock.advance('1m');
  const { id: late } = await t.endpoint();
  expect(await webhooks.deliveries.recover('acme', late, 0)).toMatchObject({ resent: 0, created: 2 });
  await webhooks.endpoints.delete('acme', late);
  await t.settled();
  clock.advance('60d');
  expect(await t.app.get(RetentionService).runOnce()).toMatchObject({ events: 3 });
}

describe.each(daily(['sqlite', 'postgres', 'mysql'], 'mariadb'))('Under a naming strategy on %s', (kind) => {
  it('webhooks keep the names of their migrations, and all works', async () => {
    const database = await named(kind);
    t = await sendingApp({ on: database, migrate: true });
    await useEverything();
  });

  it('so they do by synchronize, with a prefix, beside entities that have the names of the strategy', async () => {
    t = await sendingApp({
      on: await named(kind, { entityPrefix: 'shop_' }),
      migrate: false,
      entities: [Note],
    });
    await useEverything();
    await t.dataSource.getRepository(Note).insert({ id: '1', firstLine: 'Hello' });
    const rows: unknown = await t.dataSource.query(
      kind === 'postgres'
        ? 'SELECT "FIRSTLINE" FROM "APP_NOTE_OF_shop_"'
        : 'SELECT FIRSTLINE FROM APP_NOTE_OF_shop_',
    );
    expect(rows).toEqual([{ FIRSTLINE: 'Hello' }]);
    await expect(t.dataSource.query('SELECT event_id FROM shop_webhook_deliveries')).resolves.toBeDefined();
  });

  it('they keep them when the app opens its database again', async () => {
    t = await sendingApp({ on: await named(kind), migrate: true });
    await t.dataSource.destroy();
    await t.dataSource.initialize();
    await t.endpoint();
    await t.webhooks.emit('post.created', {}, { tenant: 'acme' });
    await t.settled();
    const log = (await t.webhooks.deliveries.list({ tenant: 'acme', status: 'succeeded' }, { limit: 10 }))
      .data;
    expect(log).toHaveLength(1);
  });

  it('migrations go back without a trace', async () => {
    const database = await named(kind);
    t = await sendingApp({ on: database, migrate: true });
    await withDataSource(database, async (dataSource: DataSource) => {
      for (const _ of webhooksMigrations) await dataSource.undoLastMigration();
      const queryRunner = dataSource.createQueryRunner();
      expect(await queryRunner.hasTable('webhook_deliveries')).toBe(false);
      await queryRunner.release();
      await dataSource.runMigrations();
    });
    expect(await t.dataSource.getRepository(WebhookDelivery).count()).toBe(0);
  });
});
