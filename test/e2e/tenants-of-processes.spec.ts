import { afterEach, describe, expect, it } from 'vitest';
import {
  InvalidWebhooksOptionError,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { InvalidEmitOptionError } from '../../lib/dispatch/emit-rules.js';
import { bareApp, migratedDatabase, PLAIN_WEBHOOKS, typeOrm, type BareApp } from '../support/bare-app.js';
import type { TestDatabase } from '../support/databases.js';

const { events, network, delivery } = PLAIN_WEBHOOKS;
const VALUES = { network, delivery };
const ENDPOINT = { name: 'n', url: 'http://127.0.0.1:1024', events: ['*'] };
const WEB = { guards: [{ canActivate: () => true }], tenant: () => 'acme' };

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function tables(): Promise<TestDatabase> {
  const database = await migratedDatabase('postgres');
  cleanups.push(() => database.drop());
  return database;
}

/** A process of the app, with its values from a factory. */
async function start(
  database: TestDatabase,
  structure: Partial<WebhooksModuleOptions>,
): Promise<BareApp & { webhooks: WebhooksService; tenants: () => Promise<string[]> }> {
  const module = WebhooksModule.forRootAsync({ events, ...structure, useFactory: () => VALUES });
  const started = await bareApp({ imports: [typeOrm(database), module] });
  cleanups.push(() => started.app.close());
  return {
    ...started,
    webhooks: started.app.get(WebhooksService),
    tenants: async () =>
      (await started.app.get(DataSource).getRepository(WebhookEvent).find()).map(({ tenant }) => tenant),
  };
}

const warnings = ({ logger }: BareApp): string[] => logger.matching(/was stored for no tenant/);

describe('In an app with tenants, an emit without a tenant', () => {
  it.each<[string, Partial<WebhooksModuleOptions>]>([
    ['a web process with api.tenant', { api: WEB }],
    ['a worker with api: false and tenants: true', { api: false, tenants: true }],
    ['a worker with tenants: true that has no routes yet', { api: false, tenants: true, worker: false }],
  ])('is refused in %s, whatever is in the tables', async (_name, structure) => {
    const { webhooks, tenants } = await start(await tables(), structure);
    for (const options of [{}, { tenant: '' }, undefined]) {
      await expect(webhooks.emit('post.published', {}, options)).rejects.toThrow(
        "emit('post.published'): tenant is missing. This app has tenants (option tenants, or api.tenant), so every " +
          'event must say whose it is: { tenant }.',
      );
    }
    await webhooks.emit('post.published', {}, { tenant: 'acme' });
    expect(await tenants()).toEqual(['acme']);
  });

  it('is refused in a worker without the option tenants, as soon as a tenant has a webhook', async () => {
    const database = await tables();
    const web = await start(database, { api: WEB });
    await web.webhooks.endpoints.create('acme', ENDPOINT);
    const worker = await start(database, { api: false });
    const refused = worker.webhooks.emit('post.published', {});
    await expect(refused).rejects.toThrow(InvalidEmitOptionError);
    await expect(refused).rejects.toThrow(
      "emit('post.published'): tenant is missing, and this app has tenants: at least one of them has a webhook.",
    );
    await expect(worker.webhooks.emit('post.published', {}, { tenant: '' })).rejects.toThrow(
      'tenant is missing',
    );
    await worker.webhooks.emit('post.published', {}, { tenant: 'acme' });
    expect(await worker.tenants()).toEqual(['acme']);
  });

  it('is refused in a transaction on the only connection', async () => {
    const database = await tables();
    const web = await start(database, { api: WEB });
    await web.webhooks.endpoints.create('acme', ENDPOINT);
    const one = { ...database, options: { ...database.options, extra: { max: 1 } } };
    const worker = await start(one as TestDatabase, { api: false });
    const transaction = worker.app
      .get(DataSource)
      .transaction((manager) => worker.webhooks.emit('post.published', {}, { manager }));
    await expect(transaction).rejects.toThrow('this app has tenants');
  });

  it('is stored in a worker without the option tenants while no tenant has a webhook, with one warning', async () => {
    const worker = await start(await tables(), { api: false });
    await worker.webhooks.endpoints.create('', ENDPOINT);
    await worker.webhooks.emit('post.published', {});
    await worker.webhooks.emit('post.created', {});
    expect(await worker.tenants()).toEqual(['', '']);
    expect(warnings(worker)).toEqual([
      expect.stringMatching(
        /^warn 'post\.published' was stored for no tenant\. .* tenants: true .* else tenants: false\.$/,
      ),
    ]);
  });
});

describe('tenants: false', () => {
  it('allows events without a tenant beside webhooks of tenants, without a warning', async () => {
    const worker = await start(await tables(), { api: false, tenants: false });
    await worker.webhooks.endpoints.create('acme', ENDPOINT);
    await worker.webhooks.emit('post.published', {});
    await worker.webhooks.emit('post.published', {}, { tenant: 'acme' });
    expect((await worker.tenants()).toSorted()).toEqual(['', 'acme']);
    expect(warnings(worker)).toEqual([]);
  });

  it('is the default for routes without api.tenant', async () => {
    const web = await start(await tables(), { api: { public: true } });
    await web.webhooks.emit('post.published', {});
    expect(await web.tenants()).toEqual(['']);
    expect(warnings(web)).toEqual([]);
  });
});

describe('tenants that contradicts the routes stops the app', () => {
  it.each<[string, object, RegExp]>([
    ['not a boolean', { api: false, tenants: 'yes' }, /^tenants must be true or false, got "yes"/],
    [
      'true, with routes that have no tenant',
      { api: { public: true }, tenants: true },
      /^tenants is true, but api\.tenant is missing/,
    ],
    [
      'false, with routes that have one',
      { api: WEB, tenants: false },
      /^tenants is false, but api\.tenant is given/,
    ],
  ])('%s', (_name, structure, message) => {
    const starting = (): unknown =>
      WebhooksModule.forRoot({ events, ...VALUES, ...structure } as WebhooksModuleOptions);
    expect(starting).toThrow(InvalidWebhooksOptionError);
    expect(starting).toThrow(message);
  });
});
