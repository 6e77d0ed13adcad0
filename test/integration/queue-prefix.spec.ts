import { getQueueToken } from '@nestjs/bull';
import { Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { migratedDatabase } from '../support/bare-app.js';
import type { TestDatabase } from '../support/databases.js';
import { redisFor } from '../support/redis.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  vi.restoreAllMocks();
});

const start = async (options: SendingAppOptions): Promise<SendingApp> => {
  const t = await sendingApp({ queue: 'bull', ...options });
  cleanups.push(() => t.stop());
  return t;
};
const withDefault = (on: TestDatabase): Promise<SendingApp> =>
  start({
    on,
    webhooks: { redis: redisFor().redis, redisPrefix: undefined } as SendingAppOptions['webhooks'],
  });
const database = async (kind: 'postgres' | 'mariadb' | 'mysql'): Promise<TestDatabase> => {
  const made = await migratedDatabase(kind);
  cleanups.push(() => made.drop());
  return made;
};
const prefixOf = ({ app }: SendingApp): string => {
  const queue = app.get<Queue>(getQueueToken('webhooks'));
  return queue.toKey('').replace(/:webhooks:$/, '');
};

describe.each(['postgres', 'mariadb', 'mysql'] as const)('The default prefix in Redis, on %s', (kind) => {
  it('is the same for all processes of a database, and differs between databases', async () => {
    const [first, second] = [await database(kind), await database(kind)];
    const one = prefixOf(await withDefault(first));

    expect(one).toMatch(/^\{webhooks-[0-9a-f]{8}\}$/);
    expect(prefixOf(await withDefault(first))).toBe(one);
    expect(prefixOf(await withDefault(second))).not.toBe(one);
  });
});

it('The default prefix is the same for a PostgreSQL that is reached by two names', async () => {
  const first = await database('postgres');
  const { url } = first.options as { url: string };
  const byName = {
    ...first,
    options: { ...first.options, url: url.replace('127.0.0.1', 'localhost') },
  } as TestDatabase;

  expect(url).not.toBe((byName.options as { url: string }).url);
  expect(prefixOf(await withDefault(byName))).toBe(prefixOf(await withDefault(first)));
});

it('Two databases under one prefix cause a warning, two processes of one database do not', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const told = (): unknown[] =>
    warn.mock.calls.filter(([line]) => String(line).includes('for another database'));
  const [first, second] = [await database('postgres'), await database('postgres')];
  const { redisPrefix } = redisFor();
  const look = async (on: TestDatabase): Promise<void> => {
    const { app } = await start({ on, redisPrefix });
    await app.get<Queue>(getQueueToken('webhooks')).client.ping();
    await new Promise((resolve) => setTimeout(resolve, 50));
  };

  await look(first);
  await look(first);
  expect(told()).toEqual([]);
  await look(second);
  expect(told()).toHaveLength(1);
});
