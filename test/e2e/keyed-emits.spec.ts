import { afterEach, describe, expect, it } from 'vitest';
import type { EntityManager } from 'typeorm';
import { WebhookEvent } from 'nestjs-webhooks';
import { withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

describe.each(daily(['postgres', 'mariadb'], 'mysql'))(
  'An emit with the idempotency key of an open transaction, on %s',
  (database) => {
    let t: SendingApp;
    afterEach(() => t.stop());

    const emit = (key?: string, manager?: EntityManager): Promise<{ id: string }> =>
      t.webhooks.emit(
        'post.published',
        {},
        { tenant: 'acme', ...(key ? { idempotencyKey: key } : {}), ...(manager ? { manager } : {}) },
      );
    /** So many statements wait for the transaction, at the database. */
    const areWaiting = async (count: number): Promise<void> => {
      const waiting =
        database === 'postgres'
          ? 'SELECT COUNT(*) AS waiting FROM pg_locks WHERE NOT granted'
          : "SELECT COUNT(*) AS waiting FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
      for (;;) {
        const [row] = await t.dataSource.query<[{ waiting: string }]>(waiting);
        if (Number(row.waiting) >= count) return;
        // InnoDB answers from a copy that it renews when nobody has asked for a tenth of a second.
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    };

    it('waits for that transaction, and delays neither emits with other keys nor emits without a key', async () => {
      t = await sendingApp({ database });
      await t.endpoint();
      const early: string[] = [];
      const emitLate = (key: string): Promise<{ id: string }> => emit(key).finally(() => early.push(key));
      let late!: Promise<{ id: string }[]>;
      const ids = await t.dataSource.transaction(async (manager) => {
        const first = [await emit('order-1', manager), await emit('order-2', manager)];
        const one = emitLate('order-1');
        await areWaiting(1);
        await Promise.all([emit('order-0'), emit('order-3')]);
        late = Promise.all([one, emitLate('order-2')]);
        await areWaiting(2);
        await Promise.all([emit(), emit(), emit()]);
        await t.receiver.received(5);
        expect(early).toEqual([]);
        return first.map(({ id }) => id);
      });
      expect((await late).map(({ id }) => id)).toEqual(ids);
      await t.settled();
      expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(7);
      expect(t.receiver.arrivals).toHaveLength(7);
    });

    const KEYLESS = 12;
    /** Emits without a key, one by one, each of which must get through at once. */
    const emitKeyless = async (): Promise<void> => {
      for (let round = 0; round < KEYLESS; round++) await emit();
    };

    it('also waits inside another transaction, and delays neither emits without a key nor unrelated keys', async () => {
      t = await sendingApp({ database, webhooks: { worker: false } });
      await t.endpoint();
      let second!: Promise<{ id: string }>;
      let third!: Promise<{ id: string }>;
      const first = await t.dataSource.transaction(async (manager) => {
        const stored = await emit('order-1', manager);
        second = t.dataSource.transaction((other) => emit('order-1', other));
        await areWaiting(1);
        third = emit('order-1');
        await areWaiting(2);
        await emitKeyless();
        await Promise.all([emit('order-0'), emit('order-2')]);
        await t.dataSource.transaction((other) => emit('order-3', other));
        return stored;
      });
      expect([(await second).id, (await third).id]).toEqual([first.id, first.id]);
      expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(KEYLESS + 4);
    });

    it('is stored once by one of the waiting emits if that transaction is rolled back', async () => {
      t = await sendingApp({ database, webhooks: { worker: false } });
      await t.endpoint();
      let late!: Promise<{ id: string }[]>;
      await t.dataSource
        .transaction(async (manager) => {
          await emit('order-1', manager);
          late = Promise.all([emit('order-1'), emit('order-1')]);
          await areWaiting(1);
          throw new Error('undone');
        })
        .catch(() => undefined);
      const [one, other] = await late;
      expect(one!.id).toBe(other!.id);
      expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(1);
    });

    it('returns the same event within that transaction, and delays no emit without a key', async () => {
      t = await sendingApp({ database, webhooks: { worker: false } });
      await t.endpoint();
      const before = await emit('order-1');
      await t.dataSource.transaction(async (manager) => {
        expect((await emit('order-1', manager)).id).toBe(before.id);
        const own = await emit('order-2', manager);
        expect((await emit('order-2', manager)).id).toBe(own.id);
        await emitKeyless();
        expect((await emit('order-1')).id).toBe(before.id);
      });
    });
  },
);

describe.each(['mariadb', 'mysql'] as const)('On %s', (database) => {
  let t: SendingApp;
  let cleanUp: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await t.stop();
    await cleanUp?.();
    cleanUp = undefined;
  });

  const emit = (idempotencyKey?: string, manager?: EntityManager): Promise<{ id: string }> =>
    t.webhooks.emit(
      'post.published',
      {},
      { tenant: 'acme', ...(idempotencyKey ? { idempotencyKey } : {}), ...(manager ? { manager } : {}) },
    );

  it('a group of emits does not wait for the one with the key of an open transaction', async () => {
    t = await sendingApp({ database, webhooks: { worker: false } });
    await t.endpoint();
    let late!: Promise<unknown>;
    await t.dataSource.transaction(async (manager) => {
      await emit('order-5', manager);
      const group = Array.from({ length: 10 }, (_, index) => emit(`order-${index}`));
      late = Promise.all(group);
      await Promise.all(group.filter((_, index) => index !== 5));
    });
    await late;
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(10);
  });

  it('an emit with a key is stored in a transaction on the only connection', async () => {
    const on = await createDatabase(database);
    await withDataSource(on, (dataSource) => dataSource.runMigrations());
    const options = { ...on.options, poolSize: 1, extra: { connectionLimit: 1 } } as typeof on.options;
    t = await sendingApp({ on: { ...on, options }, webhooks: { worker: false } });
    cleanUp = on.drop;
    await t.endpoint();
    await t.dataSource.transaction(async (manager) => {
      await emit('order-1', manager);
    });
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(1);
  });

  it('an emit is repeated if the database rolls it back for a deadlock', async () => {
    t = await sendingApp({ database, webhooks: { worker: false } });
    await t.endpoint();
    let deadlocks = 0;
    t.dataSource.subscribers.push({
      beforeQuery: ({ query }) => {
        if (
          !query.startsWith('INSERT INTO `webhook_events`') &&
          !/^INSERT INTO \S*webhook_events/.test(query)
        )
          return;
        if (deadlocks++ < 2)
          throw Object.assign(new Error('Deadlock found'), { driverError: { code: 'ER_LOCK_DEADLOCK' } });
      },
    });
    await emit('order-1');
    expect(deadlocks).toBe(3);
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(1);
  });
});

describe.each(['sqlite', 'postgres'] as const)(
  'If a trigger silently drops each event, on %s',
  (database) => {
    it.each([undefined, 'order-1'])('an emit with the key %s fails, with advice', async (idempotencyKey) => {
      const t = await sendingApp({ database });
      if (database === 'postgres') {
        await t.dataSource.query(
          'CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
        );
      }
      await t.dataSource.query(
        `CREATE TRIGGER drop_event BEFORE INSERT ON webhook_events ${
          database === 'postgres'
            ? 'FOR EACH ROW EXECUTE FUNCTION drop_row()'
            : 'BEGIN SELECT RAISE(IGNORE); END'
        }`,
      );
      const options = { tenant: 'acme', ...(idempotencyKey ? { idempotencyKey } : {}) };
      const refused = { code: 'webhooks/event-not-stored', message: expect.stringContaining('trigger') };
      await expect(t.webhooks.emit('post.published', {}, options)).rejects.toMatchObject(refused);
      await expect(
        t.dataSource.transaction((manager) => t.webhooks.emit('post.published', {}, { ...options, manager })),
      ).rejects.toMatchObject(refused);
      await t.stop();
    });
  },
);
