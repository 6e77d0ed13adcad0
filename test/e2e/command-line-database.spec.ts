import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { WebhooksOperator, webhooksMigrations } from 'nestjs-webhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, runHere, type CommandResult } from '../support/command.js';
import { daily } from '../support/daily.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { sendingApp, type SendingApp } from '../support/sending-app.js';

/** One for each driver. */
const KINDS = daily(['sqlite', 'mysql'], 'postgres').filter(
  (kind) => process.env.TEST_DATABASES?.split(',').includes(kind) ?? true,
);
const MINUTE_MS = 60_000;
/** Each test starts up to ten processes, which takes as long as the machine is busy. */
const PROCESSES_MS = 2 * MINUTE_MS;
const names = webhooksMigrations.map((Class) => new Class().name);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One that another process can open. */
async function sharedDatabase(kind: DatabaseKind): Promise<{ database: TestDatabase; url: string }> {
  if (kind !== 'sqlite') {
    const database = await createDatabase(kind);
    return { database, url: (database.options as { url: string }).url };
  }
  const file = join(folder, `${Math.random()}.db`);
  const options = { type: 'better-sqlite3', database: file } as const;
  return { database: { options, drop: async () => undefined }, url: `file:${file}` };
}

describe.each(KINDS)('The commands on a database: %s', (kind) => {
  let database: TestDatabase;
  let run: (...given: string[]) => Promise<CommandResult>;
  let t: SendingApp | undefined;
  beforeEach(async () => {
    const shared = await sharedDatabase(kind);
    ({ database } = shared);
    run = (...given) => runCommand(given, { env: { DATABASE_URL: shared.url } });
  });
  afterEach(async () => {
    await t?.stop();
    t = undefined;
    await database.drop();
  });

  it('migrate, status and resend work', { timeout: PROCESSES_MS }, async () => {
    expect(await run('migrate', 'up')).toMatchObject({
      code: 0,
      stdout: names.map((name) => `ran ${name}\n`).join(''),
    });
    const last = names.at(-1)!;
    expect(await run('migrate', 'down', '--yes', '--json')).toMatchObject({
      code: 0,
      stdout: `{"reverted":["${last}"]}\n`,
    });
    // TypeORM goes on from there.
    const dataSource = await new DataSource({
      ...database.options,
      migrations: webhooksMigrations,
    }).initialize();
    const ran = await dataSource.runMigrations();
    await dataSource.destroy();
    expect(ran.map(({ name }) => name)).toEqual([last]);

    t = await sendingApp({ on: database, clock: false, webhooks: { retry: { schedule: [] } } });
    await t.endpoint();
    t.receiver.answer = 500;
    await t.webhooks.emit('post.created', { post_id: 'p1' }, { tenant: 'acme' });
    await t.settled();
    t.receiver.answer = 204;
    expect(await run('resend', '--tenant', 'acme', '--yes', '--json')).toMatchObject({
      code: 0,
      stdout: '{"resent":1,"refused":[]}\n',
    });
    const { due } = JSON.parse((await run('status', '--json')).stdout) as { due: object };
    expect(due).toMatchObject({ count: 1, isMore: false });
    await t.after(0);
    const { data } = await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 });
    expect(data.map(({ status }) => status)).toEqual(['succeeded']);
  });
});

describe('The commands migrate and resend', () => {
  let url: string;
  let database: TestDatabase;
  beforeEach(async () => {
    ({ database, url } = await sharedDatabase('sqlite'));
  });
  const run = (...given: string[]): Promise<CommandResult> => runHere(given, url);

  it(
    'show pending migrations, run none twice, and revert none without --yes',
    { timeout: PROCESSES_MS },
    async () => {
      expect(await run('migrate', 'show')).toMatchObject({
        code: 1,
        stdout: names.map((name) => `[ ] ${name}\n`).join(''),
      });
      const status = await run('status');
      expect(status).toMatchObject({ code: 1 });
      expect(status.stdout).toContain('schema: Migrations of nestjs-webhooks have not run');
      await run('migrate', 'up');
      expect(await run('migrate', 'up')).toMatchObject({ code: 0, stdout: 'There was nothing to do.\n' });
      const refused = await run('migrate', 'down', '--steps', '2');
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toContain(`It would take back ${names.at(-1)}, ${names.at(-2)}, with all`);
      const { migrations } = JSON.parse((await run('migrate', 'show', '--json')).stdout) as {
        migrations: object[];
      };
      expect(migrations).toEqual(names.map((name) => ({ name, hasRun: true })));
    },
  );

  it(
    'send again what failed, by ids and by a filter, and say what they can’t send',
    { timeout: PROCESSES_MS },
    async () => {
      const t = await sendingApp({
        on: database,
        migrate: true,
        clock: false,
        webhooks: { retry: { schedule: [] } },
      });
      await run('migrate', 'up');
      const { id } = await t.endpoint();
      t.receiver.answer = 500;
      const event = await t.webhooks.emit('post.created', { post_id: 'p1' }, { tenant: 'acme' });
      await t.webhooks.emit('post.published', { post_id: 'p1', url: 'x' }, { tenant: 'acme' });
      await t.settled();
      t.receiver.answer = 204;

      expect((await run('resend', '--tenant', 'acme', '--since', '1h')).stdout).toBe(
        '2 deliveries. Give --yes to send them again.\n',
      );
      const { settings, audit } = t.app.get(WebhooksOperator);
      await settings.set('acme', { resendsPerMinute: 1 });
      const byType = await run('resend', '-t', 'acme', '--type', 'post.published', '--yes', '--json');
      expect(byType).toMatchObject({ code: 0, stdout: '{"resent":1,"refused":[]}\n' });
      expect(await run('resend', event.id, '--actor', 'ada')).toMatchObject({
        code: 0,
        stdout: '1 of 1 deliveries are due now.\n',
      });
      // No limit of the tenant's, and an operator's act.
      const acts = await audit.list({ tenant: 'acme', act: 'delivery.resent' }, { limit: 5 });
      expect(acts.data.map(({ actor }) => actor)).toEqual([
        { kind: 'operator', id: 'ada' },
        { kind: 'operator', id: `cli:${userInfo().username}` },
      ]);
      await t.after(0);
      const { data } = await t.webhooks.deliveries.list({ tenant: 'acme' }, { limit: 10 });
      expect(data.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);

      await t.webhooks.endpoints.update('acme', id, { active: false });
      const off = await run('resend', data[0]!.id);
      expect(off.code).toBe(1);
      expect(off.stdout).toBe(
        `${data[0]!.id}: Webhook ${id} is off. Turn it on first.\n0 of 1 deliveries are due now.\n`,
      );
      expect(await run('resend', `evt_${'0'.repeat(32)}`)).toMatchObject({ code: 2, stdout: '' });
      await t.stop();
    },
  );
});

describe('The command status', () => {
  it(
    'says by its exit code whether anything needs attention, and what',
    { timeout: PROCESSES_MS },
    async () => {
      const { database, url } = await sharedDatabase('sqlite');
      const t = await sendingApp({ on: database, migrate: true, clock: false });
      const status = (...given: string[]) => runHere(['status', ...given], url);
      try {
        const { id } = await t.endpoint();
        const { id: other } = await t.endpoint({ tenant: 'globex' });
        await expect.poll(async () => (await t.webhooks.health.workers()).length).toBe(1);
        const well = await status();
        expect(well.stdout).toMatch(/^due {7}0\nworkers {3}\S+ \d+ \(\S+Z\)\nNothing needs attention\.\n$/);
        expect(well.code).toBe(0);

        await t.webhooks.emit('post.created', { post_id: 'p1' }, { tenant: 'acme' });
        await t.settled();
        const now = Date.now();
        const rows = t.dataSource.getRepository('WebhookEndpoint');
        await rows.update({ id }, { failingSince: now - 2 * 1_440 * MINUTE_MS, failingToldAt: now });
        await rows.update(
          { id: other },
          { active: false, disabledReason: 'gone', disabledAt: now - MINUTE_MS },
        );
        await t.dataSource
          .getRepository('WebhookDelivery')
          .update(
            { endpointId: id },
            { status: 'pending', nextAttemptAt: now - 20 * MINUTE_MS, leaseToken: null },
          );
        const { code, stdout } = await status();
        expect(code).toBe(1);
        expect(stdout).toContain(
          `due       1, the oldest since ${new Date(now - 20 * MINUTE_MS).toISOString()}\n`,
        );
        expect(stdout).toContain(`failing   ${id} of acme since `);
        expect(stdout).toContain(`disabled  ${other} of globex at `);
        expect(stdout).toContain('  lag: Something is due for 20 min.\n');
        expect(stdout).toContain('  failing: 1 endpoints have failed every attempt for long.\n');
        const kinds = ['lag', 'failing', 'disabled', 'due'].flatMap((kind) => ['--ignore', kind]);
        expect(await status(...kinds)).toMatchObject({ code: 0 });
        const left = JSON.parse((await status('--max-lag', '1h', '--json', '--since', '0s')).stdout) as {
          attention: { kind: string }[];
        };
        expect(left.attention.map(({ kind }) => kind)).toEqual(['failing']);
      } finally {
        await t.stop();
      }
    },
  );

  it('says that there is no database, and never its password', { timeout: PROCESSES_MS }, async () => {
    const away = await runCommand(['status', '--database', 'postgres://ada:hunter2@127.0.0.1:1/x', '--json']);
    expect(away.code).toBe(1);
    expect((JSON.parse(away.stdout) as { attention: object[] }).attention).toMatchObject([
      { kind: 'database' },
    ]);
    expect(away.stdout + away.stderr).not.toContain('hunter2');
    expect(await runCommand(['status'])).toMatchObject({ code: 2, stdout: '' });
    expect(await runCommand(['status', '--database', 'oracle://x'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('takes the DataSource that the app exports for its migrations', { timeout: PROCESSES_MS }, async () => {
    const { url } = await sharedDatabase('sqlite');
    const path = url.replace('file:', '');
    const file = join(folder, 'data-source.cjs');
    const typeorm = JSON.stringify(require.resolve('typeorm'));
    writeFileSync(
      file,
      `const { DataSource } = require(${typeorm});
       exports.AppDataSource = new DataSource({ type: 'better-sqlite3', database: ${JSON.stringify(path)}, entityPrefix: 'app_', migrationsTableName: 'history', entities: [] });`,
    );
    expect(await runCommand(['migrate', 'up', '-d', file])).toMatchObject({ code: 0 });
    const dataSource = await new DataSource({ type: 'better-sqlite3', database: path }).initialize();
    const tables = await dataSource.query<{ name: string }[]>(
      `SELECT name FROM sqlite_master WHERE type = 'table'`,
    );
    await dataSource.destroy();
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['history', 'app_webhook_events']));
    expect((await runCommand(['status', '-d', file, '--json'])).stdout).toContain('No worker was heard of');
    expect(await runCommand(['status', '-d', file, '--export', 'Nothing'])).toMatchObject({ code: 2 });
  });
});
