import { afterEach, describe, expect, it } from 'vitest';
import type { EntityManager } from 'typeorm';
import { WebhookEvent } from 'nestjs-webhooks';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

describe.each(['postgres', 'mariadb'] as const)(
  'An emit whose idempotency key an open transaction has, on %s',
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

    it('waits for it, and holds up neither those with another key nor, with its like, those without one', async () => {
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
  },
);
