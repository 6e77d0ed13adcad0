import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookAttempt, WebhookDelivery, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { daily } from '../support/daily.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { killScripts, runScript, type ScriptStep } from '../support/script.js';
import { EVENTS, sendingApp, type SendingApp } from '../support/sending-app.js';
import { redisFor } from '../support/redis.js';

const EMITTED = 60;
const DUE = { deliverDue: { timeout: '20s' } } as const;
const ALL = { succeeded: EMITTED, retrying: 0, failed: 0, canceled: 0, left: 0 };
/** Of a process that is a worker, too: what it had sent before it called `deliverDue` is not counted. */
const ALL_THEN = { ...ALL, succeeded: expect.any(Number) };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  killScripts();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function databaseFor(kind: DatabaseKind): Promise<TestDatabase> {
  if (kind !== 'sqlite') {
    const database = await createDatabase(kind);
    cleanups.push(() => database.drop());
    return database;
  }
  // Several processes share it.
  const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  return {
    options: { type: 'better-sqlite3', database: join(folder, 'app.sqlite') },
    drop: async () => undefined,
  };
}

/** The app that the scripts belong to; it delivers nothing itself. */
async function appOn(kind: DatabaseKind): Promise<SendingApp> {
  const database = await databaseFor(kind);
  const app = await sendingApp({
    on: database,
    clock: false,
    webhooks: { worker: false },
    migrate: true,
  });
  cleanups.push(() => app.stop());
  await app.endpoint();
  return app;
}

const scriptsOf =
  ({ database, receiver }: SendingApp, webhooks: Partial<WebhooksModuleOptions>) =>
  (...steps: ScriptStep[]): ReturnType<typeof runScript> => {
    const arrivals = steps.find((step) => 'arrivals' in step)?.arrivals ?? 0;
    return runScript({
      database: database.options,
      webhooks: { events: EVENTS, ...webhooks },
      steps,
      arrived: () => receiver.received(receiver.arrivals.length + arrivals),
    });
  };

const idsOf = ({ receiver }: SendingApp): string[] =>
  receiver.arrivals.map(({ headers }) => String(headers['webhook-id']));

async function expectEachSentOnce(app: SendingApp, count = EMITTED): Promise<void> {
  expect(new Set(idsOf(app)).size).toBe(count);
  expect(idsOf(app)).toHaveLength(count);
  const deliveries = await app.dataSource.getRepository(WebhookDelivery).find();
  expect(new Set(deliveries.map(({ status, attemptCount }) => `${status} ${attemptCount}`))).toEqual(
    new Set(['succeeded 1']),
  );
}

/** Answers a request after `ms`, as a slow server does. */
const slowly =
  (ms: number): SendingApp['receiver']['answer'] =>
  (_arrival, response) =>
    void setTimeout(() => response.writeHead(204).end(), ms);

const STACKS = daily(
  [
    ['SQLite, in-process', 'sqlite', () => ({})],
    ['PostgreSQL, Bull, with worker: false', 'postgres', () => ({ ...redisFor(), worker: false })],
  ],
  ['PostgreSQL, in-process, with worker: false', 'postgres', () => ({ worker: false })],
  ['PostgreSQL, Bull', 'postgres', () => redisFor()],
  ['MariaDB, Bull, with worker: false', 'mariadb', () => ({ ...redisFor(), worker: false })],
);

describe.each(STACKS)('A script that emits and exits, on %s', { timeout: 60_000 }, (_, kind, queue) => {
  it('sends all of it by deliverDue', async () => {
    const app = await appOn(kind);
    const script = scriptsOf(app, queue());
    expect(await script({ emit: EMITTED }, DUE)).toEqual([ALL_THEN]);
    await expectEachSentOnce(app);
  });

  it('leaves what its timeout cuts to the next run, due at once', async () => {
    const app = await appOn(kind);
    const script = scriptsOf(app, queue());
    app.receiver.answer = slowly(300);
    const [first] = await script({ emit: EMITTED }, { deliverDue: { timeout: '1s' } });
    expect(first!.succeeded).toBeGreaterThan(0);
    expect(first!.left).toBeGreaterThan(0);
    expect(first!.succeeded + first!.left).toBeLessThanOrEqual(EMITTED);
    app.receiver.answer = 204;
    expect(await script(DUE)).toEqual([{ ...ALL, succeeded: first!.left }]);
    expect(new Set(idsOf(app)).size).toBe(EMITTED);
    const deliveries = await app.dataSource.getRepository(WebhookDelivery).find();
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    // What was cut had reached the receiver, so the log has it.
    expect(await app.dataSource.getRepository(WebhookAttempt).count()).toBe(app.receiver.arrivals.length);
  });

  it('leaves what it has not sent to the next run by closing', async () => {
    const app = await appOn(kind);
    const script = scriptsOf(app, queue());
    app.receiver.answer = slowly(300);
    await script({ emit: EMITTED }, { close: true });
    const sent = app.receiver.arrivals.length;
    expect(sent).toBeLessThan(EMITTED);
    app.receiver.answer = 204;
    expect(await app.webhooks.deliverDue({ timeout: '20s' })).toEqual({ ...ALL, succeeded: EMITTED - sent });
    await expectEachSentOnce(app);
  });
});

describe('deliverDue', () => {
  it('leaves deliveries to live workers of other processes', async () => {
    const app = await appOn('postgres');
    const queue = redisFor();
    const worker = await sendingApp({
      on: app.database,
      clock: false,
      webhooks: { ...queue, delivery: { pollInterval: '20ms' } },
    });
    cleanups.push(() => worker.stop());
    const script = scriptsOf(app, { ...queue, worker: false });
    const [[first], [second]] = await Promise.all([script({ emit: 200 }, DUE), script({ emit: 200 }, DUE)]);
    expect(first!.left + second!.left).toBe(0);
    await app.receiver.received(400);
    await worker.settled();
    await expectEachSentOnce(app, 400);
  });

  it('comes to an end in time where an endpoint hangs, and sends to the others meanwhile', async () => {
    const app = await appOn('postgres');
    await app.endpoint({ url: `${app.receiver.url}/well` });
    const healthy = app.receiver.answer;
    app.receiver.answer = ({ path }, response) => {
      if (path === '/well') response.writeHead(healthy as number).end();
    };
    const script = scriptsOf(app, {});
    const [due] = await script({ emit: EMITTED }, { deliverDue: { timeout: '2s' } });
    expect(due).toEqual({ ...ALL_THEN, left: EMITTED });
    expect(app.receiver.arrivals.filter(({ path }) => path === '/well')).toHaveLength(EMITTED);
  });

  it('sends a backlog that exceeds one claim, and the bound of what waits for one endpoint', async () => {
    const t = await sendingApp({ webhooks: { worker: false } });
    cleanups.push(() => t.stop());
    await t.endpoint();
    for (let n = 0; n < 1_500; n++) await t.webhooks.emit('post.published', { n }, { tenant: 'acme' });
    expect(await t.webhooks.deliverDue()).toEqual({ ...ALL, succeeded: 1_500 });
    expect(new Set(idsOf(t)).size).toBe(1_500);
  });

  it('counts each delivery by its last attempt', async () => {
    const t = await sendingApp({ webhooks: { worker: false, retry: { schedule: ['5m'] } } });
    cleanups.push(() => t.stop());
    const { id } = await t.endpoint();
    t.receiver.nextAnswers.push(500, 500);
    for (let n = 0; n < 3; n++) await t.webhooks.emit('post.published', { n }, { tenant: 'acme' });
    const none = { succeeded: 0, retrying: 0, failed: 0, canceled: 0, left: 0 };
    expect(await t.webhooks.deliverDue()).toEqual({ ...none, succeeded: 1, retrying: 2 });
    expect(await t.webhooks.deliverDue()).toEqual(none);
    t.clock.advance('5m');
    t.receiver.nextAnswers.push(500);
    expect(await t.webhooks.deliverDue()).toEqual({ ...none, succeeded: 1, failed: 1 });
    await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
    await t.webhooks.endpoints.update('acme', id, { active: false });
    expect(await t.webhooks.deliverDue()).toEqual({ ...none, canceled: 1 });
  });

  it('waits for the rate limit of an endpoint', async () => {
    const t = await sendingApp({ clock: false, webhooks: { worker: false } });
    cleanups.push(() => t.stop());
    await t.endpoint({ rateLimit: 20 });
    for (let n = 0; n < 50; n++) await t.webhooks.emit('post.published', { n }, { tenant: 'acme' });
    const since = performance.now();
    expect(await t.webhooks.deliverDue()).toEqual({ ...ALL, succeeded: 50 });
    expect(performance.now() - since).toBeGreaterThan(2_000);
  });

  it('refuses a timeout that is none', async () => {
    const t = await sendingApp();
    cleanups.push(() => t.stop());
    await expect(t.webhooks.deliverDue({ timeout: 'soon' as never })).rejects.toMatchObject({
      code: 'webhooks/invalid-deliver-due-option',
      message: expect.stringContaining('"soon"'),
    });
  });
});
