import { Redis } from 'ioredis';
import type { AppProcess } from '../app-process.js';
import { daily } from '../../support/daily.js';
import type { ChaosRun } from '../chaos-run.js';
import { FaultProxy } from '../fault-proxy.js';
import { volume } from '../options.js';
import { OwnServer } from '../own-server.js';
import { holding } from '../recording-receiver.js';
import { MARIADB_BULL, POSTGRES_BULL, POSTGRES_BULLMQ, type Scenario } from '../scenario.js';

const EVENTS = volume(20, 500);

async function redisBehindProxy(chaos: ChaosRun): Promise<FaultProxy> {
  const proxy = await FaultProxy.start(chaos.redis);
  chaos.atEnd(() => proxy.stop());
  chaos.redis = proxy.url;
  return proxy;
}

async function ownRedis(chaos: ChaosRun): Promise<OwnServer> {
  const server = await OwnServer.start('Redis');
  chaos.atEnd(() => server.stop());
  return server;
}

async function ask(server: OwnServer, ...command: [string, ...string[]]): Promise<unknown> {
  const redis = new Redis(server.url);
  try {
    return await redis.call(...command);
  } finally {
    redis.disconnect();
  }
}

async function twoApps(chaos: ChaosRun): Promise<{ emitter: AppProcess; worker: AppProcess }> {
  const emitter = await chaos.app({ worker: false });
  await chaos.endpoint(emitter);
  return { emitter, worker: await chaos.app() };
}

/** What emit promises whatever Redis does. */
const emitsInTime = (chaos: ChaosRun, emitter: AppProcess, count = EVENTS): Promise<unknown> =>
  chaos.within(5_000, 'An emit with Redis away', chaos.emit(emitter, count));

const delivered = (chaos: ChaosRun): Promise<void> =>
  chaos.until('all so far is delivered', async () => (await chaos.pending()) === 0);

export const redisFaults: readonly Scenario[] = [
  {
    name: 'Redis is down when the apps start',
    stacks: daily([POSTGRES_BULL, POSTGRES_BULLMQ], MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const redis = await redisBehindProxy(chaos);
      chaos.fault('Redis down');
      redis.down();
      const { emitter } = await twoApps(chaos);
      await emitsInTime(chaos, emitter);
      redis.heal();
    },
  },
  {
    name: 'Redis goes down while events are emitted',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const redis = await redisBehindProxy(chaos);
      const { emitter } = await twoApps(chaos);
      for (let round = 0; round < volume(2, 10); round++) {
        const emitting = emitsInTime(chaos, emitter);
        chaos.fault('Redis down');
        redis.down();
        await emitting;
        await emitsInTime(chaos, emitter);
        redis.heal();
      }
    },
  },
  {
    name: 'Redis goes down while requests are in flight',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const redis = await redisBehindProxy(chaos);
      const { emitter } = await twoApps(chaos);
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(5);
      chaos.fault('Redis down');
      redis.down();
      held.answerAll();
      await chaos.until(
        'the outcomes are recorded',
        async () => (await chaos.deliveries({ status: 'succeeded' })).length >= 5,
      );
      redis.heal();
    },
  },
  {
    name: 'connections to Redis are half-open',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const redis = await redisBehindProxy(chaos);
      const { emitter } = await twoApps(chaos);
      await chaos.emit(emitter);
      await delivered(chaos);
      chaos.fault('Redis half-open');
      redis.freeze('requests', 'answers');
      await emitsInTime(chaos, emitter);
      chaos.fault('connections cut');
      redis.cut();
      redis.heal();
    },
  },
  {
    name: 'Redis is flushed with retries and new deliveries waiting',
    stacks: daily([POSTGRES_BULL, POSTGRES_BULLMQ], MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const server = await ownRedis(chaos);
      chaos.redis = server.url;
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      await chaos.emit(emitter, EVENTS);
      chaos.fault('FLUSHALL');
      await ask(server, 'FLUSHALL');
      chaos.behaviour = (_, answer) => answer(500);
      await chaos.app();
      await chaos.receiver.received(EVENTS);
      chaos.fault('FLUSHALL');
      await ask(server, 'FLUSHALL');
      await chaos.emit(emitter, EVENTS);
      chaos.behaviour = (_, answer) => answer(200);
    },
  },
  {
    name: 'Redis is restarted empty',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const server = await ownRedis(chaos);
      chaos.redis = server.url;
      const { emitter } = await twoApps(chaos);
      const emitting = emitsInTime(chaos, emitter);
      chaos.fault('Redis killed');
      await server.kill();
      await emitting;
      await emitsInTime(chaos, emitter);
      await server.up();
      await chaos.emit(emitter, EVENTS);
    },
  },
  {
    name: 'Redis is out of memory',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const server = await ownRedis(chaos);
      chaos.redis = server.url;
      const { emitter } = await twoApps(chaos);
      await chaos.emit(emitter);
      await delivered(chaos);
      chaos.fault('maxmemory');
      await ask(server, 'CONFIG', 'SET', 'maxmemory', '1');
      await emitsInTime(chaos, emitter);
      await ask(server, 'CONFIG', 'SET', 'maxmemory', '0');
    },
  },
  {
    name: 'Redis fails over to its replica',
    stacks: [POSTGRES_BULL, POSTGRES_BULLMQ],
    allowsDuplicates: false,
    async run(chaos) {
      const [first, second] = [await ownRedis(chaos), await ownRedis(chaos)];
      const port = (server: OwnServer): [string, string] => ['127.0.0.1', new URL(server.url).port];
      chaos.redis = first.url;
      const proxy = await redisBehindProxy(chaos);
      await ask(second, 'REPLICAOF', ...port(first));
      const { emitter } = await twoApps(chaos);
      await chaos.emit(emitter);
      await delivered(chaos);
      chaos.fault('REPLICAOF: read-only');
      await ask(second, 'REPLICAOF', 'NO', 'ONE');
      await ask(first, 'REPLICAOF', ...port(second));
      await emitsInTime(chaos, emitter);
      chaos.fault('failed over');
      proxy.target = new URL(second.url);
      proxy.cut();
      await chaos.emit(emitter, EVENTS);
    },
  },
];
