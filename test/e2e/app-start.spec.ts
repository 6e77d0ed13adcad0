import {
  Injectable,
  Module,
  type INestApplicationContext,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { WebhookEvent, WebhooksModule, WebhooksService, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { PLAIN_WEBHOOKS, RecordingLogger, typeOrm } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';
import { Receiver } from '../support/receiver.js';

const TCP: MicroserviceOptions = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } };
const UNINITIALISED =
  /before the app's init hooks ran: .* Call await app\.init\(\) after NestFactory\.create\(\)/;

@Injectable()
class EarlyBird implements OnModuleInit {
  constructor(private readonly webhooks: WebhooksService) {}

  async onModuleInit(): Promise<void> {
    await this.webhooks.emit('post.created', { at: 'onModuleInit' });
  }
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function appModule(
  webhooks: Partial<WebhooksModuleOptions> = {},
  providers: Type[] = [],
): Promise<Type> {
  @Module({
    imports: [
      typeOrm(await createDatabase('sqlite')),
      EventEmitterModule.forRoot(),
      WebhooksModule.forRoot({
        ...PLAIN_WEBHOOKS,
        events: { 'post.published': { on: 'post.live' }, 'post.created': {} },
        tenants: false,
        ...webhooks,
      }),
    ],
    providers,
  })
  class AppModule {}
  return AppModule;
}

/** What the tests ask of an app that has started in some way. */
async function observed<App extends INestApplicationContext>(app: App, logger: RecordingLogger) {
  cleanups.push(() => app.close());
  const receiver = await Receiver.start();
  cleanups.push(() => receiver.stop());
  const webhooks = app.get(WebhooksService);
  await webhooks.endpoints.create('', { name: 'n', url: receiver.url, events: ['*'] });
  return {
    app,
    webhooks,
    receiver,
    warnings: () => logger.matching(UNINITIALISED),
    storedFor: async (domainEvent: string) => {
      const rows = app.get(DataSource).getRepository(WebhookEvent);
      const before = await rows.count();
      await app.get(EventEmitter2).emitAsync(domainEvent, { id: 'p1' });
      return (await rows.count()) - before;
    },
  };
}

const OPTIONS = { abortOnError: false } as const;

describe('An app whose init hooks run delivers, without a warning', () => {
  it.each<[string, (module: Type, logger: RecordingLogger) => Promise<INestApplicationContext>]>([
    [
      'createApplicationContext',
      (module, logger) => NestFactory.createApplicationContext(module, { ...OPTIONS, logger }),
    ],
    [
      'createMicroservice and listen',
      async (module, logger) => {
        const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
          ...OPTIONS,
          ...TCP,
          logger,
        });
        await app.listen();
        return app;
      },
    ],
    [
      'createMicroservice, init and listen, for which Nest runs the hooks twice',
      async (module, logger) => {
        const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
          ...OPTIONS,
          ...TCP,
          logger,
        });
        await app.init();
        await app.listen();
        return app;
      },
    ],
    [
      'a hybrid app that is initialised',
      async (module, logger) => {
        const app = await NestFactory.create(module, { ...OPTIONS, logger });
        app.connectMicroservice<MicroserviceOptions>(TCP);
        await app.init();
        await app.startAllMicroservices();
        return app;
      },
    ],
    [
      'a hybrid app that listens',
      async (module, logger) => {
        const app = await NestFactory.create(module, { ...OPTIONS, logger });
        app.connectMicroservice<MicroserviceOptions>(TCP);
        await app.startAllMicroservices();
        await app.listen(0, '127.0.0.1');
        return app;
      },
    ],
    [
      'a hybrid app whose microservice initialises it, and which then listens',
      async (module, logger) => {
        const app = await NestFactory.create(module, { ...OPTIONS, logger });
        app.connectMicroservice<MicroserviceOptions>(TCP, { deferInitialization: true });
        await app.startAllMicroservices();
        await app.listen(0, '127.0.0.1');
        return app;
      },
    ],
    [
      'a testing module that is initialised, with no application',
      async (module, logger) => {
        const testing = await Test.createTestingModule({ imports: [module] })
          .setLogger(logger)
          .compile();
        return testing.init();
      },
    ],
  ])('%s', async (_name, started) => {
    const logger = new RecordingLogger();
    const app = await started(await appModule({}, [EarlyBird]), logger);
    const { webhooks, receiver, warnings, storedFor } = await observed(app, logger);
    await webhooks.emit('post.published', { id: 'p1' });
    await receiver.received(1);
    expect(await storedFor('post.live')).toBe(1);
    await receiver.received(2);
    expect(warnings()).toEqual([]);
  });

  it('createApplicationContext rejects options that can’t work', async () => {
    const module = await appModule({ delivery: { concurrency: 0 } });
    const starting = NestFactory.createApplicationContext(module, { ...OPTIONS, logger: false });
    await expect(starting).rejects.toThrow('delivery.concurrency must be a whole number above zero');
  });
});

describe('An app whose init hooks never ran', () => {
  it.each<[string, (module: Type, logger: RecordingLogger) => Promise<INestApplicationContext>]>([
    [
      'a hybrid app that only starts its microservices',
      async (module, logger) => {
        const app = await NestFactory.create(module, { ...OPTIONS, logger });
        app.connectMicroservice<MicroserviceOptions>(TCP);
        return app.startAllMicroservices();
      },
    ],
    [
      'a testing module that is only compiled',
      (module, logger) =>
        Test.createTestingModule({ imports: [module] })
          .setLogger(logger)
          .compile(),
    ],
  ])(
    'is warned once, at the first emit, and sends what it stored once it is initialised: %s',
    async (_name, started) => {
      const logger = new RecordingLogger();
      const { app, webhooks, receiver, warnings } = await observed(
        await started(await appModule(), logger),
        logger,
      );
      expect(warnings()).toEqual([]);
      await webhooks.emit('post.published', { id: 'p1' });
      expect(warnings()).toEqual([expect.stringMatching(/^warn 'post\.published' was emitted before/)]);
      await webhooks.emit('post.published', { id: 'p2' });
      expect(warnings()).toHaveLength(1);
      expect(receiver.arrivals).toEqual([]);
      await app.init();
      await receiver.received(2);
    },
  );

  it('is not warned with worker: false, which never delivers', async () => {
    const logger = new RecordingLogger();
    const module = await appModule({ worker: false });
    const testing = await Test.createTestingModule({ imports: [module] })
      .setLogger(logger)
      .compile();
    const { webhooks, warnings } = await observed(testing, logger);
    await webhooks.emit('post.published', {});
    expect(warnings()).toEqual([]);
  });
});
