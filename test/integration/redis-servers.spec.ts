import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BullModule } from '@nestjs/bull';
import { BullModule as BullmqModule } from '@nestjs/bullmq';
import type { DynamicModule } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { OwnServer } from '../chaos/own-server.js';
import { createCertificates } from '../support/certificates.js';
import { connected, redisQueue, type QueueLibrary, type RedisOptions } from '../support/redis-queues.js';

const LIBRARIES = ['Bull', 'BullMQ'] as const;

const started: TestingModule[] = [];
const clients: Cluster[] = [];
afterEach(async () => {
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
): Promise<void> {
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
  await until(() => {
    emits.wake();
    return calls.every((count) => count > 0);
  });
}

describe('Over a Redis Cluster of two nodes', () => {
  let nodes: { host: string; port: number }[];

  beforeAll(async () => {
    const own = await Promise.all([1, 2].map(() => server('--cluster-enabled', 'yes')));
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
});

describe('Over TLS', () => {
  const { valid } = createCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-redis-'));
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const [key, cert] = (['key', 'cert'] as const).map((name) => join(folder, `${name}.pem`)) as [
      string,
      string,
    ];
    writeFileSync(key, valid.key);
    writeFileSync(cert, valid.cert);
    const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-ca-cert-file', cert];
    await server('--tls-port', String(port), '--tls-auth-clients', 'no', ...files);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(LIBRARIES)('%s wakes workers', async (library) => {
    const tls = { ca: valid.cert, servername: 'hooks.example.com' };
    await expectWakeUps(library, { redis: { host: '127.0.0.1', port, tls } });
  });
});
