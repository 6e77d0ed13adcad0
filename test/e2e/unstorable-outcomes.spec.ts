import { randomBytes } from 'node:crypto';
import type { DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebhookAttempt, WebhookDelivery } from 'nestjs-webhooks';
import { TABLE_NAMES } from '../../lib/persistence/schema/tables.js';
import { migratedDatabase, RecordingLogger, withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import type { ServerKind, TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

const LEASE_MS = 30_000;
const MINUTE_MS = 60_000;
/** Beyond the whole schedule below. */
const LATER_MS = 10 * MINUTE_MS;
const SCHEDULE = ['1m', '2m'] as const;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Broken {
  readonly t: SendingApp;
  readonly logger: RecordingLogger;
}

/** An app that has started, before its database is broken. */
async function appOn(options: Parameters<typeof sendingApp>[0]): Promise<Broken> {
  const logger = new RecordingLogger();
  const t = await sendingApp({
    webhooks: { retry: { schedule: [...SCHEDULE] } },
    configure: (app) => app.useLogger(logger),
    ...options,
  });
  cleanups.push(() => t.stop());
  await t.endpoint();
  return { t, logger };
}

async function emitted({ t }: Broken): Promise<void> {
  await t.webhooks.emit('post.published', {}, { tenant: 'acme' });
  await t.receiver.received(1);
  await t.settled();
}

/** Lets leases end, one by one, so that whatever is due is claimed. */
async function leasesEnd({ t }: Broken, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += LEASE_MS) await t.after(LEASE_MS + 1);
}

const complaints = ({ logger }: Broken): string[] => logger.matching(/Outcomes can't be stored whole/);
const deliveriesOf = ({ t }: Broken): Promise<WebhookDelivery[]> =>
  t.dataSource.getRepository(WebhookDelivery).find();
const attemptsOf = ({ t }: Broken): Promise<WebhookAttempt[]> =>
  t.dataSource.getRepository(WebhookAttempt).find();

/** A database that the app uses as somebody who is not its owner. */
async function asUser(kind: ServerKind): Promise<{ on: TestDatabase; owner: TestDatabase; user: string }> {
  const owner = await migratedDatabase(kind);
  const name = `app_${randomBytes(4).toString('hex')}`;
  const isPostgres = kind === 'postgres';
  const database = new URL((owner.options as { url: string }).url).pathname.slice(1);
  const create = isPostgres
    ? [`CREATE ROLE ${name} LOGIN PASSWORD 'secret'`, `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${name}`]
    : [
        `CREATE USER ${name} IDENTIFIED BY 'secret'`,
        ...TABLE_NAMES.map((table) => `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${name}`),
        `GRANT SELECT ON migrations TO ${name}`,
      ];
  await run(owner, create);
  cleanups.push(async () => {
    await run(owner, [isPostgres ? `DROP OWNED BY ${name}; DROP ROLE ${name}` : `DROP USER ${name}`]);
    await owner.drop();
  });
  const url = new URL((owner.options as { url: string }).url);
  url.username = name;
  url.password = 'secret';
  url.pathname = `/${database}`;
  const on = { options: { type: kind, url: url.href } as DataSourceOptions, drop: async () => undefined };
  return { on, owner, user: name };
}

const run = (database: TestDatabase, statements: readonly string[]): Promise<void> =>
  withDataSource(database, async (dataSource) => {
    for (const statement of statements) await dataSource.query(statement);
  });

describe.each(daily(['postgres', 'mysql'], 'mariadb'))(
  'Without the privilege to write attempts, on %s',
  (kind) => {
    it('events are sent once each, their deliveries recorded, and the log says once what is missing', async () => {
      const { on, owner, user } = await asUser(kind);
      const broken = await appOn({ on });
      await run(owner, [`REVOKE INSERT ON webhook_attempts FROM ${user}`]);
      await emitted(broken);
      broken.t.receiver.answer = 500;
      await emitted(broken);
      await leasesEnd(broken, LATER_MS);
      expect(broken.t.receiver.arrivals.map(({ headers }) => headers['x-webhook-attempt'])).toEqual([
        '1',
        '1',
        '2',
        '3',
      ]);
      expect((await deliveriesOf(broken)).map(({ status }) => status).sort()).toEqual([
        'failed',
        'succeeded',
      ]);
      expect(await attemptsOf(broken)).toEqual([]);
      expect(complaints(broken)).toHaveLength(1);
      expect(complaints(broken)[0]).toMatch(/denied.*missing in the log/);
      await run(owner, [`GRANT INSERT ON webhook_attempts TO ${user}`]);
      // The fake one begins at 0.
      const soFar = performance.now();
      vi.useFakeTimers({ toFake: ['performance'] });
      vi.advanceTimersByTime(soFar + 10 * MINUTE_MS);
      broken.t.receiver.answer = 200;
      await emitted(broken);
      expect(await attemptsOf(broken)).toHaveLength(1);
      expect(broken.logger.matching(/stored whole again/)).toHaveLength(1);
    });
  },
);

describe.each(['postgres', 'sqlite'] as const)('Without the key of the statistics, on %s', (kind) => {
  it('deliveries and attempts are recorded all the same', async () => {
    const broken = await appOn({ database: kind });
    await broken.t.dataSource.query('ALTER TABLE webhook_stats RENAME TO counted');
    await broken.t.dataSource.query('CREATE TABLE webhook_stats AS SELECT * FROM counted');
    await emitted(broken);
    await leasesEnd(broken, LATER_MS);
    expect(broken.t.receiver.arrivals).toHaveLength(1);
    expect(await deliveriesOf(broken)).toMatchObject([{ status: 'succeeded' }]);
    expect(await attemptsOf(broken)).toHaveLength(1);
    expect(complaints(broken)).toHaveLength(1);
  });
});

describe.each(daily(['sqlite', 'postgres', 'mysql'], 'mariadb'))(
  'If no outcome can be stored at all, on %s',
  (kind) => {
    const refuse = ({ t }: Broken): Promise<unknown> =>
      t.dataSource.query(
        kind === 'sqlite'
          ? `CREATE TRIGGER refuse BEFORE UPDATE ON webhook_deliveries WHEN NEW.attempt_count > 0
             BEGIN SELECT RAISE(ABORT, 'no outcomes'); END`
          : 'ALTER TABLE webhook_deliveries ADD CONSTRAINT refuse CHECK (attempt_count = 0)',
      );
    const allow = ({ t }: Broken): Promise<unknown> =>
      t.dataSource.query(
        kind === 'sqlite' ? 'DROP TRIGGER refuse' : 'ALTER TABLE webhook_deliveries DROP CONSTRAINT refuse',
      );

    it('a healthy receiver gets each event once, and the outcomes are recorded as soon as storing works', async () => {
      const broken = await appOn({ database: kind });
      await refuse(broken);
      await emitted(broken);
      await leasesEnd(broken, 5 * LEASE_MS);
      expect(broken.t.receiver.arrivals).toHaveLength(1);
      expect(complaints(broken)).toHaveLength(1);
      await allow(broken);
      await leasesEnd(broken, LEASE_MS);
      expect(broken.t.receiver.arrivals).toHaveLength(1);
      expect(await deliveriesOf(broken)).toMatchObject([{ status: 'succeeded', attemptCount: 1 }]);
      expect(await attemptsOf(broken)).toMatchObject([{ number: 1, outcome: 'succeeded', statusCode: 200 }]);
    });

    it('a failing receiver gets attempts by the schedule, and none after its end', async () => {
      const broken = await appOn({ database: kind });
      broken.t.receiver.answer = 500;
      await refuse(broken);
      const start = broken.t.clock.now();
      await emitted(broken);
      await leasesEnd(broken, LATER_MS);
      const { arrivals } = broken.t.receiver;
      expect(arrivals.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2', '3']);
      // As soon after its time as leases end.
      for (const [index, { headers }] of arrivals.entries()) {
        const lateMs = Number(headers['webhook-timestamp']) * 1_000 - start - index * MINUTE_MS;
        expect(lateMs).toBeGreaterThanOrEqual(-1_000);
        expect(lateMs).toBeLessThan(2 * LEASE_MS);
      }
    });
  },
);
