import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { WebhooksService } from 'nestjs-webhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { newLease } from '../../lib/domain/lease.js';
import { HeartbeatService } from '../../lib/operation/heartbeat.service.js';
import { WebhookDeliveryRepository } from '../../lib/persistence/webhook-delivery.repository.js';
import { daily } from '../support/daily.js';
import { lastingDatabases } from '../support/lasting-database.js';
import { sendingApp, type SendingApp, type SendingAppOptions } from '../support/sending-app.js';

const KINDS = daily(['sqlite', 'postgres', 'mysql'], 'mariadb');
const lastingDatabase = lastingDatabases();

const apps: SendingApp[] = [];
afterEach(async () => {
  for (const t of apps.splice(0)) await t.stop();
});

async function start(options: SendingAppOptions): Promise<SendingApp> {
  const t = await sendingApp(options);
  apps.push(t);
  if (options.webhooks?.worker !== false) await t.app.get(HeartbeatService).beat();
  return t;
}

/** One that only stores: what it emits waits for a worker. */
const storing = (options: SendingAppOptions): Promise<SendingApp> =>
  start({ ...options, webhooks: { ...options.webhooks, worker: false } });

const emit = (t: SendingApp): Promise<unknown> => t.webhooks.emit('post.published', {}, { tenant: 'acme' });

describe.each(KINDS)('Health on %s', (kind) => {
  it('is up with a worker, and says so part by part', async () => {
    const t = await start({ database: kind });
    await t.endpoint();
    await emit(t);
    await t.settled();
    expect(await t.webhooks.health.check()).toEqual({
      status: 'up',
      reasons: [],
      database: { status: 'up' },
      schema: { status: 'up' },
      queue: { status: 'up' },
      due: { status: 'up', oldestDueAt: null },
      workers: { status: 'up', heardOf: 1 },
    });
  });

  it('is down if no worker has sent a heartbeat lately, and due deliveries are not sent', async () => {
    const on = await lastingDatabase(kind);
    const t = await storing({ on, migrate: true });
    await t.endpoint();
    const dueSince = new Date(t.clock.now()).toISOString();
    await emit(t);
    expect(await t.webhooks.health.check()).toMatchObject({
      status: 'down',
      reasons: ['No worker was heard of within the last 45 s: nothing is sent.'],
      due: { status: 'up', oldestDueAt: dueSince },
      workers: { status: 'down', heardOf: 0 },
    });

    t.clock.advance('6m');
    const { due, reasons } = await t.webhooks.health.check({ ignore: ['workers'] });
    expect(due).toMatchObject({ status: 'down', oldestDueAt: dueSince });
    expect(reasons).toEqual([
      expect.stringMatching(
        `^Deliveries for endpoint ep_\\w+ are due since ${dueSince}, and no worker sends them`,
      ),
    ]);
    expect(await t.webhooks.health.check({ maxDue: '10m', ignore: ['workers'] })).toMatchObject({
      status: 'up',
    });

    const worker = await start({ on, clock: t.clock });
    await worker.after(0);
    expect(await t.webhooks.health.check()).toMatchObject({ status: 'up', workers: { heardOf: 1 } });
  });

  it('stays up while a receiver is away, however long its deliveries wait', async () => {
    const t = await storing({ database: kind });
    const { id } = await t.endpoint();
    await t.dataSource.query(`UPDATE webhook_endpoints SET failing_since = 1 WHERE id = '${id}'`);
    await emit(t);
    t.clock.advance('1h');
    expect((await t.webhooks.health.check()).due).toEqual({
      status: 'up',
      oldestDueAt: expect.any(String) as string,
    });
  });

  it('stays up while a worker sends to an endpoint, however long its backlog is', async () => {
    const t = await storing({ database: kind });
    await t.endpoint();
    await emit(t);
    await emit(t);
    t.clock.advance('6m');
    const now = t.clock.now();
    const claimed = await t.app
      .get(WebhookDeliveryRepository)
      .claimOldest({ now, limit: 1 }, newLease(now, 30_000));
    expect(claimed).toHaveLength(1);
    expect((await t.webhooks.health.check()).due.status).toBe('up');
    t.clock.advance('31s');
    expect((await t.webhooks.health.check()).due.status).toBe('down');
  });

  it('names the workers with the time they started and were last heard of, until they stop', async () => {
    const on = await lastingDatabase(kind);
    const t = await start({ on, migrate: true });
    const startedAt = new Date(t.clock.now()).toISOString();
    t.clock.advance('20s');
    const other = await start({ on, clock: t.clock });
    const seenAt = new Date(t.clock.now()).toISOString();
    const [newest, oldest, ...more] = await t.webhooks.health.workers();
    expect([newest, oldest, more]).toEqual([
      {
        id: expect.stringMatching(/^wrk_/),
        name: expect.stringContaining(` ${process.pid}`),
        startedAt: seenAt,
        seenAt,
      },
      { ...newest, id: expect.stringMatching(/^wrk_/), startedAt, seenAt: startedAt },
      [],
    ]);
    await t.app.get(HeartbeatService).beat();
    expect((await t.webhooks.health.workers()).map(({ seenAt: at }) => at)).toEqual([seenAt, seenAt]);

    await other.app.close();
    expect(await t.webhooks.health.workers()).toHaveLength(1);
  });

  it('is down with the reason where a table is gone', async () => {
    const t = await start({ database: kind });
    await t.dataSource.query('DROP TABLE webhook_attempts');
    const { status, reasons, schema } = await t.webhooks.health.check();
    expect([status, schema.status]).toEqual(['down', 'down']);
    expect(reasons[0]).toContain("The table 'webhook_attempts' is missing.");
  });
});

describe('Health', () => {
  it('forgets what was silent for an hour when a worker starts', async () => {
    const on = await lastingDatabase('sqlite');
    const t = await storing({ on, migrate: true });
    const now = t.clock.now();
    for (const [id, ago] of [
      ['wrk_dead', 3_700_000],
      ['wrk_late', 1_000_000],
    ] as const)
      await t.dataSource.query(`INSERT INTO webhook_workers VALUES ('${id}', 'host 1', 1, ${now - ago})`);
    await start({ on, clock: t.clock });
    const ids = (await t.webhooks.health.workers()).map(({ id }) => id);
    expect(ids).toEqual([expect.stringMatching(/^wrk_\w{32}$/), 'wrk_late']);
  });

  it('says that the database does not answer, and leaves out what only the database knows', async () => {
    const t = await start({ database: 'postgres' });
    await t.dataSource.destroy();
    const health = await t.webhooks.health.check();
    expect(health).toMatchObject({
      status: 'down',
      database: { status: 'down' },
      schema: { status: 'unknown' },
      due: { status: 'unknown', oldestDueAt: null },
      workers: { status: 'unknown', heardOf: 0 },
    });
    expect(health.reasons).toEqual([expect.stringMatching(/^The database does not answer: /)]);
    await t.dataSource.initialize();
  });

  it.each([
    [{ maxDue: 'soon' }, 'maxDue must be a duration'],
    [
      { ignore: ['redis'] },
      "ignore must be a list of 'database', 'schema', 'queue', 'due', 'workers', got [\"redis\"].",
    ],
    [{ ignored: [] }, 'ignored is no option. Did you mean ignore?'],
  ])('refuses %j', async (options, message) => {
    const t = await start({});
    await expect(t.webhooks.health.check(options as never)).rejects.toMatchObject({
      code: 'webhooks/invalid-health-option',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is an indicator of Terminus, which answers 503 with the reasons where it is down', async () => {
    @Controller('health')
    class HealthController {
      constructor(
        @Inject(HealthCheckService) private readonly checks: HealthCheckService,
        @Inject(WebhooksService) private readonly webhooks: WebhooksService,
      ) {}

      @Get()
      @HealthCheck()
      check(): Promise<unknown> {
        return this.checks.check([() => this.webhooks.health.isHealthy()]);
      }
    }
    const t = await start({
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
    });
    await t.app.listen(0, '127.0.0.1');
    const ask = async (): Promise<[number, Record<string, never>]> => {
      const answer = await fetch(`${await t.app.getUrl()}/health`);
      return [answer.status, (await answer.json()) as Record<string, never>];
    };
    expect(await ask()).toMatchObject([200, { info: { webhooks: { status: 'up', reasons: [] } } }]);

    t.clock.advance('1m');
    expect(await ask()).toMatchObject([
      503,
      {
        error: { webhooks: { status: 'down', reasons: [expect.stringContaining('No worker was heard of')] } },
      },
    ]);
  });
});
