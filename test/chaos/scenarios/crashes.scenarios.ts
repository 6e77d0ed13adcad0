import { daily } from '../../support/daily.js';
import { holding } from '../recording-receiver.js';
import { MARIADB_BULL, POSTGRES, POSTGRES_BULL, SQLITE, type Scenario } from '../scenario.js';
import { EVERYWHERE, FAST, volume } from '../options.js';

const EVENTS = volume(20, 500);

export const crashes: readonly Scenario[] = [
  {
    name: 'a worker is killed before its request',
    stacks: EVERYWHERE,
    allowsDuplicates: false,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const victim = await chaos.app({ fault: { point: 'before the request', strike: 'kill' } });
      chaos.fault('kill -9');
      await chaos.emit(emitter, EVENTS);
      await victim.ended;
      await chaos.app();
    },
  },
  {
    name: 'a worker is killed during its requests',
    stacks: EVERYWHERE,
    allowsDuplicates: true,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const victim = await chaos.app();
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(3);
      chaos.fault('kill -9');
      await victim.kill();
      held.answerAll();
      await chaos.app();
    },
  },
  {
    name: 'a worker is killed after the 2xx and before the record',
    stacks: EVERYWHERE,
    allowsDuplicates: true,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const victim = await chaos.app({ fault: { point: 'before the record', strike: 'kill' } });
      chaos.fault('kill -9');
      await chaos.emit(emitter, EVENTS);
      await victim.ended;
      await chaos.app();
    },
  },
  {
    name: 'one delivery kills two workers',
    stacks: daily([POSTGRES_BULL], SQLITE),
    allowsDuplicates: true,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      for (const point of ['before the record', 'before the request'] as const) {
        const victim = await chaos.app({ fault: { point, strike: 'kill' } });
        chaos.fault('kill -9');
        if (chaos.ledger.emits.length === 0) await chaos.emit(emitter);
        await victim.ended;
      }
      await chaos.app();
    },
  },
  {
    name: 'an app is killed between commit and hand-over',
    stacks: EVERYWHERE,
    allowsDuplicates: false,
    async run(chaos) {
      const victim = await chaos.app({ webhooks: { delivery: { pollInterval: '1h' } } });
      await chaos.endpoint(victim);
      await victim.send('arm', { point: 'before the hand-over', strike: 'kill' });
      chaos.fault('kill -9');
      await chaos.emit(victim, EVENTS);
      await victim.ended;
      // One at least was committed, and nobody was told.
      if ((await chaos.pending()) === 0) throw new Error('It was killed too early.');
      await chaos.emit(await chaos.app());
    },
  },
  {
    name: 'a worker is asked to stop with requests in flight',
    stacks: daily([POSTGRES_BULL], POSTGRES),
    allowsDuplicates: false,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const worker = await chaos.app();
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(5);
      chaos.fault('SIGTERM');
      worker.signal('SIGTERM');
      held.answerAll();
      await worker.ended;
      await chaos.app();
    },
  },
  {
    name: 'the grace of a worker that stops runs out',
    stacks: daily([POSTGRES], POSTGRES_BULL),
    allowsDuplicates: true,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const worker = await chaos.app();
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(5);
      chaos.fault('SIGTERM');
      worker.signal('SIGTERM');
      // What waited in its lanes has gone back to its rows: it is stopping, and waits for what is in flight.
      await chaos.until('it has given back what waits', async () =>
        (await chaos.deliveries()).some(({ leaseToken }) => leaseToken === null),
      );
      chaos.fault('kill -9');
      await worker.kill();
      held.answerAll();
      await chaos.app();
    },
  },
  {
    name: 'an old and a new version of the app run side by side',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const old = await chaos.app();
      await chaos.endpoint(old);
      await chaos.emit(old, EVENTS);
      const renewed = await chaos.app({
        webhooks: {
          events: { ...FAST.events, 'post.deleted': {} },
          retry: { schedule: ['1s'] },
          delivery: { timeout: '2s', lease: '4s', endpointConcurrency: 2 },
        },
      });
      const meanwhile = Promise.all([
        chaos.emit(old, EVENTS),
        chaos.emit(renewed, EVENTS, { type: 'post.deleted' }),
        chaos.emit(renewed, EVENTS),
      ]);
      chaos.fault('schema of a later version');
      for (const { tableName } of chaos.dataSource.entityMetadatas)
        await chaos.dataSource.query(`ALTER TABLE ${tableName} ADD COLUMN later int NULL`);
      await meanwhile;
      chaos.fault('SIGTERM');
      const late = chaos.emit(old, EVENTS);
      old.signal('SIGTERM');
      await Promise.all([late, chaos.emit(renewed, EVENTS, { type: 'post.deleted' }), old.ended]);
    },
  },
];
