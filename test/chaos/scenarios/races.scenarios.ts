import { daily } from '../../support/daily.js';
import type { AppProcess } from '../app-process.js';
import type { AppRole, ChaosRun } from '../chaos-run.js';
import { volume } from '../options.js';
import { holding } from '../recording-receiver.js';
import { MARIADB_BULL, MYSQL, POSTGRES, POSTGRES_BULL, SQLITE, type Scenario } from '../scenario.js';

const EVENTS = volume(20, 500);
const HOUR = 3_600_000;

const apps = (chaos: ChaosRun, count: number, role: AppRole = {}): Promise<AppProcess[]> =>
  Promise.all(Array.from({ length: count }, () => chaos.app(role)));

export const races: readonly Scenario[] = [
  {
    name: 'workers are woken again and again while they work',
    stacks: daily([POSTGRES_BULL], POSTGRES),
    allowsDuplicates: false,
    async run(chaos) {
      const app = await chaos.app();
      await chaos.endpoint(app);
      const held = holding(1);
      chaos.behaviour = held;
      await chaos.emit(app, EVENTS);
      chaos.fault('wake-ups repeated');
      await app.send('wake', { times: 100 });
      held.answerAll();
      await chaos.emit(app, EVENTS);
      await app.send('wake', { times: 100 });
    },
  },
  {
    name: 'a worker stands still past its lease, and records late',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: true,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const stalled = await chaos.app();
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(3);
      chaos.fault('SIGSTOP');
      stalled.signal('SIGSTOP');
      held.answerAll();
      await chaos.app();
      await chaos.until('another has sent what it held', async () => (await chaos.pending()) === 0);
      chaos.fault('SIGCONT');
      stalled.signal('SIGCONT');
      // It has read its answers and tried to record them when it answers this.
      await chaos.call(stalled, 'deliveries.list', { tenant: 'acme' }, { limit: 1 });
    },
  },
  {
    name: 'an event loop is blocked past Bull’s lock',
    stacks: [POSTGRES_BULL],
    allowsDuplicates: true,
    async run(chaos) {
      const bull = { lockDuration: 500, lockRenewTime: 250, stalledInterval: 200 };
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      const blocked = await chaos.app({
        bull,
        fault: { point: 'before the request', strike: 'block', ms: 4_000 },
      });
      await chaos.emit(emitter, EVENTS);
      chaos.fault('event loop blocked');
      await blocked.struck;
      await chaos.app({ bull });
    },
  },
  {
    name: 'four apps fan out and claim at once',
    heavy: true,
    stacks: daily([POSTGRES_BULL, MYSQL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      // More processes than processors: one that waits for its turn must not look like one that stands still.
      const all = await apps(chaos, 4, { webhooks: { delivery: { lease: '15s' } } });
      const onlyEmits = await chaos.app({ worker: false });
      for (let count = 0; count < 4; count++) await chaos.endpoint(onlyEmits);
      for (let round = 0; round < volume(2, 20); round++) {
        chaos.fault('race');
        await Promise.all([...all, onlyEmits].map((app) => chaos.emit(app, EVENTS / 2)));
      }
    },
  },
  {
    name: 'two apps emit with one idempotency key at once',
    stacks: daily([POSTGRES_BULL, MYSQL, SQLITE], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const both = await apps(chaos, 2);
      await chaos.endpoint(both[0]!);
      for (let key = 0; key < EVENTS; key++) {
        chaos.fault('race');
        await Promise.all(both.map((app) => chaos.emit(app, 2, { key: `key-${key}` })));
      }
    },
  },
  {
    name: 'deliveries are resent by hand while they are retried',
    stacks: daily([POSTGRES], POSTGRES_BULL, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const [one, other] = await apps(chaos, 2);
      await chaos.endpoint(one!);
      chaos.behaviour = ({ attempt }, answer) => answer(attempt < 3 ? 500 : 200);
      await chaos.emit(one!, 5);
      while ((await chaos.pending()) > 0) {
        chaos.fault('resends');
        const deliveries = await chaos.deliveries({ status: 'pending' });
        const resends = deliveries.flatMap(({ id }) =>
          [one!, other!].map((app) =>
            chaos.call(app, 'deliveries.retry', 'acme', id).then(
              () => chaos.ledger.resends++,
              // It is being sent, or the limit has been reached.
              () => undefined,
            ),
          ),
        );
        await Promise.all(resends);
      }
      if (chaos.ledger.resends === 0) throw new Error('No resend was taken.');
    },
  },
  {
    name: 'clocks are an hour apart',
    stacks: daily([POSTGRES, MARIADB_BULL], POSTGRES_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      chaos.fault('clock an hour behind');
      const behind = await chaos.app({ worker: false, clockOffsetMs: -HOUR });
      await chaos.endpoint(behind);
      await chaos.app();
      chaos.fault('clock an hour ahead');
      const ahead = await chaos.app({ clockOffsetMs: HOUR });
      chaos.behaviour = ({ attempt }, answer) => answer(attempt < 2 ? 500 : 200);
      await Promise.all([chaos.emit(behind, EVENTS), chaos.emit(ahead, EVENTS)]);
    },
  },
];
