import {
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type OnModuleInit,
} from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  EmitsWebhook,
  InvalidWebhookPayloadError,
  InvalidWebhooksOptionError,
  UnknownWebhookEventTypeError,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
} from 'nestjs-webhooks';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, type BareApp } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';

class OrderPaid {
  @IsString()
  order_id!: string;
}

@Injectable()
class Orders implements OnModuleInit {
  constructor(private readonly webhooks: WebhooksService) {}

  async onModuleInit(): Promise<void> {
    await this.webhooks.emit('order.imported', { from: 'onModuleInit' });
  }

  @EmitsWebhook('order.paid')
  async pay(id: string): Promise<OrderPaid> {
    return { order_id: id };
  }
}

@Module({
  imports: [
    WebhooksModule.forFeature({
      events: {
        'order.paid': { payload: OrderPaid, example: { order_id: 'o1' } },
        'order.imported': { group: 'Imports' },
        'order.shipped': { on: 'parcel.left' },
      },
    }),
  ],
  providers: [Orders],
})
class OrdersModule {}

@Module({ imports: [WebhooksModule.forFeature({ events: { 'post.published': {} } })] })
class PostsModule {}

const { events: _, ...WITHOUT_EVENTS } = PLAIN_WEBHOOKS;
const ROOTS: [string, () => DynamicModule][] = [
  ['forRoot', () => WebhooksModule.forRoot(WITHOUT_EVENTS)],
  [
    'forRootAsync',
    () => {
      const { api, ...values } = WITHOUT_EVENTS;
      return WebhooksModule.forRootAsync({ api, useFactory: async () => values });
    },
  ],
];

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(imports: NonNullable<ModuleMetadata['imports']>): Promise<BareApp> {
  const database = typeOrm(await createDatabase('sqlite'));
  const started = await bareApp({ imports: [...imports, database, EventEmitterModule.forRoot()] });
  cleanups.push(() => started.app.close());
  return started;
}

const types = ({ app }: BareApp): string[] =>
  app
    .get(WebhooksService)
    .events.types()
    .data.map(({ type }) => type);

describe('WebhooksModule.forFeature', () => {
  const ORDERS_OF_IMPORT: [string, (root: DynamicModule) => NonNullable<ModuleMetadata['imports']>][] = [
    ['before', (root) => [OrdersModule, PostsModule, root]],
    ['after', (root) => [root, OrdersModule, PostsModule]],
  ];

  describe.each(ROOTS)('with %s', (_name, root) => {
    it.each(ORDERS_OF_IMPORT)(
      'has its types known at emit, subscription and in the catalogue when it is imported %s it',
      async (_where, imports) => {
        const started = await start(imports(root()));
        const { app } = started;
        expect(types(started)).toEqual(['order.paid', 'order.imported', 'order.shipped', 'post.published']);
        const webhooks = app.get(WebhooksService);
        await webhooks.endpoints.create('', { name: 'n', url: 'http://127.0.0.1:1024', events: ['order.*'] });
        await app.get(Orders).pay('o1');
        await app.get(EventEmitter2).emitAsync('parcel.left', { parcel: 1 });
        const rows = await app
          .get(DataSource)
          .getRepository(WebhookEvent)
          .find({ order: { id: 'ASC' } });
        expect(rows.map(({ type }) => type)).toEqual(['order.imported', 'order.paid', 'order.shipped']);
        await expect(webhooks.emit('order.paid', { order_id: 1 })).rejects.toThrow(
          InvalidWebhookPayloadError,
        );
        await expect(webhooks.emit('order.lost', {})).rejects.toThrow(UnknownWebhookEventTypeError);
      },
    );
  });

  it('adds to the events of forRoot, which come first', async () => {
    const root = WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, events: { 'account.closed': {} } });
    expect(types(await start([OrdersModule, root]))).toEqual([
      'account.closed',
      'order.paid',
      'order.imported',
      'order.shipped',
    ]);
  });

  it('has its types at GET /event-types', async () => {
    const root = WebhooksModule.forRoot({ ...WITHOUT_EVENTS, api: { public: true } });
    const { app } = await start([OrdersModule, root]);
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/webhooks/event-types`);
    const { data } = (await answer.json()) as { data: { type: string; group: string; example: object }[] };
    expect(data.map(({ type, group }) => [type, group])).toEqual([
      ['order.paid', 'order'],
      ['order.imported', 'Imports'],
      ['order.shipped', 'order'],
    ]);
    expect(data[0]!.example).toEqual({ order_id: 'o1' });
  });

  it('may be imported by many modules, and called again with the same events', async () => {
    const events = { 'invoice.sent': {} };
    @Module({ imports: [WebhooksModule.forFeature({ events })] })
    class InvoicesModule {}
    @Module({ imports: [WebhooksModule.forFeature({ events }), InvoicesModule] })
    class BillingModule {}
    expect(types(await start([BillingModule, InvoicesModule, ROOTS[0]![1]()]))).toEqual(['invoice.sent']);
  });

  it('leaves the catalogue of another app in the process alone', async () => {
    const [, root] = ROOTS[0]!;
    const both = await Promise.all([start([OrdersModule, root()]), start([PostsModule, root()])]);
    expect(both.map((app) => types(app).length)).toEqual([3, 1]);
  });

  it('is no burden in a unit test of its module, which has no WebhooksModule.forRoot', async () => {
    const emit = vi.fn();
    @Global()
    @Module({
      providers: [{ provide: WebhooksService, useValue: { emit } }],
      exports: [WebhooksService],
    })
    class StubModule {}
    const module = await Test.createTestingModule({ imports: [OrdersModule, StubModule] }).compile();
    await module.get(Orders).pay('o1');
    expect(emit.mock.calls).toEqual([['order.paid', { order_id: 'o1' }, {}]]);
  });
});

describe('A type that two modules declare', () => {
  const failure = async (imports: NonNullable<ModuleMetadata['imports']>): Promise<Error> =>
    start(imports).then(
      () => expect.unreachable(),
      (error: Error) => error,
    );

  it('stops the app with both modules', async () => {
    @Module({ imports: [WebhooksModule.forFeature({ events: { 'order.paid': {} } })] })
    class BillingModule {}
    const error = await failure([OrdersModule, BillingModule, ROOTS[0]![1]()]);
    expect(error).toBeInstanceOf(InvalidWebhooksOptionError);
    expect(error.message).toMatch(
      /^events\['order\.paid'\] is declared twice, by WebhooksModule\.forFeature in OrdersModule \(test\/e2e\/feature-events\.spec\.ts:\d+\) and by WebhooksModule\.forFeature in BillingModule \(test\/e2e\/feature-events\.spec\.ts:\d+\)\. A type belongs to one of them: take it out of the other\.$/,
    );
  });

  it('stops the app where the other one is forRoot', async () => {
    const error = await failure([
      OrdersModule,
      WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, events: { 'order.paid': {} } }),
    ]);
    expect(error.message).toMatch(
      /by WebhooksModule\.forRoot in RootTestModule .*WebhooksModule\.forFeature in OrdersModule /,
    );
  });
});

describe('Events that can’t work stop the app and are named', () => {
  it.each<[string, RegExp]>([['a malformed type', /^events\['OrderPaid'\] is not an event type/]])(
    '%s of forFeature',
    async (_name, message) => {
      const feature = WebhooksModule.forFeature({ events: { OrderPaid: {} } });
      await expect(start([feature, ROOTS[0]![1]()])).rejects.toThrow(message);
    },
  );

  it('no type at all', async () => {
    await expect(start([ROOTS[0]![1]()])).rejects.toThrow(
      'events must name at least one event type. Write it in WebhooksModule.forRoot, or in WebhooksModule.forFeature',
    );
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no events', {}],
    ['a list', { events: ['order.paid'] }],
  ])('forFeature with %s', (_name, given) => {
    expect(() => WebhooksModule.forFeature(given as never)).toThrow(
      /^events must be an object with an entry/,
    );
  });

  it('a forFeature that is loaded lazily, when the catalogue is in use', async () => {
    const { app } = await start([OrdersModule, ROOTS[0]![1]()]);
    await expect(app.get(LazyModuleLoader).load(() => PostsModule)).rejects.toThrow(
      /^events\['post\.published'\] comes too late: its WebhooksModule\.forFeature \(test\/e2e\/feature-events\.spec\.ts:\d+\)/,
    );
  });
});
