import type { WebhookSecretView } from 'nestjs-webhooks';
import type { AppProcess } from '../app-process.js';
import { daily } from '../../support/daily.js';
import type { ChaosRun } from '../chaos-run.js';
import { volume } from '../options.js';
import { holding } from '../recording-receiver.js';
import { MARIADB, MARIADB_BULL, POSTGRES, POSTGRES_BULL, SQLITE, type Scenario } from '../scenario.js';

const EVENTS = volume(20, 500);
const ENDPOINTS = 20;

/** An app with requests in flight, none of them answered yet. */
async function inFlight(
  chaos: ChaosRun,
  options: { mayMiss?: boolean } = {},
): Promise<{ app: AppProcess; id: string; held: ReturnType<typeof holding> }> {
  const app = await chaos.app();
  const { id } = await chaos.endpoint(app, options);
  const held = holding();
  chaos.behaviour = held;
  await chaos.emit(app, EVENTS);
  await chaos.receiver.received(5);
  return { app, id, held };
}

export const changes: readonly Scenario[] = [
  {
    name: 'one of its endpoints is deleted in flight',
    stacks: daily([MARIADB], POSTGRES_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const beside = await chaos.app();
      await chaos.endpoint(beside);
      const { app, id, held } = await inFlight(chaos, { mayMiss: true });
      chaos.fault('endpoint deleted');
      await chaos.call(app, 'endpoints.delete', 'acme', id);
      held.answerAll();
      await chaos.emit(app, EVENTS);
    },
  },
  {
    name: 'an endpoint is turned off in flight, on again, and recovered',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const since = Date.now();
      const { app, id, held } = await inFlight(chaos);
      chaos.fault('endpoint off');
      await chaos.call(app, 'endpoints.update', 'acme', id, { active: false });
      held.answerAll();
      await chaos.emit(app, EVENTS);
      await chaos.until('what came due is canceled', async () => (await chaos.pending()) === 0);
      await chaos.call(app, 'endpoints.update', 'acme', id, { active: true });
      await chaos.call(app, 'deliveries.recover', 'acme', id, since);
    },
  },
  {
    name: 'an endpoint’s URL is changed in flight',
    stacks: daily([POSTGRES], POSTGRES_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const { app, id, held } = await inFlight(chaos);
      chaos.fault('URL changed');
      chaos.ledger.endpoints[0]!.paths.push('/moved');
      const url = `http://127.0.0.1:${chaos.receiver.port}/moved`;
      await chaos.call(app, 'endpoints.update', 'acme', id, { url });
      held.answerAll(500);
      await chaos.receiver.received(5, ({ path }) => path === '/moved');
    },
  },
  {
    name: 'secrets are rotated in flight',
    stacks: daily([POSTGRES_BULL], MARIADB),
    allowsDuplicates: false,
    async run(chaos) {
      const { app, id, held } = await inFlight(chaos);
      const { secrets } = chaos.ledger.endpoints[0]!;
      for (const overlapMs of [3_600_000, 0, 3_600_000]) {
        chaos.fault('secret rotated');
        // The oracle must know it before the first request that is signed with it is judged: that is at the end.
        const rotated = chaos.call<WebhookSecretView>(app, 'endpoints.rotateSecret', 'acme', id, overlapMs);
        const emitting = chaos.emit(app, EVENTS);
        secrets.push((await rotated).secret);
        await emitting;
      }
      held.answerAll(500);
    },
  },
  {
    name: 'DNS is down for a while',
    stacks: daily([POSTGRES], POSTGRES_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const host = 'receiver.chaos.test';
      const app = await chaos.app();
      await app.send('resolveNames', { [host]: null });
      await chaos.endpoint(app, { host });
      chaos.fault('DNS down');
      await chaos.emit(app, EVENTS);
      await chaos.until('an attempt has failed', async () =>
        (await chaos.deliveries()).some(({ errorCode }) => errorCode === 'dns'),
      );
      await app.send('resolveNames', { [host]: '127.0.0.1' });
    },
  },
  {
    name: 'an endpoint never answers well, and a worker is killed meanwhile',
    stacks: daily([MARIADB], POSTGRES_BULL),
    allowsDuplicates: true,
    settlesIn: 120_000,
    async run(chaos) {
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      await chaos.emit(emitter);
      const first = await chaos.app();
      await chaos.receiver.received(1);
      await chaos.until('it is recorded', async () => (await chaos.pending()) === 0);
      chaos.fault('receiver down');
      chaos.behaviour = (_, answer) => answer(503);
      await chaos.emit(emitter, EVENTS);
      await chaos.receiver.received(EVENTS);
      chaos.fault('kill -9');
      await first.kill();
      await chaos.app();
    },
  },
  {
    name: 'retention prunes beside it',
    stacks: daily([POSTGRES_BULL, SQLITE], MARIADB_BULL),
    allowsDuplicates: false,
    pruned: true,
    async run(chaos) {
      const app = await chaos.app({ webhooks: { retention: '300ms' } });
      await chaos.endpoint(app);
      // Half of them wait for a retry when they are old enough.
      let count = 0;
      chaos.behaviour = ({ attempt }, answer) => answer(attempt < 3 && count++ % 2 ? 500 : 200);
      let pruned = 0;
      for (let round = 0; round < volume(10, 100) || pruned === 0; round++) {
        await chaos.emit(app, 5);
        chaos.fault('prune');
        const { deliveries } = await app.send<{ deliveries: number }>('prune');
        pruned += deliveries;
      }
    },
  },
  {
    name: 'a tenant has a mountain of deliveries waiting',
    heavy: true,
    stacks: daily([POSTGRES_BULL], POSTGRES),
    allowsDuplicates: true,
    settlesIn: volume(120_000, 800_000),
    async run(chaos) {
      const mountain = volume(5_000, 100_000);
      const emitter = await chaos.app({ worker: false });
      for (let count = 0; count < ENDPOINTS; count++) await chaos.endpoint(emitter);
      const { path } = await chaos.endpoint(emitter, { tenant: 'newcomer' });
      for (let left = mountain / ENDPOINTS; left > 0; left -= 250) await chaos.emit(emitter, 250);
      chaos.fault(`${mountain} waiting`);
      const worker = await chaos.app();
      await chaos.receiver.received(100);
      const before = chaos.receiver.requests.length;
      await chaos.emit(emitter, 1, { tenant: 'newcomer' });
      await chaos.receiver.received(1, (request) => request.path === path);
      const overtaken = chaos.receiver.requests.length - before;
      // What the queue has room for, and what is on its way, comes first.
      if (overtaken > 3_000) throw new Error(`The newcomer waited for ${overtaken} others.`);
      let most = 0;
      const workedOff = async (): Promise<boolean> => {
        most = Math.max(most, await worker.send<number>('memory'));
        return (await chaos.pending()) === 0;
      };
      await chaos.until('the mountain is gone', workedOff, volume(120_000, 800_000));
      const megabytes = Math.round(most / 1_048_576);
      if (megabytes > 400) throw new Error(`The worker held ${megabytes} MB.`);
    },
  },
];
