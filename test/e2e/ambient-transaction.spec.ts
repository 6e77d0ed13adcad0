import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InvalidWebhooksOptionError, WebhookEvent } from 'nestjs-webhooks';
import { Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  WebhookTransactionEndedError,
  WebhookTransactionUnknownError,
} from '../../lib/dispatch/ambient-transaction.js';
import { type CurrentManager } from '../../lib/config/webhook-event-options.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

let checked: Promise<void> = Promise.resolve();

@ValidatorConstraint({ async: true })
class SlowRule implements ValidatorConstraintInterface {
  async validate(): Promise<boolean> {
    await checked;
    return true;
  }
}

class SlowPayload {
  @Validate(SlowRule) order_id!: string;
}

describe('The option transaction', () => {
  let t: SendingApp | undefined;
  afterEach(async () => {
    await t?.stop();
    t = undefined;
  });

  const start = async (current: CurrentManager): Promise<SendingApp> =>
    (t = await sendingApp({ webhooks: { transaction: { useFactory: () => current } } }));
  const emit = (app: SendingApp, options: { manager?: EntityManager } = {}): Promise<unknown> =>
    app.webhooks.emit('post.published', {}, { tenant: 'acme', ...options });
  const stored = (app: SendingApp): Promise<number> => app.dataSource.manager.count(WebhookEvent);

  it('joins what an AsyncLocalStorage of the app holds, and stores at once where it holds nothing', async () => {
    const current = new AsyncLocalStorage<EntityManager>();
    const app = await start(() => current.getStore());
    const failing = app.dataSource.transaction((manager) =>
      current.run(manager, async () => {
        await emit(app);
        throw new Error('Rolled back.');
      }),
    );
    await expect(failing).rejects.toThrow('Rolled back.');
    expect(await stored(app)).toBe(0);
    await emit(app);
    expect(await stored(app)).toBe(1);
  });

  it.each([
    [
      'throws',
      (): never => {
        throw new Error('No context.');
      },
      'the option transaction threw: No context. Where',
    ],
    [
      'gives no manager',
      () => ({ insert: true }),
      'gives must be an EntityManager of TypeORM, got an object of the class Object.',
    ],
    [
      'gives a promise',
      (): unknown => Promise.resolve(),
      'gives must be an EntityManager of TypeORM, got an object of the class Promise.',
    ],
    [
      'gives a manager of another DataSource',
      () => new DataSource({ type: 'better-sqlite3', database: ':memory:' }).manager,
      'gives belongs to another DataSource',
    ],
  ] as const)('that %s fails the emit, and leaves no row', async (_, current, message) => {
    const app = await start(current as CurrentManager);
    const failed = emit(app);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(WebhookTransactionUnknownError);
    expect(await stored(app)).toBe(0);
  });

  it('is not asked where the emit names a manager', async () => {
    const app = await start(() => {
      throw new Error('Asked.');
    });
    await emit(app, { manager: app.dataSource.manager });
    expect(await stored(app)).toBe(1);
  });

  it('stops the app where it gives no function', async () => {
    const transaction = { useFactory: () => undefined as never };
    await expect(sendingApp({ webhooks: { transaction } })).rejects.toThrow(InvalidWebhooksOptionError);
    const nothing = sendingApp({ webhooks: { transaction: {} as never } });
    await expect(nothing).rejects.toThrow('transaction must say how to get the current EntityManager');
  });

  it('refuses an emit whose transaction has ended before it is stored', async () => {
    let ready!: () => void;
    const app = (t = await sendingApp({ webhooks: { events: { 'order.paid': { payload: SlowPayload } } } }));
    checked = new Promise((resolve) => (ready = resolve));
    let emitted!: Promise<unknown>;
    await app.dataSource.transaction(async (manager) => {
      emitted = app.webhooks.emit('order.paid', { order_id: 'o_1' }, { tenant: 'acme', manager });
      emitted.catch(() => undefined);
    });
    ready();
    await expect(emitted).rejects.toThrow(WebhookTransactionEndedError);
    expect(await stored(app)).toBe(0);
    checked = Promise.resolve();
  });
});

describe.each(['sqlite', 'postgres'] as const)('What several callers share, on %s,', (database) => {
  let t: SendingApp;
  afterEach(() => t.stop());

  it('runs in no caller’s async context', async () => {
    const caller = new AsyncLocalStorage<string>();
    t = await sendingApp({ database });
    await t.endpoint();
    const seen = new Set<string | undefined>();
    const look = (): void => void seen.add(caller.getStore());
    vi.spyOn(t.dataSource.logger, 'logQuery').mockImplementation(look);
    t.app.get(EventEmitter2).on('webhooks.delivery.succeeded', look);
    const emit = (): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await Promise.all([caller.run('first', emit), caller.run('second', emit)]);
    await t.settled();
    await caller.run('third', () =>
      t.dataSource.transaction((manager) =>
        t.webhooks.emit('post.published', {}, { tenant: 'acme', manager }).then(() => seen.clear()),
      ),
    );
    seen.delete('third');
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(3);
    expect([...seen]).toEqual([undefined]);
  });
});
