import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { WebhookAttempt, WebhookDelivery, WebhookEvent, WebhooksOperator } from 'nestjs-webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RetentionService } from '../../lib/dispatch/retention.service.js';
import { JobRounds } from '../../lib/operation/acts/jobs/job-rounds.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { EVENTS, sendingApp, type SendingApp } from '../support/sending-app.js';
import { startProcess, type SendingProcess } from '../support/sending-process.js';
import { STACKS_BY_DIALECT } from '../support/stacks.js';

type Job = Parameters<WebhooksOperator['jobs']['start']>[0];
type JobView = Awaited<ReturnType<WebhooksOperator['jobs']['start']>>;

const DAY_MS = 24 * 3_600_000;

const jobsOf = ({ app }: SendingApp): WebhooksOperator['jobs'] => app.get(WebhooksOperator).jobs;

let t: SendingApp;

const emit = (tenant = 'acme', data: object = {}, type = 'post.published'): Promise<{ id: string }> =>
  t.webhooks.emit(type, data, { tenant });
const emitMany = (count: number, tenant = 'acme'): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => emit(tenant)));
/** Has the job go on, and what it makes due sent, until it is over. */
async function finished({ id }: JobView): Promise<JobView> {
  for (let rounds = 0; rounds < 100; rounds++) {
    await t.app.get(JobRounds).runOnce();
    await t.after(1_000);
    const job = await jobsOf(t).get(id);
    if (job.finishedAt !== null) return job;
  }
  throw new Error(`Job ${id} is not over.`);
}
const run = async (job: Job): Promise<JobView> => finished(await jobsOf(t).start(job));
/** Fails all that is emitted until `t.receiver.answer` changes. */
async function failing(emitAll: () => Promise<unknown>): Promise<void> {
  t.receiver.answer = 410;
  await emitAll();
  await t.settled();
  t.receiver.answer = 200;
}

describe.each(STACKS_BY_DIALECT)('Jobs, on $name', (stack) => {
  beforeEach(async () => {
    t = await sendingApp({ ...stack, webhooks: { retry: { schedule: [] } } });
  });
  afterEach(() => t.stop());

  it('resend by any filter across tenants, at their pace, with a preview', async () => {
    await t.endpoint();
    await t.endpoint({ tenant: 'globex' });
    t.receiver.answer = 500;
    await emitMany(15);
    await emitMany(5, 'globex');
    await emit('acme', {}, 'follower.gained');
    await t.settled();
    t.receiver.answer = 200;
    const filter = { type: 'post.published', statusCode: 500 } as const;
    expect(await jobsOf(t).preview({ kind: 'resend', filter })).toEqual({ total: 20, isMore: false });
    expect(await jobsOf(t).preview({ kind: 'resend', filter: { ...filter, tenant: 'globex' } })).toEqual({
      total: 5,
      isMore: false,
    });

    const job = await jobsOf(t).start({ kind: 'resend', filter, perSecond: 4 });
    expect(job).toMatchObject({ kind: 'resend', status: 'waiting', total: 20, done: 0, finishedAt: null });
    await t.app.get(JobRounds).runOnce();
    expect(await jobsOf(t).get(job.id)).toMatchObject({ status: 'running', done: 8 });
    // No more of it before its time.
    await t.app.get(JobRounds).runOnce();
    expect(await jobsOf(t).get(job.id)).toMatchObject({ status: 'running', done: 8 });

    expect(await finished(job)).toMatchObject({ status: 'done', done: 20, failed: 0, problem: null });
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(21 + 20);
    expect(await jobsOf(t).preview({ kind: 'resend' })).toMatchObject({ total: 1 });
  });

  it('leave out what can not be sent: of endpoints that are off or gone, and what a filter keeps out', async () => {
    const { id: off } = await t.endpoint();
    const { id: gone } = await t.endpoint({ name: 'Gone' });
    const { id: filtered } = await t.endpoint({ tenant: 'globex' });
    t.receiver.answer = 500;
    await emit();
    await emit('globex', { total: 1 });
    await emit('globex', { total: 2 });
    await t.settled();
    t.receiver.answer = 200;
    await t.webhooks.endpoints.update('acme', off, { active: false });
    await t.webhooks.endpoints.delete('acme', gone);
    await t.webhooks.endpoints.update('globex', filtered, {
      filter: { field: 'data.total', equals: 2 },
    });
    const before = t.receiver.arrivals.length;
    expect(await run({ kind: 'resend' })).toMatchObject({ status: 'done', done: 1, failed: 3 });
    await t.settled();
    expect(t.receiver.arrivals.slice(before).map(({ body }) => JSON.parse(body).data)).toEqual([
      { total: 2 },
    ]);
  });

  it('recover what was lost and what never had a delivery, of all tenants', async () => {
    const from = t.clock.now();
    await emitMany(3);
    await emit('acme', {}, 'follower.gained');
    await emitMany(2, 'globex');
    await t.endpoint({ events: ['post.*'] });
    await t.endpoint({ tenant: 'globex' });
    t.receiver.answer = 500;
    await emit('globex');
    await t.settled();
    t.receiver.answer = 200;
    t.receiver.arrivals.length = 0;
    expect(await jobsOf(t).preview({ kind: 'recover', filter: { from } })).toEqual({
      total: 6,
      isMore: false,
    });
    expect(await run({ kind: 'recover', filter: { from } })).toMatchObject({
      status: 'done',
      done: 6,
      failed: 0,
    });
    await t.settled();
    expect(t.receiver.arrivals).toHaveLength(6);
    expect(await run({ kind: 'recover', filter: { from } })).toMatchObject({ done: 0, total: 0 });
  });

  it("move an endpoint's events to another, each once", async () => {
    const since = t.clock.now();
    const { id: old } = await t.endpoint({ url: `${t.receiver.url}/old` });
    await failing(() => emitMany(3));
    await t.webhooks.endpoints.update('acme', old, { active: true });
    const { id: to } = await t.endpoint({ url: `${t.receiver.url}/new` });
    t.receiver.arrivals.length = 0;
    const job: Job = { kind: 'move', filter: { endpointId: old }, to };
    expect(await jobsOf(t).preview(job)).toEqual({ total: 3, isMore: false });
    expect(await run(job)).toMatchObject({ status: 'done', done: 3, failed: 0 });
    await t.settled();
    expect(t.receiver.arrivals.map(({ path }) => path)).toEqual(['/new', '/new', '/new']);
    const moved = await t.webhooks.deliveries.list({ tenant: 'acme', endpointId: old }, { limit: 10 });
    expect(moved.data.map(({ status, errorCode }) => `${status} ${errorCode}`)).toEqual(
      Array(3).fill('canceled moved'),
    );
    expect(await run(job)).toMatchObject({ done: 0, total: 0 });
    expect(await run({ kind: 'resend' })).toMatchObject({ done: 0, total: 0 });

    // Nor does the customer get them a second time, with a filter or without.
    const { deliveries, endpoints } = t.webhooks;
    for (const filter of [null, { field: 'event_type', equals: 'post.published' }]) {
      await endpoints.update('acme', old, { filter });
      expect(await deliveries.previewRecovery('acme', old, since)).toMatchObject({ canceled: 0 });
      expect(await deliveries.recover('acme', old, since)).toEqual({ resent: 0, created: 0 });
    }
  });

  it('go on where a worker died in the middle, and are stopped', async () => {
    await t.endpoint();
    t.receiver.answer = 500;
    await emitMany(30);
    await t.settled();
    t.receiver.answer = 200;
    const job = await jobsOf(t).start({ kind: 'resend', perSecond: 5 });
    await t.app.get(JobRounds).runOnce();
    await t.settled();
    // What a worker leaves that was killed while it had the next batch.
    await t.dataSource.query(
      `UPDATE webhook_jobs SET lease_token = 'dead', next_run_at = ${t.clock.now() + 60_000}`,
    );
    await t.after(30_000);
    await t.app.get(JobRounds).runOnce();
    await t.settled();
    expect(await jobsOf(t).get(job.id)).toMatchObject({ status: 'running', done: 10 });
    await t.after(30_000);
    await t.app.get(JobRounds).runOnce();
    await t.settled();
    expect(await jobsOf(t).get(job.id)).toMatchObject({ status: 'running', done: 20 });

    expect(await jobsOf(t).stop(job.id)).toMatchObject({ status: 'stopped', done: 20 });
    await t.after(60_000);
    await t.app.get(JobRounds).runOnce();
    await t.settled();
    expect(await jobsOf(t).stop(job.id)).toMatchObject({ status: 'stopped', done: 20 });
    expect(t.receiver.arrivals).toHaveLength(50);
  });

  it('erase a tenant while it goes on emitting, and leave nothing in any table, nor touch another', async () => {
    const { id } = await t.endpoint();
    await t.endpoint({ tenant: 'globex' });
    await t.webhooks.audit.as('ada@acme.example', () =>
      t.webhooks.endpoints.update('acme', id, { name: 'Of Ada' }),
    );
    await emitMany(20);
    await emit('globex');
    await t.settled();
    await t.webhooks.deliveries.test('acme', (await t.endpoint()).id, 'post.published');
    await t.app.get(WebhooksOperator).pauses.pause({ scope: 'tenant', tenant: 'acme' });
    await emitMany(5);
    const open = await jobsOf(t).start({
      kind: 'resend',
      filter: { tenant: 'acme', status: 'succeeded' },
      perSecond: 1,
    });
    // It does not end by itself meanwhile.
    await t.dataSource.query(
      `UPDATE webhook_jobs SET next_run_at = ${t.clock.now() + 3_600_000} WHERE id = '${open.id}'`,
    );
    const load = new AbortController();
    const emits = (async () => {
      while (!load.signal.aborted) {
        await emit();
        await setTimeout(1);
      }
    })();
    const job = await jobsOf(t).start({ kind: 'erase', filter: { tenant: 'acme' } });
    await t.app.get(JobRounds).runOnce();
    load.abort();
    await emits;
    const { status, receipt } = await finished(job);
    expect(status).toBe('done');
    expect(receipt).toMatchObject({ erased: { endpoints: 2, pauses: 1 } });
    expect((receipt as { erased: { deliveries: number } }).erased.deliveries).toBeGreaterThanOrEqual(26);

    for (const { tableName, columns } of t.dataSource.entityMetadatas) {
      if (!columns.some(({ databaseName }) => databaseName === 'tenant')) continue;
      // Who did what stays, and nothing of what it was.
      const kept =
        tableName === 'webhook_audit'
          ? 'WHERE values_before IS NOT NULL OR values_after IS NOT NULL OR actor IS NOT NULL'
          : '';
      const rows = await t.dataSource.query(`SELECT DISTINCT tenant FROM ${tableName} ${kept}`);
      expect(rows.filter(({ tenant }: { tenant: string }) => tenant === 'acme')).toEqual([]);
    }
    expect(await t.dataSource.getRepository(WebhookDelivery).count()).toBe(1);
    expect(await t.dataSource.getRepository(WebhookAttempt).count()).toBe(1);

    await expect(jobsOf(t).get(open.id)).rejects.toMatchObject({ code: 'webhooks/not-found' });

    // Once more finds nothing, and leaves the receipt of the first.
    await run({ kind: 'erase', filter: { tenant: 'acme' } });
    expect((await jobsOf(t).get(job.id)).receipt).toEqual(receipt);
  });

  it("erase one person's events with all that was made of them", async () => {
    await t.endpoint();
    for (const user of ['ada', 'bob', 'ada']) await emit('acme', { user: { id: user } });
    await t.settled();
    const job: Job = {
      kind: 'erase',
      filter: { tenant: 'acme' },
      where: { field: 'data.user.id', equals: 'ada' },
    };
    expect(await jobsOf(t).preview(job)).toEqual({ total: 2, isMore: false });
    const started = await jobsOf(t).start(job);
    await t.app.get(JobRounds).runOnce();
    // Such as in a transaction that began before the job, and that it did not see.
    await emit('acme', { user: { id: 'ada' } });
    await t.settled();
    const { receipt, request } = await finished(started);
    expect(receipt).toMatchObject({ erased: { events: 3, deliveries: 3, attempts: 3, endpoints: 0 } });
    expect(JSON.stringify(request)).not.toContain('ada');
    const stopped = await jobsOf(t).stop((await jobsOf(t).start(job)).id);
    expect(stopped).toMatchObject({
      status: 'stopped',
      request: { filter: { tenant: 'acme' }, where: null },
    });
    const events = await t.dataSource.getRepository(WebhookEvent).find();
    expect(events.map(({ body }) => JSON.parse(body).data.user.id)).toEqual(['bob']);
    expect(await t.dataSource.getRepository(WebhookAttempt).count()).toBe(1);
  });

  // SQLite has one writer at a time.
  it.skipIf(stack.database === 'sqlite')(
    'erase what a transaction stores that was open before, however long it stays open',
    async () => {
      await t.endpoint();
      const runner = t.dataSource.createQueryRunner();
      await runner.startTransaction();
      await t.webhooks.emit('post.published', { user: 'ada' }, { tenant: 'acme', manager: runner.manager });
      await t.after(60_000 * 3);
      const all = await jobsOf(t).start({ kind: 'erase', filter: { tenant: 'acme' } });
      const where = { field: 'data.user', equals: 'ada' };
      const one = await jobsOf(t).start({ kind: 'erase', filter: { tenant: 'acme' }, where });
      for (let seconds = 0; seconds < 30; seconds++) {
        await t.app.get(JobRounds).runOnce();
        await t.after(1_000);
      }
      const jobs = await Promise.all([all, one].map(({ id }) => jobsOf(t).get(id)));
      expect(jobs.map(({ status }) => status)).toEqual(['running', 'running']);
      await runner.commitTransaction();
      await runner.release();
      expect((await finished(one)).receipt).not.toHaveProperty('isEmpty');
      expect((await finished(all)).receipt).toMatchObject({ isEmpty: true });
      expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(0);
      expect(await t.dataSource.getRepository(WebhookDelivery).count()).toBe(0);
    },
  );
});

describe.each(['sqlite', 'postgres'] as const)('A job whose worker is killed, on %s', (kind) => {
  const lasting = lastingDatabases();
  const processes: SendingProcess[] = [];
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((process) => process.kill()));
    await t.stop();
  });

  it('is continued by another worker until everything is sent', async () => {
    const COUNT = 40;
    // What the killed worker was sending is not waited for for long.
    const DELIVERY = { pollInterval: '100ms', lease: '4s', timeout: '1s' } as const;
    const on = await lasting(kind);
    t = await sendingApp({ on, migrate: true, clock: false, webhooks: { worker: false } });
    const { id: endpointId } = await t.endpoint();
    await emitMany(COUNT);
    await t.dataSource.query(
      `UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, schedule_attempts = 1`,
    );
    const startWorker = async (): Promise<SendingProcess> => {
      const worker = await startProcess(on.options, { events: EVENTS, delivery: DELIVERY });
      processes.push(worker);
      return worker;
    };
    const first = await startWorker();
    const job = await jobsOf(t).start({ kind: 'resend', filter: { endpointId }, perSecond: 10 });
    const progress = async (isThere: (job: JobView) => boolean): Promise<JobView> => {
      for (let tries = 0; tries < 400; tries++) {
        const now = await jobsOf(t).get(job.id);
        if (isThere(now)) return now;
        await setTimeout(50);
      }
      throw new Error('The job does not go on.');
    };
    expect(await progress(({ done }) => done > 0)).toMatchObject({ status: 'running' });
    await first.kill();
    const { done } = await jobsOf(t).get(job.id);
    expect(done).toBeLessThan(COUNT);
    const second = await startWorker();
    expect(await progress(({ finishedAt }) => finishedAt !== null)).toMatchObject({
      status: 'done',
      done: COUNT,
    });
    await t.receiver.received(COUNT);
    await second.terminate();
    expect(second.errors()).toBe('');
    const ids = t.receiver.arrivals.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(COUNT);
  });
});

describe('An erased tenant', () => {
  const lasting = lastingDatabases();

  it('is not in the bytes of the file of SQLite once that is vacuumed', async () => {
    const on = await lasting('sqlite');
    t = await sendingApp({ on, migrate: true });
    const marker = 'm4rk3r';
    const { secret } = await t.endpoint({
      name: marker,
      url: `${t.receiver.url}/${marker}`,
      headers: { 'x-own': marker },
    });
    await t.endpoint({ tenant: 'globex' });
    t.receiver.answer = { status: 200, body: marker, headers: { 'x-answer': marker } };
    await emitMany(30);
    await Promise.all(Array.from({ length: 20 }, (_, n) => emit('acme', { [marker]: `${marker} ${n}` })));
    await t.settled();
    t.receiver.answer = 200;
    await emit('globex', { kept: 'k3pt' });
    await t.settled();
    expect(await run({ kind: 'erase', filter: { tenant: 'acme' } })).toMatchObject({
      status: 'done',
      receipt: { erased: { endpoints: 1, events: 50, deliveries: 50, attempts: 50 } },
    });
    await t.dataSource.query('VACUUM');
    await t.stop();

    const file = String(on.options.database);
    const folder = dirname(file);
    const files = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')),
    );
    const bytes = files.join('');
    expect(bytes.includes('k3pt')).toBe(true);
    expect([marker, secret].filter((text) => bytes.includes(text))).toEqual([]);
  });
});

describe('Jobs', () => {
  beforeEach(async () => {
    t = await sendingApp({ webhooks: { retry: { schedule: [] } } });
  });
  afterEach(() => t.stop());

  it('finish an erasure although the tenant never stops emitting, and say up to which time', async () => {
    await t.endpoint();
    await emitMany(3);
    const job = await jobsOf(t).start({ kind: 'erase', filter: { tenant: 'acme' } });
    let ended = job;
    let emitted = 3;
    for (; ended.finishedAt === null && emitted < 60; emitted++) {
      await emit();
      await t.app.get(JobRounds).runOnce();
      t.clock.advance(1_000);
      ended = await jobsOf(t).get(job.id);
    }
    expect(ended.receipt).toMatchObject({ erased: { events: emitted }, isEmpty: true });
    const { until } = ended.receipt as { until: string };
    await emit();
    const left = await t.dataSource.getRepository(WebhookEvent).find();
    expect(left.map(({ createdAt }) => createdAt > Date.parse(until))).toEqual([true]);

    // The tenant comes back.
    await t.endpoint();
    await emit();
    await t.settled();
    expect((await run({ kind: 'erase', filter: { tenant: 'acme' } })).receipt).toMatchObject({
      isEmpty: true,
      erased: { endpoints: 1, events: 2, deliveries: 1 },
    });
    expect(await t.dataSource.getRepository(WebhookEvent).count()).toBe(0);
  });

  it('are not duplicated while an equal one runs; afterwards, a new one starts', async () => {
    const job: Job = { kind: 'resend', filter: { tenant: 'acme' } };
    const [first, second] = await Promise.all([
      jobsOf(t).start(job),
      jobsOf(t).start({ ...job, perSecond: 50 }),
    ]);
    expect(second.id).toBe(first.id);
    expect((await jobsOf(t).start({ ...job, perSecond: 5 })).id).not.toBe(first.id);
    await finished(first);
    const third = await jobsOf(t).start(job);
    expect(third.id).not.toBe(first.id);
    const { data, nextCursor } = await jobsOf(t).list({ limit: 2 });
    expect(data.map(({ id }) => id)[0]).toBe(third.id);
    expect((await jobsOf(t).list({ limit: 2, cursor: nextCursor! })).data).toHaveLength(1);
  });

  it.each<[unknown, string]>([
    [{ kind: 'delete' }, 'kind must be one of resend, recover, move, erase'],
    [{ kind: 'resend', filter: [] }, 'filter must be an object'],
    [
      { kind: 'resend', filter: { status: 'pending' } },
      'filter.status must be one or more of failed, canceled, succeeded',
    ],
    [{ kind: 'resend', filter: { from: 'yesterday' } }, 'filter.from must be an ISO 8601 date'],
    [{ kind: 'resend', filter: { from: 2, to: 2 } }, 'filter.from must be before filter.to, got 2 and 2.'],
    [{ kind: 'resend', perSecond: 1e9 }, 'perSecond must be a whole number from 1 to 1000, got 1000000000.'],
    [null, 'kind is missing'],
    [{ kind: 'erase', filter: { tenant: 'acme' }, where: null }, 'where must be an object'],
    [{ kind: 'resend', filter: { colour: 'red' } }, 'filter.colour goes with no job of the kind'],
    [{ kind: 'resend', perSecond: 0 }, 'perSecond must be a whole number from 1 to 1000, got 0'],
    [{ kind: 'recover' }, 'filter.from is missing'],
    [{ kind: 'erase' }, 'filter.tenant is missing'],
    [{ kind: 'erase', filter: { tenant: 'acme' }, perSecond: 5 }, 'perSecond goes with no job of the kind'],
    [{ kind: 'erase', filter: { tenant: 'acme' }, where: { field: 'data.id' } }, 'where has no operator'],
    [{ kind: 'move', filter: { endpointId: 'ep_1' } }, 'to is missing'],
    [{ kind: 'move', filter: { endpointId: 'ep_1' }, to: 'ep_2' }, 'There is no endpoint "ep_1"'],
  ])('refuse %j', async (input, problem) => {
    await expect(jobsOf(t).start(input as Job)).rejects.toThrow(problem);
    await expect(jobsOf(t).preview(input as Job)).rejects.toThrow(problem);
    expect((await jobsOf(t).list({ limit: 1 })).data).toEqual([]);
  });

  it("move nothing to another tenant's endpoint, or to one that is off", async () => {
    const { id: endpointId } = await t.endpoint();
    const { id: foreign } = await t.endpoint({ tenant: 'globex' });
    const { id: off } = await t.endpoint({ active: false });
    const moving = (to: string): Promise<unknown> =>
      jobsOf(t).start({ kind: 'move', filter: { endpointId }, to });
    await expect(moving(foreign)).rejects.toThrow('another endpoint of the same tenant');
    await expect(moving(endpointId)).rejects.toThrow('another endpoint of the same tenant');
    await expect(moving(off)).rejects.toMatchObject({ code: 'webhooks/endpoint-inactive' });
  });

  it('fail where what they need is gone, and tell why', async () => {
    const { id: old } = await t.endpoint();
    const { id: to } = await t.endpoint();
    const job = await jobsOf(t).start({ kind: 'move', filter: { endpointId: old }, to });
    await t.webhooks.endpoints.delete('acme', to);
    expect(await finished(job)).toMatchObject({
      status: 'failed',
      problem: `Webhook ${to} is not there any more.`,
      problemCode: 'target-gone',
    });
  });

  it('end a move midway where its target is turned off, and tell why', async () => {
    const { id: old } = await t.endpoint({ url: `${t.receiver.url}/old` });
    await failing(() => emitMany(6));
    const { id: to } = await t.endpoint({ url: `${t.receiver.url}/new` });
    const job = await jobsOf(t).start({ kind: 'move', filter: { endpointId: old }, to, perSecond: 2 });
    await t.app.get(JobRounds).runOnce();
    await t.webhooks.endpoints.update('acme', to, { active: false });
    expect(await finished(job)).toMatchObject({
      status: 'failed',
      done: 4,
      problem: `Webhook ${to} is off. Turn it on, and start the job again.`,
      problemCode: 'target-off',
    });
    const left = await t.webhooks.deliveries.list(
      { tenant: 'acme', endpointId: old, status: 'failed' },
      { limit: 10 },
    );
    expect(left.data).toHaveLength(2);
  });

  it("on one endpoint are its tenant's: recorded there, and gone when it is erased", async () => {
    const { id: endpointId } = await t.endpoint();
    const job = await jobsOf(t).start({ kind: 'resend', filter: { endpointId } });
    expect(job.request).toMatchObject({ filter: { tenant: 'acme', endpointId } });
    const { data } = await t.app.get(WebhooksOperator).audit.list(
      { tenant: 'acme', act: 'job.started' },
      {
        limit: 5,
      },
    );
    expect(data.map(({ subject }) => subject.id)).toEqual([job.id]);
    for (const filter of [{ endpointId: 'ep_1' }, { endpointId, tenant: 'globex' }])
      await expect(jobsOf(t).start({ kind: 'resend', filter })).rejects.toMatchObject({
        code: 'webhooks/not-found',
      });
    await run({ kind: 'erase', filter: { tenant: 'acme' } });
    await expect(jobsOf(t).get(job.id)).rejects.toMatchObject({ code: 'webhooks/not-found' });
  });

  it('are kept as long as the audit log, and open ones for ever', async () => {
    const ended = await run({ kind: 'resend', filter: { tenant: 'acme' } });
    const open = await jobsOf(t).start({ kind: 'resend' });
    await t.after(364 * DAY_MS);
    await t.app.get(RetentionService).runOnce();
    expect((await jobsOf(t).list({ limit: 5 })).data.map(({ id }) => id)).toEqual([open.id, ended.id]);
    await t.after(2 * DAY_MS);
    await t.app.get(RetentionService).runOnce();
    expect((await jobsOf(t).list({ limit: 5 })).data.map(({ id }) => id)).toEqual([open.id]);
  });

  it('resend deliveries of past days, chosen by their time', async () => {
    await t.endpoint();
    t.receiver.answer = 500;
    await emit();
    await t.settled();
    const from = t.clock.now() + DAY_MS;
    await t.after(2 * DAY_MS);
    await emit();
    await t.settled();
    t.receiver.answer = 200;
    expect(await jobsOf(t).preview({ kind: 'resend', filter: { to: from } })).toMatchObject({ total: 1 });
    expect(await run({ kind: 'resend', filter: { from } })).toMatchObject({ done: 1 });
  });
});
