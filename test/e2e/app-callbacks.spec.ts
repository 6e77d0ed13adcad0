import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import {
  EmitsWebhook,
  WebhookEvent,
  type WebhookDuration,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import type { EntityManager } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const MINUTE = 60_000;

const iso = (ms: number): string => new Date(ms).toISOString();

let t: SendingApp;
const unhandled: unknown[] = [];
const keep = (reason: unknown): unknown => unhandled.push(reason);

beforeEach(() => void process.on('unhandledRejection', keep));
afterEach(async () => {
  await t.stop();
  process.off('unhandledRejection', keep);
  vi.restoreAllMocks();
  expect(unhandled.splice(0)).toEqual([]);
});

const logged = (): string[] => errors.map(String);
let errors: unknown[] = [];
const start = async (
  webhooks: Partial<WebhooksModuleOptions> = {},
  options: SendingAppOptions = {},
): Promise<void> => {
  errors = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void errors.push(message));
  t = await sendingApp({ ...options, webhooks });
  await t.endpoint();
};
const emit = async (): Promise<void> => {
  await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  await t.settled();
};
const latest = async () => (await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 1 })).data[0]!;

describe('A listener of lifecycle events', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('listener broke');
      },
      'listener broke',
    ],
    [
      'throws no error',
      () => {
        throw undefined;
      },
      'undefined',
    ],
    [
      'rejects',
      async () => {
        throw new Error('listener broke');
      },
      'listener broke',
    ],
    [
      'rejects later, with no error',
      () => new Promise((_, reject) => setTimeout(reject, 1, 'a text')),
      'a text',
    ],
    [
      'rejects with what can’t be shown',
      async () => {
        throw {
          toString: () => {
            throw new Error();
          },
        };
      },
      'object',
    ],
  ])('that %s changes nothing, and is logged', async (_, listener, text) => {
    await start();
    t.app.get(EventEmitter2).on('webhooks.delivery.succeeded', listener);
    await emit();
    await emit();

    expect(await latest()).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    const told = `A listener of webhooks.delivery.succeeded threw: ${text}`;
    await vi.waitFor(() => expect(logged().filter((line) => line === told)).toHaveLength(2));
    await t.after(60 * MINUTE);
    expect(t.receiver.arrivals).toHaveLength(2);
  });
});

describe('A retry.schedule that is valid at the start', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('No config.');
      },
      'an error (No config.)',
    ],
    ['gives a promise', async () => '1m', 'a promise'],
    [
      'rejects',
      async () => {
        throw new Error('No config.');
      },
      'a promise',
    ],
    ['gives NaN', () => Number.NaN, 'NaN'],
    ['gives a negative number', () => -5, '-5'],
    ['gives Infinity', () => Infinity, 'Infinity'],
    ['gives 0', () => 0, '0'],
    ['gives a text', () => 'soon', '"soon"'],
    ['gives nothing', () => undefined, 'undefined'],
    ['gives more than a date can hold', () => Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('and %s later is logged, and the default schedule decides', async (_, later, got) => {
    let ask: (made: number) => WebhookDuration | null = (made) => (made < 3 ? made * MINUTE : null);
    await start({ retry: { schedule: (made) => ask(made) } });
    ask = later as typeof ask;
    t.receiver.answer = 500;
    await emit();

    const first = t.clock.now();
    expect(await latest()).toMatchObject({
      status: 'pending',
      attemptCount: 1,
      nextAttemptAt: iso(first + 5 * MINUTE),
    });
    expect(logged()).toContain(
      `retry.schedule must give a duration or null, got ${got} after 1 attempts. The default schedule decides.`,
    );
    await t.after(5 * MINUTE);
    expect(await latest()).toMatchObject({ attemptCount: 2, nextAttemptAt: iso(first + 15 * MINUTE) });
  });

  it('and later returns the same offset again and again causes no burst of requests', async () => {
    let ask: (made: number) => WebhookDuration | null = (made) => (made < 3 ? made * MINUTE : null);
    await start({ retry: { schedule: (made) => ask(made) } });
    ask = () => 1;
    t.receiver.answer = 500;
    await emit();
    await t.after(1);

    expect(await latest()).toMatchObject({ attemptCount: 2, nextAttemptAt: iso(t.clock.now() + MINUTE) });
  });
});

describe('A down of a version that was right at the start', () => {
  it.each<[string, () => unknown]>([
    ['rejects', async () => Promise.reject(new Error('No table.'))],
    ['gives a promise', async () => ({})],
    [
      'throws',
      () => {
        throw new Error('No table.');
      },
    ],
  ])('and %s later is a failed attempt of its own code, and is tried again', async (_, later) => {
    let down: () => unknown = () => ({});
    await start({
      versions: { '2025-01-01': {}, '2026-01-01': {} },
      events: { 'post.published': { versions: { '2025-01-01': { down: () => down() } } } },
    });
    const { id } = await t.endpoint({ version: '2025-01-01' });
    down = later;
    await emit();

    const { data } = await t.webhooks.deliveries.ofEndpoint({ tenant: 'acme', endpointId: id }, { limit: 9 });
    expect(data).toMatchObject([{ status: 'pending', attemptCount: 1, errorCode: 'representation-failed' }]);
    down = () => ({ of: 'the first version' });
    await t.after(5 * MINUTE);
    expect(t.receiver.arrivals.at(-1)!.body).toContain('the first version');
  });
});

describe('The functions of a mapping', () => {
  const events = async (): Promise<unknown[]> =>
    (await t.dataSource.getRepository(WebhookEvent).find({ order: { id: 'ASC' } })).map(
      ({ tenant, body, idempotencyKey }) => [tenant, JSON.parse(body).data, idempotencyKey],
    );

  it('may be async', async () => {
    @Injectable()
    class Posts {
      @EmitsWebhook('post.published', {
        when: async ({ isPublic }) => isPublic,
        data: async ({ id }) => ({ id }),
        tenant: async () => 'acme',
        idempotencyKey: async ({ id }) => id,
      })
      async publish(post: { id: string; isPublic: boolean }): Promise<{ id: string; isPublic: boolean }> {
        return post;
      }
    }
    await start({}, { providers: [Posts] });
    await t.app.get(Posts).publish({ id: 'p1', isPublic: false });
    await t.app.get(Posts).publish({ id: 'p2', isPublic: true });

    expect(await events()).toEqual([['acme', { id: 'p2' }, 'p2']]);
  });

  it.each([
    [
      'a text',
      () => {
        throw 'no such order';
      },
      'no such order',
    ],
    [
      'nothing',
      () => {
        throw undefined;
      },
      'undefined',
    ],
    [
      'a rejection',
      async () => {
        throw new Error('no such order');
      },
      'no such order',
    ],
  ])('of a domain event may throw %s: it is logged, and nothing is emitted', async (_, broken, text) => {
    const mapping = { on: 'post.made', data: async () => Promise.reject(new Error('first')), tenant: broken };
    await start({
      events: {
        'post.created': { on: { on: 'post.made', tenant: 'acme', when: broken as never } },
        'post.published': { on: mapping as never },
      },
    });
    t.app.get(EventEmitter2).emit('post.made', {});
    await vi.waitFor(() => expect(logged()).toContain(`post.made → post.created: ${text}`));

    expect(await events()).toEqual([]);
  });
});

describe('The option transaction', () => {
  const withManager = (manager: () => unknown): Promise<void> =>
    start({ transaction: { useFactory: () => manager as () => EntityManager } });

  it('that returns a rejected promise fails only the emit', async () => {
    await withManager(async () => Promise.reject(new Error('No context.')));
    await expect(emit()).rejects.toMatchObject({ code: 'webhooks/transaction-unknown' });
  });

  it('that returns a connection without a transaction of TypeORM is refused', async () => {
    await withManager(() => runner.manager);
    const runner = t.dataSource.createQueryRunner();
    await runner.query('BEGIN');
    await expect(emit()).rejects.toMatchObject({
      code: 'webhooks/transaction-unknown',
      message: expect.stringContaining("query('BEGIN')"),
    });
    await runner.query('ROLLBACK');
    expect(await t.dataSource.manager.count(WebhookEvent)).toBe(0);
  });
});

it('A logger of the app that throws changes nothing', async () => {
  await start({ retry: { schedule: ['5m'] } });
  vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {
    throw new Error('The log is away.');
  });
  t.app.get(EventEmitter2).on('webhooks.delivery.succeeded', async () => {
    throw new Error('listener broke');
  });
  await emit();

  expect(await latest()).toMatchObject({ status: 'succeeded' });
});
