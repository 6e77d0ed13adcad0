import { createServer, type AddressInfo } from 'node:net';
import { BullModule, getQueueToken } from '@nestjs/bull';
import { BullModule as BullmqModule } from '@nestjs/bullmq';
import { Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import type { Queue } from 'bull';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  InvalidWebhooksOptionError,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
  type WebhooksOptions,
} from 'nestjs-webhooks';
import { verifyWebhook } from 'nestjs-webhooks/receiver';
import { InvalidEmitOptionError } from '../../lib/dispatch/emit-rules.js';
import { UnsupportedDatabaseError } from '../../lib/persistence/unsupported-database.error.js';
import {
  WebhooksEntitiesMissingError,
  WebhooksSchemaError,
} from '../../lib/persistence/schema/schema.errors.js';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, type BareApp } from '../support/bare-app.js';
import { createDatabase, type TestDatabase } from '../support/databases.js';
import { Receiver, type Arrival } from '../support/receiver.js';
import { redisFor } from '../support/redis.js';

const { events, api, ...VALUES } = PLAIN_WEBHOOKS;
const STRUCTURE = { events, api } as const;
const NOWHERE = { host: '127.0.0.1', port: 1 };

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  vi.unstubAllEnvs();
});

async function start(imports: ModuleMetadata['imports']): Promise<BareApp> {
  const started = await bareApp({ imports: imports ?? [] });
  cleanups.push(() => started.app.close());
  return started;
}

async function ownDatabase(kind: 'sqlite' | 'postgres' | 'mariadb' = 'sqlite'): Promise<TestDatabase> {
  const database = await createDatabase(kind);
  cleanups.push(() => database.drop());
  return database;
}

/** One webhook from `emit` to a receiver. */
async function delivered({ app }: BareApp): Promise<Arrival> {
  const receiver = await Receiver.start();
  cleanups.push(() => receiver.stop());
  const webhooks = app.get(WebhooksService);
  const { secret } = await webhooks.endpoints.create('', {
    name: 'Receiver',
    url: receiver.url,
    events: ['*'],
  });
  await webhooks.emit('post.published', { id: 'p1' });
  const [arrival] = await receiver.received(1);
  verifyWebhook(arrival!.body, arrival!.headers, secret);
  return arrival!;
}

describe('WebhooksModule.forRoot', () => {
  it('delivers a signed webhook with nothing configured beyond the catalogue and who may manage it', async () => {
    const arrival = await delivered(
      await start([typeOrm(await ownDatabase()), WebhooksModule.forRoot(PLAIN_WEBHOOKS)]),
    );
    expect(JSON.parse(arrival.body)).toMatchObject({ event_type: 'post.published', data: { id: 'p1' } });
    expect(arrival.headers['x-webhook-signature']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is global: a module that does not import it injects WebhooksService', async () => {
    @Injectable()
    class Posts {
      constructor(readonly webhooks: WebhooksService) {}
    }
    @Module({ providers: [Posts] })
    class PostsModule {}
    const { app } = await start([
      PostsModule,
      typeOrm(await ownDatabase()),
      WebhooksModule.forRoot(PLAIN_WEBHOOKS),
    ]);
    expect(app.get(Posts, { strict: false }).webhooks).toBe(app.get(WebhooksService));
  });
});

describe('WebhooksModule.forRootAsync', () => {
  const HEADER = 'x-acme-signature';

  @Injectable()
  class Settings {
    readonly header = HEADER;

    create(): WebhooksOptions {
      return { ...VALUES, signature: { header: this.header } };
    }
  }

  @Module({ providers: [Settings], exports: [Settings] })
  class SettingsModule {}

  it.each([
    [
      'useFactory with inject and imports',
      {
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async (settings: Settings) => settings.create(),
      },
    ],
    ['useClass', { useClass: Settings }],
    ['useExisting', { imports: [SettingsModule], useExisting: Settings }],
  ])('takes its values from %s', async (_, source) => {
    const arrival = await delivered(
      await start([
        typeOrm(await ownDatabase()),
        WebhooksModule.forRootAsync({ ...STRUCTURE, ...source } as never),
      ]),
    );
    expect(arrival.headers[HEADER]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('stops the app when a value of the factory can’t work', async () => {
    const module = WebhooksModule.forRootAsync({
      ...STRUCTURE,
      useFactory: () => ({ delivery: { timeout: 'soon' as never } }),
    });
    await expect(start([typeOrm(await ownDatabase()), module])).rejects.toThrow(
      /^delivery\.timeout must be a duration .* got "soon"/,
    );
  });

  it('stops the app when the factory gives redis and nothing told that Bull is needed', async () => {
    const module = WebhooksModule.forRootAsync({ ...STRUCTURE, useFactory: () => redisFor() });
    await expect(start([typeOrm(await ownDatabase()), module])).rejects.toThrow(
      "queue must be 'bull' or 'bullmq' where redis is given. In forRootAsync, write queue: 'bull' beside useFactory.",
    );
  });
});

describe('An option that can’t work stops the app and is named', () => {
  it.each<[string, Partial<WebhooksModuleOptions> | Record<string, unknown>]>([
    ['events', { events: undefined }],
    ['events', { events: {} }],
    ["events['PostPublished']", { events: { PostPublished: {} } }],
    ['api.guards', { api: {} }],
    ['api.guards', { api: undefined }],
    ['api.guards', { api: { guards: [], public: false } }],
    ['api.guards[0]', { api: { guards: ['AuthGuard'] } }],
    ['api.path', { api: { public: true, path: 'web hooks' } }],
    ['queue', { queue: 'bullmp' }],
    ['queue', { queue: 'in-process', redis: 'redis://127.0.0.1:1' }],
    ['retry.schedule[1]', { retry: { schedule: ['15m', '10m'] } }],
    ['delivery.concurrency', { delivery: { concurrency: 0 } }],
    ['delivery.lease', { delivery: { lease: '5s' } }],
    ['network.allowHttp', { network: { allowHttp: 'false' } }],
    ['network.allowedAddresses[0]', { network: { allowedAddresses: ['10.0.0.0/33'] } }],
    ['signature.header', { signature: { header: 'webhook-signature' } }],
    ['encryption.keys[0]', { encryption: { keys: ['short'] } }],
    ['disableAfter', { disableAfter: 'never' }],
    ['retention', { retention: true }],
    ['limits.bodyBytes', { limits: { bodyBytes: '1mb' } }],
  ])('%s', async (option, wrong) => {
    const database = typeOrm(await ownDatabase());
    const error = await (async () =>
      start([
        database,
        WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, ...wrong } as WebhooksModuleOptions),
      ]))().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidWebhooksOptionError);
    expect((error as InvalidWebhooksOptionError).option).toBe(option);
    expect((error as Error).message).toMatch(/must|missing|not an event type/);
  });
});

describe('Redis', () => {
  const { redis, redisPrefix: _, ...rest } = { ...redisFor(), ...PLAIN_WEBHOOKS };
  const url = new URL(redis);
  const object = { host: url.hostname, port: Number(url.port) };

  const clientOf = ({ app }: BareApp): Queue['client'] =>
    app.get<Queue>(getQueueToken('webhooks'), { strict: false }).client;

  const prefixed = (): { redisPrefix: string } => ({ redisPrefix: redisFor().redisPrefix });

  it.each([
    ['URL', { url: redis }],
    ['object', { redis: object }],
  ])('is that of the app’s BullModule.forRoot where no redis is given (%s)', async (_name, root) => {
    const started = await start([
      typeOrm(await ownDatabase()),
      BullModule.forRoot(root),
      WebhooksModule.forRoot({ ...rest, ...prefixed(), queue: 'bull' }),
    ]);
    await delivered(started);
  });

  it.each([
    ['a URL beside a root object', redis, { redis: { ...NOWHERE, db: 7 } }],
    ['a URL beside a root URL', redis, { url: 'redis://127.0.0.1:1/7' }],
    ['an object beside a root object', object, { redis: { ...NOWHERE, db: 7 } }],
    ['an object beside a root URL', object, { url: 'redis://127.0.0.1:1/7' }],
  ])('is ours where redis is given: %s', async (_name, ours, root) => {
    const started = await start([
      typeOrm(await ownDatabase()),
      BullModule.forRoot(root),
      WebhooksModule.forRoot({ ...rest, ...prefixed(), redis: ours }),
    ]);
    await delivered(started);
    expect(Number(clientOf(started).options.db ?? 0)).toBe(0);
  });

  it('gives our queue nothing of the root configuration but the connection', async () => {
    const started = await start([
      typeOrm(await ownDatabase()),
      BullModule.forRoot({
        url: redis,
        prefix: 'shop',
        defaultJobOptions: { delay: 3_600_000 },
        limiter: { max: 1, duration: 3_600_000 },
      }),
      WebhooksModule.forRoot({ ...rest, ...prefixed(), queue: 'bull' }),
    ]);
    await delivered(started);
    await delivered(started);
  });

  it.each([
    ['a URL', { url: redis }],
    ['an object', object],
  ])(
    'is that of the app’s BullModule.forRoot of BullMQ where no redis is given (%s)',
    async (_name, connection) => {
      const started = await start([
        typeOrm(await ownDatabase()),
        BullmqModule.forRoot({
          connection: { ...connection, lazyConnect: true, maxRetriesPerRequest: null },
          prefix: 'shop',
          defaultJobOptions: { delay: 3_600_000 },
          extraOptions: { manualRegistration: true },
        }),
        WebhooksModule.forRoot({ ...rest, ...prefixed(), queue: 'bullmq' }),
      ]);
      await delivered(started);
      await delivered(started);
    },
  );

  it('holds our keys under the prefix, with its hash tag, and no other', async () => {
    const { redisPrefix } = prefixed();
    const started = await start([
      typeOrm(await ownDatabase()),
      WebhooksModule.forRoot({ ...rest, redis, redisPrefix }),
    ]);
    const client = clientOf(started);
    const before = new Set(await client.keys('*'));
    await delivered(started);
    const added = (await client.keys('*')).filter((key) => !before.has(key));
    expect(await client.keys(`${redisPrefix}:webhooks:*`)).not.toEqual([]);
    // Other suites use the same Redis, each under braces of its own.
    expect(added.filter((key) => !/^\{[^}]+\}:/.test(key))).toEqual([]);
  });

  it('is spoken to in TLS where the URL says rediss:', async () => {
    const { port, firstByte } = await droppingServer();
    await start([
      typeOrm(await ownDatabase()),
      WebhooksModule.forRoot({ ...rest, redis: `rediss://127.0.0.1:${port}` }),
    ]);
    const TLS_HANDSHAKE = 22;
    expect(await firstByte).toBe(TLS_HANDSHAKE);
  });

  it.each([
    ['refuses', async () => NOWHERE],
    ['drops', async () => ({ host: '127.0.0.1', port: (await droppingServer()).port })],
  ])('may be away (it %s connections) when the app starts, emits and closes', async (_name, away) => {
    for (const queue of ['bull', 'bullmq'] as const) await expectNoHarm({ queue, redis: await away() });
  });

  async function expectNoHarm(options: Partial<WebhooksModuleOptions>): Promise<void> {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', keep);
    cleanups.push(async () => process.off('unhandledRejection', keep));
    const { app } = await bareApp({
      imports: [typeOrm(await ownDatabase()), WebhooksModule.forRoot({ ...rest, ...options })],
    });
    const webhooks = app.get(WebhooksService);
    await webhooks.endpoints.create('', { name: 'Receiver', url: 'http://127.0.0.1:1024', events: ['*'] });
    const event = await webhooks.emit('post.published', {});
    expect(event.id).toMatch(/^evt_/);
    await app.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  }
});

/** Takes connections, and drops each at its first byte. */
async function droppingServer(): Promise<{ port: number; firstByte: Promise<number | undefined> }> {
  let seen!: (byte: number | undefined) => void;
  const firstByte = new Promise<number | undefined>((resolve) => (seen = resolve));
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .once('data', (data) => {
        seen(data[0]);
        socket.destroy();
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => server.close());
  return { port: (server.address() as AddressInfo).port, firstByte };
}

describe('The DataSource', () => {
  it('may be a named one, and emit refuses the manager of another', async () => {
    const started = await start([
      TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:' }),
      typeOrm(await ownDatabase(), { name: 'hooks' }),
      WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, dataSource: 'hooks' }),
    ]);
    await delivered(started);
    const webhooks = started.app.get(WebhooksService);
    const emitWith = (dataSource: DataSource): Promise<unknown> =>
      dataSource.transaction((manager) => webhooks.emit('post.published', {}, { manager }));
    await expect(emitWith(started.app.get(DataSource))).rejects.toThrow(InvalidEmitOptionError);
    await emitWith(started.app.get<DataSource>(getDataSourceToken('hooks')));
  });

  it('may be made by the app’s own factory', async () => {
    const database = await ownDatabase();
    const started = await start([
      TypeOrmModule.forRootAsync({
        useFactory: () => ({ ...database.options, autoLoadEntities: true, synchronize: true }) as object,
        dataSourceFactory: async (options) => new DataSource(options as DataSourceOptions).initialize(),
      }),
      WebhooksModule.forRoot(PLAIN_WEBHOOKS),
    ]);
    await delivered(started);
  });

  it('stops the app when it does not know our entities', async () => {
    const database = typeOrm(await ownDatabase(), { autoLoadEntities: false });
    const started = start([database, WebhooksModule.forRoot(PLAIN_WEBHOOKS)]);
    await expect(started).rejects.toThrow(WebhooksEntitiesMissingError);
    await expect(started).rejects.toThrow(
      'The DataSource does not know the entity WebhookEndpoint. Set autoLoadEntities: true in TypeOrmModule.forRoot, ' +
        'or add ...webhooksEntities to its entities.',
    );
  });

  it('stops the app when it is of a type that we have no statements for', async () => {
    const database = await ownDatabase();
    const oracle = TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...database.options, autoLoadEntities: true, retryAttempts: 0 }) as object,
      dataSourceFactory: async (options) => {
        const dataSource = await new DataSource(options as DataSourceOptions).initialize();
        return Object.defineProperty(dataSource, 'options', {
          value: { ...dataSource.options, type: 'oracle' },
        });
      },
    });
    const started = start([oracle, WebhooksModule.forRoot(PLAIN_WEBHOOKS)]);
    await expect(started).rejects.toThrow(UnsupportedDatabaseError);
    await expect(started).rejects.toThrow("The DataSource has type 'oracle'.");
  });

  it('stops the app when the tables are missing, and says what to do', async () => {
    const database = typeOrm(await ownDatabase(), { migrations: [], migrationsRun: false });
    const started = start([database, WebhooksModule.forRoot(PLAIN_WEBHOOKS)]);
    await expect(started).rejects.toThrow(WebhooksSchemaError);
    await expect(started).rejects.toThrow(
      /^The table 'webhook_endpoints' is missing.* Add webhooksMigrations to the migrations of your DataSource and run them/,
    );
  });
});

describe('Secrets stored as plain text', () => {
  const warnings = async (options: Partial<WebhooksOptions> = {}): Promise<string[]> => {
    const started = await start([
      typeOrm(await ownDatabase()),
      WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, ...options }),
    ]);
    return started.logger.matching(/plain text/);
  };

  it('are warned of once in production, with the command that makes a key', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const [warning, ...more] = await warnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/^warn .*encryption\.keys is not set.*randomBytes\(32\)/);
  });

  it('are not warned of in development, nor where keys are set', async () => {
    expect(await warnings()).toEqual([]);
    vi.stubEnv('NODE_ENV', 'production');
    expect(await warnings({ encryption: { keys: [Buffer.alloc(32, 7).toString('base64')] } })).toEqual([]);
  });
});
