import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { liveACustomersDay } from '../support/customers-day.js';
import { installMatrixApp, type MatrixApp } from '../support/matrix-app.js';
import { pack, removeFolder, startApp, temporaryFolder } from '../support/packed-app.js';

const INSTALL_MS = 240_000;
const RUN_MS = 120_000;

const folder = temporaryFolder();
let tarball: string;

beforeAll(async () => {
  ({ tarball } = await pack(folder));
}, INSTALL_MS);

afterAll(() => removeFolder(folder), INSTALL_MS);

/** Each is made as the Nest CLI of its version makes it, with the packages that this CLI's users have. */
describe.each([
  { name: 'nest-10', is: 'Nest 10, TypeORM 0.3.20, CommonJS, Jest 29, TypeScript 5.4' },
  { name: 'nest-11', is: 'Nest 11, TypeORM 0.3, CommonJS, Jest 30, TypeScript 5' },
  { name: 'nest-12', is: 'Nest 12, TypeORM 1, ES modules, Vitest, TypeScript 6' },
])('An app of $is', ({ name }) => {
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
    app.npm('exec', '--', 'typeorm', ...words, '-d', 'dist/src/data-source.js');

  it(
    'has its tables made and removed by the CLI of TypeORM, beside its own',
    async () => {
      await migrate('migration:run');
      await migrate('migration:revert');
      await expect(migrate('migration:run')).resolves.toContain('CreateWebhooks');
      await expect(migrate('migration:run')).resolves.toContain('No migrations are pending');
      // Nothing that a generated migration would add, change or drop.
      await expect(migrate('schema:log')).resolves.toContain('Your schema is up to date');
    },
    RUN_MS,
  );

  it('serves, delivers, rolls back and retries in plain Node', () => live(), RUN_MS);

  it(
    'passes its unit tests, with a stand-in for WebhooksService',
    async () => {
      await expect(app.npm('test')).resolves.toMatch(/Tests +1 passed|Tests: +1 passed/);
    },
    RUN_MS,
  );

  it(
    'passes its end-to-end tests',
    async () => {
      await expect(app.npm('run', 'test:e2e')).resolves.toMatch(/Tests +3 passed|Tests: +3 passed/);
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
      const hook = await created(before.hello.url);
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
        const found = await fetch(`${after.hello.url}/webhooks/${hook}`, {
          headers: { 'x-api-key': 'key-of-acme' },
        });
        expect(found.status).toBe(200);
        await fetch(`${after.hello.url}/webhooks/${hook}`, {
          method: 'DELETE',
          headers: { 'x-api-key': 'key-of-acme' },
        });
        await liveACustomersDay(after.hello.url);
      } finally {
        await after.terminate();
      }
    },
    INSTALL_MS,
  );
});

async function created(app: string): Promise<string> {
  const response = await fetch(`${app}/webhooks`, {
    method: 'POST',
    headers: { 'x-api-key': 'key-of-acme', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Old', url: 'http://127.0.0.1:4999/', events: ['order.paid'] }),
  });
  return ((await response.json()) as { id: string }).id;
}
