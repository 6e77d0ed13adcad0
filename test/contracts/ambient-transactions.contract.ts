import type { Provider, Type } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { EmitsWebhook, WebhookEvent } from 'nestjs-webhooks';
import { Column, Entity, PrimaryGeneratedColumn, type EntityManager } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebhooksTransactionOptions } from '../../lib/config/webhooks-options.js';
import type { DatabaseKind } from '../support/databases.js';
import { EVENTS, sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

@Entity('orders')
class Order {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: 'varchar' }) reference!: string;
}

export type Propagation = 'REQUIRED' | 'REQUIRES_NEW' | 'NESTED';

/** A library that keeps the current transaction in an async context. */
export interface AmbientLibrary {
  readonly name: string;
  /** The option, as `docs/how-to/events.md` shows it. */
  readonly transaction: WebhooksTransactionOptions;
  /** The parts of an app that uses the library. */
  app(): Pick<SendingAppOptions, 'imports' | 'dataSourceFactory'>;
  /** The library's decorator. */
  readonly Transactional: () => MethodDecorator;
  currentManager(t: SendingApp): EntityManager;
  run<Result>(t: SendingApp, work: () => Promise<Result>, propagation?: Propagation): Promise<Result>;
}

/** The behaviour that each such library must show with webhooks, on each database. */
export function ambientTransactions(library: AmbientLibrary, databases: readonly DatabaseKind[]): void {
  class Orders {
    @library.Transactional()
    @EmitsWebhook('post.published', { tenant: 'acme' })
    async emittedInside(reference: string): Promise<object> {
      return { reference };
    }

    @EmitsWebhook('post.published', { tenant: 'acme' })
    @library.Transactional()
    async emittedAfter(reference: string, fails: boolean): Promise<object> {
      if (fails) throw new Error('Rolled back.');
      return { reference };
    }
  }

  describe.each(databases)(`An emit within a transaction of ${library.name}, on %s`, (database) => {
    /** SQLite has one connection: nothing is written beside an open transaction. */
    const onServers = database === 'sqlite' ? (): void => undefined : it;
    let t: SendingApp;
    afterEach(() => t.stop());

    const start = async (providers: (Provider | Type)[] = []): Promise<void> => {
      t = await sendingApp({
        database,
        entities: [Order],
        providers: [Orders, ...providers],
        webhooks: {
          events: { ...EVENTS, 'post.created': { on: { on: 'post.made', tenant: 'acme' } } },
          transaction: library.transaction,
        },
        ...library.app(),
      });
      await t.endpoint();
    };
    const order = (reference: string): Promise<unknown> =>
      library.currentManager(t).insert(Order, { reference });
    const emit = (reference: string): Promise<unknown> =>
      t.webhooks.emit('post.published', { reference }, { tenant: 'acme' });
    const rolledBack = async (work: () => Promise<unknown>, propagation?: Propagation): Promise<void> => {
      const failing = async (): Promise<never> => {
        await work();
        throw new Error('Rolled back.');
      };
      await expect(library.run(t, failing, propagation)).rejects.toThrow('Rolled back.');
    };
    /** Counts the stored orders and events, and lists what arrived. */
    const outcome = async (): Promise<{ orders: number; events: number; arrived: string[] }> => {
      await t.settled();
      await t.after(60_000);
      const { manager } = t.dataSource;
      return {
        orders: await manager.count(Order),
        events: await manager.count(WebhookEvent),
        arrived: t.receiver.arrivals.map(({ body }) => JSON.parse(body).data.reference).toSorted(),
      };
    };

    it('leaves no row and sends nothing where that is rolled back', async () => {
      await start();
      await rolledBack(async () => {
        await order('a');
        await emit('a');
      });
      expect(await outcome()).toEqual({ orders: 0, events: 0, arrived: [] });
    });

    it('is sent once, when that commits, and not before', async () => {
      await start();
      await t.settled();
      await library.run(t, async () => {
        await order('a');
        await emit('a');
        await t.settled();
        expect(t.receiver.arrivals).toEqual([]);
      });
      expect(await outcome()).toEqual({ orders: 1, events: 1, arrived: ['a'] });
    });

    it('is stored at once where there is no transaction', async () => {
      await start();
      await emit('a');
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['a'] });
    });

    it('goes with its savepoint alone', async () => {
      await start();
      await library.run(t, async () => {
        await emit('outer');
        await rolledBack(() => emit('inner'), 'NESTED');
      });
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['outer'] });
    });

    onServers('goes with a new transaction, whatever becomes of the outer one', async () => {
      await start();
      await rolledBack(async () => {
        await emit('outer');
        await library.run(t, () => emit('inner'), 'REQUIRES_NEW');
      });
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['inner'] });
    });

    onServers('does not join it where it names another manager', async () => {
      await start();
      const manager = t.dataSource.createEntityManager();
      await rolledBack(() =>
        t.webhooks.emit('post.published', { reference: 'a' }, { tenant: 'acme', manager }),
      );
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['a'] });
    });

    it('of a decorated method joins it where its decorator comes first', async () => {
      await start();
      const orders = t.app.get(Orders);
      await rolledBack(() => orders.emittedInside('lost'));
      await orders.emittedInside('kept');
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['kept'] });
    });

    it('of a decorated method comes after it where @EmitsWebhook does', async () => {
      await start();
      const orders = t.app.get(Orders);
      await expect(orders.emittedAfter('lost', true)).rejects.toThrow('Rolled back.');
      await orders.emittedAfter('kept', false);
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['kept'] });
    });

    it('of a mapped domain event joins it', async () => {
      await start();
      const made = (reference: string) => () =>
        t.app.get(EventEmitter2).emitAsync('post.made', { reference });
      await rolledBack(made('lost'));
      await library.run(t, made('kept'));
      expect(await outcome()).toEqual({ orders: 0, events: 1, arrived: ['kept'] });
    });

    onServers('is told apart from those of others at the same time', async () => {
      await start();
      const numbers = Array.from({ length: 5 }, (_, index) => index);
      await Promise.all([
        ...numbers.map((number) => library.run(t, () => emit(`committed ${number}`))),
        ...numbers.map((number) => rolledBack(() => emit(`lost ${number}`))),
        ...numbers.map((number) => emit(`alone ${number}`)),
      ]);
      const arrived = ['alone', 'committed'].flatMap((kind) => numbers.map((number) => `${kind} ${number}`));
      expect(await outcome()).toEqual({ orders: 0, events: 10, arrived });
    });

    onServers('takes nothing along that is no emit', async () => {
      await start();
      let id = '';
      await rolledBack(async () => {
        ({ id } = await t.endpoint({ name: 'Second' }));
        await emit('lost');
        await t.relay.runOnce();
        expect(await t.webhooks.endpoints.update('acme', id, { name: 'Renamed' })).toMatchObject({
          name: 'Renamed',
        });
        expect((await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 })).data).toEqual([]);
      });
      expect((await t.webhooks.endpoints.get('acme', id)).name).toBe('Renamed');
    });
  });
}
