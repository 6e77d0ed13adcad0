import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BullModule } from '@nestjs/bull';
import { BullModule as BullmqModule } from '@nestjs/bullmq';
import type { DynamicModule } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebhooksLogger } from '../../lib/config/webhooks-logger.js';
import { WEBHOOKS_QUEUE } from '../../lib/config/tokens.js';
import type { WebhookQueue } from '../../lib/dispatch/webhook-queue.js';
import { OwnServer } from '../chaos/own-server.js';
import { createCertificates } from '../support/certificates.js';
import { connected, redisQueue, type QueueLibrary, type RedisOptions } from '../support/redis-queues.js';

const LIBRARIES = ['Bull', 'BullMQ'] as const;

const started: TestingModule[] = [];
const clients: Cluster[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(started.splice(0).map((module) => module.close()));
  for (const client of clients.splice(0)) client.disconnect();
});

const servers: OwnServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));

const server = async (...options: string[]): Promise<OwnServer> => {
  const one = await OwnServer.start('Redis', ...options);
  servers.push(one);
  return one;
};
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const holder = createServer().listen(0, '127.0.0.1', () => {
      const { port } = holder.address() as AddressInfo;
      holder.close(() => resolve(port));
    });
  });
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Of one process to another, and of a full worker to the other one. */
async function expectWakeUps(
  library: QueueLibrary,
  options: RedisOptions,
  root: () => DynamicModule[] = () => [],
): Promise<() => Promise<void>> {
  const queueOf = async (worker: boolean): Promise<Awaited<ReturnType<typeof redisQueue>>['queue']> => {
    const { module, queue } = await redisQueue(library, options, worker, root());
    started.push(module);
    await connected(queue);
    return queue;
  };
  const emits = await queueOf(false);
  const calls = [0, 0];
  for (const worker of calls.keys()) (await queueOf(true)).onWake(async () => ++calls[worker]! > 0);
  // A worker's own connections may come a little later.
  const wakes = (): Promise<void> => {
    calls.fill(0);
    return until(() => {
      emits.wake();
      return calls.every((count) => count > 0);
    });
  };
  await wakes();
  return wakes;
}

/** Over a Redis that can't be used: the app tells of it once, finds what is due itself, and closes at once. */
async function expectOneOutage(
  library: QueueLibrary,
  options: RedisOptions,
  root: () => DynamicModule[] = () => [],
): Promise<void> {
  const told = vi.spyOn(WebhooksLogger.prototype, 'error').mockReturnValue();
  // ioredis prints what comes while BullMQ closes.
  const printed = vi.spyOn(console, 'error').mockReturnValue();
  const { module, queue } = await redisQueue(library, options, true, root());
  let calls = 0;
  queue.onWake(async () => ++calls < 0);
  // Long enough for some connections.
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve, 300));
  queue.wake();
  await vi.waitFor(() => expect(calls).toBe(1));
  expect(await queue.problem()).toContain('Redis does not answer');
  const since = performance.now();
  await module.close();
  expect(performance.now() - since).toBeLessThan(1_500);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(told.mock.calls).toEqual([[expect.stringContaining('Redis does not work')]]);
  expect(printed.mock.calls.filter(([text]) => !String(text).startsWith('[ioredis]'))).toEqual([]);
}

describe('Over a Redis Cluster of two nodes', () => {
  let own: OwnServer[];
  let nodes: { host: string; port: number }[];

  beforeAll(async () => {
    own = await Promise.all([1, 2].map(() => server('--cluster-enabled', 'yes')));
    nodes = own.map(({ url }) => ({ host: '127.0.0.1', port: Number(new URL(url).port) }));
    const admins = nodes.map(({ host, port }) => new Redis(port, host));
    await admins[0]!.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await admins[1]!.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    await admins[0]!.call('CLUSTER', 'MEET', '127.0.0.1', String(nodes[1]!.port));
    const isUp = async (admin: Redis): Promise<boolean> =>
      String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
    await until(async () => (await Promise.all(admins.map(isUp))).every(Boolean));
    for (const admin of admins) admin.disconnect();
  });

  const cluster = (options: object = {}): Cluster => {
    const client = new Cluster(nodes.slice(0, 1), {
      redisOptions: { maxRetriesPerRequest: null },
      ...options,
    });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const rootOf = (library: QueueLibrary): DynamicModule =>
    library === 'Bull'
      ? BullModule.forRoot({ createClient: () => cluster({ enableReadyCheck: false }) as never })
      : BullmqModule.forRoot({ connection: cluster() });

  it.each(LIBRARIES)('%s wakes workers, whichever node has the keys', async (library) => {
    // The second node has the slot of a, and the first that of b.
    for (const redisPrefix of ['{a}', '{b}']) {
      await expectWakeUps(library, { redisPrefix }, () => [rootOf(library)]);
    }
  });

  it('both wake workers again once killed nodes are back, and each queue tells of it once', async () => {
    const told = vi.spyOn(WebhooksLogger.prototype, 'error').mockReturnValue();
    const wakes = await Promise.all(
      LIBRARIES.map((library) => expectWakeUps(library, { redisPrefix: '{a}' }, () => [rootOf(library)])),
    );
    await Promise.all(own.map((node) => node.kill()));
    // One that has no connection to a node learns that the node is away when it needs it.
    const queues = started.map((module) => module.get<WebhookQueue>(WEBHOOKS_QUEUE, { strict: false }));
    const needed = (): void => {
      for (const queue of queues) queue.wake();
      expect(told).toHaveBeenCalledTimes(queues.length);
    };
    await vi.waitFor(needed, { timeout: 10_000, interval: 100 });
    await Promise.all(own.map((node) => node.up('--cluster-enabled', 'yes')));
    await Promise.all(wakes.map((wake) => wake()));
    expect(told).toHaveBeenCalledTimes(queues.length);
  });
});

describe('Over a Redis Cluster without reachable nodes', () => {
  const cluster = (options: object = {}): Cluster => {
    const client = new Cluster([{ host: '127.0.0.1', port: 1 }], {
      redisOptions: { maxRetriesPerRequest: null },
      clusterRetryStrategy: () => 50,
      ...options,
    });
    clients.push(client);
    return client;
  };

  it.each(LIBRARIES)('%s tells of it once, and closes', async (library) => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    await expectOneOutage(library, { redisPrefix: '{a}' }, () => [
      library === 'Bull'
        ? BullModule.forRoot({ createClient: () => cluster({ enableReadyCheck: false }) as never })
        : BullmqModule.forRoot({ connection: cluster() }),
    ]);
    // The app's clients go on after our queue, whose errors ioredis would print.
    expect(printed.mock.calls).toEqual([]);
  });
});

describe('Over TLS', () => {
  const { valid } = createCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-redis-'));
  let port: number;
  let strictPort: number;

  beforeAll(async () => {
    [port, strictPort] = [await freePort(), await freePort()];
    const [key, cert] = (['key', 'cert'] as const).map((name) => join(folder, `${name}.pem`)) as [
      string,
      string,
    ];
    writeFileSync(key, valid.key);
    writeFileSync(cert, valid.cert);
    const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-ca-cert-file', cert];
    await Promise.all([
      server('--tls-port', String(port), '--tls-auth-clients', 'no', ...files),
      server('--tls-port', String(strictPort), '--tls-auth-clients', 'yes', ...files),
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(LIBRARIES)('%s wakes workers', async (library) => {
    const tls = { ca: valid.cert, servername: 'hooks.example.com' };
    await expectWakeUps(library, { redis: { host: '127.0.0.1', port, tls } });
  });

  it.each(LIBRARIES)('%s tells once of a certificate that it does not trust, and closes', (library) => {
    const tls = { servername: 'hooks.example.com' };
    return expectOneOutage(library, { redis: { host: '127.0.0.1', port, tls, retryStrategy: () => 50 } });
  });

  it.each(LIBRARIES)('%s tells once of a server that wants a certificate, and closes', (library) => {
    const tls = { ca: valid.cert, servername: 'hooks.example.com' };
    return expectOneOutage(library, {
      redis: { host: '127.0.0.1', port: strictPort, tls, retryStrategy: () => 50 },
    });
  });
});

describe('For a user of Redis who may not ask for INFO', () => {
  let redis: string;

  beforeAll(async () => {
    const { url } = await server();
    const admin = new Redis(url);
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '&*', '+@all', '-info');
    admin.disconnect();
    redis = url.replace('//', '//app:secret@');
  });

  it('Bull wakes workers', () => expectWakeUps('Bull', { redis }));

  it('BullMQ, which needs it, tells of it once, and its process goes on', () =>
    expectOneOutage('BullMQ', { redis }));
});
