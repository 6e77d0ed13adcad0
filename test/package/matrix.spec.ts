import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebhookDelivery, WebhookEndpoint, webhooksMigrations } from 'nestjs-webhooks';
import { withDataSource } from '../support/bare-app.js';
import { daily } from '../support/daily.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { liveACustomersDay } from '../support/customers-day.js';
import { openApiProblems, type Json } from '../support/document-validators.js';
import { installMatrixApp, type MatrixApp } from '../support/matrix-app.js';
import { packBuilt, removeFolder, startApp, temporaryFolder } from '../support/packed-app.js';
import { Receiver } from '../support/receiver.js';
import { pageSpecs, pageTests, runTestingPage } from '../support/testing-page.js';

const INSTALL_MS = 240_000;
const RUN_MS = 120_000;

const folder = temporaryFolder();
let tarball: string;

beforeAll(async () => {
  ({ tarball } = await packBuilt(folder));
}, INSTALL_MS);

afterAll(() => removeFolder(folder), INSTALL_MS);

it('docs/how-to/testing.md has the examples that the apps run', () => {
  expect(pageSpecs).toHaveLength(5);
  expect(pageTests.length).toBeGreaterThanOrEqual(12);
});

const NEST_10 = { name: 'nest-10', is: 'Nest 10, TypeORM 0.3.20, CommonJS, Jest 29, TypeScript 5.4' };
const NEST_11 = { name: 'nest-11', is: 'Nest 11, TypeORM 0.3, CommonJS, Jest 30, TypeScript 5' };
const NEST_12 = { name: 'nest-12', is: 'Nest 12, TypeORM 1, ES modules, Vitest, TypeScript 6' };

/** Each is made as the Nest CLI of its version makes it, with the packages that this CLI's users have. */
describe.each(daily([NEST_10, NEST_12], NEST_11))('An app of $is', ({ name }) => {
  let app: MatrixApp;
  let database: TestDatabase;
  let env: { DATABASE_URL: string };

  beforeAll(async () => {
    database = await createDatabase('postgres');
    env = { DATABASE_URL: String('url' in database.options && database.options.url) };
    app = await installMatrixApp(name, folder, tarball, env);
    await app.npm('run', 'build');
  }, INSTALL_MS);

  afterAll(() => database?.drop());

  const start = (main = 'dist/src/main.js') => startApp(join(app.home, main), env);

  const live = async (main?: string): Promise<void> => {
    const running = await start(main);
    try {
      await liveACustomersDay(running.hello.url);
    } finally {
      await running.terminate();
    }
    expect(running.output()).not.toMatch(/ERROR.*\[Webhooks\]/);
  };

  const migrate = (...words: string[]): Promise<string> =>
    app.program('typeorm', ...words, '-d', 'dist/src/data-source.js');

  it(
    'has its tables made and removed by the CLI of TypeORM, beside its own',
    async () => {
      await expect(migrate('migration:run')).resolves.toContain('CreateWebhooks');
      // The newest one: test/e2e/schema takes all of them back on each version of TypeORM, without its CLI.
      await expect(migrate('migration:revert')).resolves.toContain(webhooksMigrations.at(-1)!.name);
      await migrate('migration:run');
      // Nothing that a generated migration would add, change or drop.
      await expect(migrate('schema:log')).resolves.toContain('Your schema is up to date');
    },
    RUN_MS,
  );

  it('serves, delivers, rolls back and retries in plain Node', () => live(), RUN_MS);

  it('ends a request under way before its database goes, and records it', async () => {
    const running = await start();
    const receiver = await Receiver.start();
    let respond!: () => void;
    receiver.answer = (_arrival, response) => {
      respond = () => response.writeHead(204).end();
    };
    try {
      const id = await created(running.hello.url, receiver.url);
      await fetch(`${running.hello.url}/orders`, { ...AS_ACME, method: 'POST', body: '{"total":20}' });
      await receiver.received(1);
      const ended = running.terminate();
      await closing(running.hello.url);
      respond();
      expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
      await withDataSource(database, async (dataSource) => {
        expect(await dataSource.getRepository(WebhookDelivery).findBy({ endpointId: id })).toMatchObject([
          { status: 'succeeded', attemptCount: 1 },
        ]);
        await dataSource.getRepository(WebhookEndpoint).delete({ id });
      });
    } finally {
      await running.terminate();
      await receiver.stop();
    }
  });

  it(
    'passes its unit tests, with a stand-in for WebhooksService',
    async () => {
      await expect(app.npm('test')).resolves.toMatch(/Tests +1 passed|Tests: +1 passed/);
    },
    RUN_MS,
  );

  it('checks its catalogue as it is written, where it has what loads TypeScript', async () => {
    const check = (...words: string[]): Promise<string> =>
      app.program('nestjs-webhooks', 'check-catalogue', 'src/events.ts', ...words);
    if (name === 'nest-10') {
      await expect(check('--write')).rejects.toThrow(/needs tsx, ts-node or @swc-node\/register/);
      return;
    }
    await expect(check('--write')).resolves.toContain('has 3 event types now');
    await expect(check()).resolves.toContain('Nothing breaks: 3 event types.');
  });

  it(
    'passes its end-to-end tests',
    async () => {
      await expect(app.npm('run', 'test:e2e')).resolves.toMatch(/Tests +5 passed|Tests: +5 passed/);
      const document = JSON.parse(readFileSync(join(app.home, 'openapi.json'), 'utf8')) as Json;
      expect(await openApiProblems(document)).toEqual([]);
      expect(document.paths).toHaveProperty(['/webhooks/{id}/secret', 'get']);
      expect(JSON.stringify(document)).not.toMatch(/"null"|undefined/);
    },
    RUN_MS,
  );

  if (name === 'nest-10') return;

  it(
    'passes every example of docs/how-to/testing.md',
    async () => {
      const report = await runTestingPage(app.home, name === 'nest-11' ? 'jest' : 'vitest');
      expect(report.failed).toEqual([]);
      expect([...report.passed].sort(), report.output).toEqual([...pageTests].sort());
      // Jest says so where something still runs after the last test.
      expect(report.output).not.toMatch(/did not exit|open handle|failed to exit/i);
    },
    RUN_MS,
  );

  if (name !== 'nest-11') return;

  it.each(['esbuild-cjs', 'esbuild-esm', 'webpack', 'rspack'])(
    'starts as the one file that %s makes of it',
    async (bundler) => {
      execFileSync(process.execPath, ['bundle.mjs', bundler], { cwd: app.home, encoding: 'utf8' });
      await live(`bundles/${bundler}/main.${bundler === 'esbuild-esm' ? 'mjs' : 'js'}`);
    },
    RUN_MS,
  );

  it(
    'goes on with its rows when it moves from TypeORM 0.3 to 1',
    async () => {
      const before = await start();
      const hook = await created(before.hello.url, 'http://127.0.0.1:4999/');
      await before.terminate();

      await app.npm(
        'install',
        'typeorm@^1',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
      );
      await expect(migrate('migration:run')).resolves.toContain('No migrations are pending');
      const after = await start();
      try {
        const found = await fetch(`${after.hello.url}/webhooks/${hook}`, AS_ACME);
        expect(found.status).toBe(200);
        await fetch(`${after.hello.url}/webhooks/${hook}`, { ...AS_ACME, method: 'DELETE', body: '{}' });
        await liveACustomersDay(after.hello.url);
      } finally {
        await after.terminate();
      }
    },
    INSTALL_MS,
  );
});

/** Until it takes no requests, which is the first thing that an app does when it closes. */
async function closing(app: string): Promise<void> {
  while (
    await fetch(app).then(
      () => true,
      () => false,
    )
  );
}

const AS_ACME = { headers: { 'x-api-key': 'key-of-acme', 'content-type': 'application/json' } };

/** Gives the id of a new endpoint. */
async function created(app: string, url: string): Promise<string> {
  const body = JSON.stringify({ name: 'Old', url, events: ['order.*'] });
  const response = await fetch(`${app}/webhooks`, { ...AS_ACME, method: 'POST', body });
  return ((await response.json()) as { id: string }).id;
}
