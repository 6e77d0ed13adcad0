import { Injectable, type ModuleMetadata, type OnApplicationBootstrap, Scope } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { IsInt, IsNotEmpty, IsString, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import {
  EmitsWebhook,
  InvalidWebhookPayloadError,
  WebhookEvent,
  WebhooksModule,
  WebhooksService,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { bareApp, PLAIN_WEBHOOKS, typeOrm, type BareApp } from '../support/bare-app.js';
import { createDatabase } from '../support/databases.js';

interface Order {
  id: string;
  shop: string;
  cents: number;
}

const ORDER: Order = { id: 'o1', shop: 'acme', cents: 500 };

const EVENTS = { 'order.created': {}, 'order.paid': {} } satisfies WebhooksModuleOptions['events'];

let t: BareApp | undefined;

afterEach(async () => {
  await t?.app.close();
  t = undefined;
});

async function start(
  providers: ModuleMetadata['providers'] = [],
  webhooks: Partial<WebhooksModuleOptions> = {},
  emitter = [EventEmitterModule.forRoot()],
): Promise<void> {
  t = await bareApp({
    imports: [
      typeOrm(await createDatabase('sqlite')),
      ...emitter,
      WebhooksModule.forRoot({ ...PLAIN_WEBHOOKS, events: EVENTS, ...webhooks }),
    ],
    providers: providers ?? [],
  });
}

const domain = (): EventEmitter2 => t!.app.get(EventEmitter2);

async function emitted(): Promise<{ type: string; tenant: string; data: unknown }[]> {
  const rows = await t!.app
    .get(DataSource)
    .getRepository(WebhookEvent)
    .find({ order: { id: 'ASC' } });
  return rows.map(({ type, tenant, body }) => ({ type, tenant, data: JSON.parse(body).data }));
}

describe('@EmitsWebhook on a class', () => {
  it('has stored the event when emitAsync resolves', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders {}
    await start([Orders]);
    await domain().emitAsync('checkout.done', ORDER);
    expect(await emitted()).toEqual([{ type: 'order.created', tenant: '', data: ORDER }]);
  });

  it('gives its functions all that the domain event was emitted with', async () => {
    @EmitsWebhook({
      on: 'checkout.done',
      type: 'order.created',
      data: (order: Order, by: string) => ({ order_id: order.id, by }),
      tenant: (order: Order) => order.shop,
      idempotencyKey: (order: Order) => order.id,
      when: (_order: Order, by: string) => by !== 'import',
    })
    @Injectable()
    class Orders {}
    await start([Orders]);
    await domain().emitAsync('checkout.done', ORDER, 'import');
    await domain().emitAsync('checkout.done', ORDER, 'web');
    await domain().emitAsync('checkout.done', ORDER, 'phone');
    expect(await emitted()).toEqual([
      { type: 'order.created', tenant: 'acme', data: { order_id: 'o1', by: 'web' } },
    ]);
  });

  it('stands on a class several times, and on its parents', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created', data: () => ({ from: 'parent' }) })
    class Parent {}
    @EmitsWebhook({ on: 'payment.done', type: 'order.paid', data: () => ({ from: 'child' }) })
    @EmitsWebhook({ on: 'payment.done', type: 'order.created', data: () => ({ from: 'child, too' }) })
    @Injectable()
    class Orders extends Parent {}
    await start([Orders]);
    await domain().emitAsync('checkout.done');
    expect(await emitted()).toEqual([{ type: 'order.created', tenant: '', data: { from: 'parent' } }]);
    await domain().emitAsync('payment.done');
    expect((await emitted()).slice(1).map(({ type, data }) => [type, data])).toEqual(
      expect.arrayContaining([
        ['order.created', { from: 'child, too' }],
        ['order.paid', { from: 'child' }],
      ]),
    );
    expect(await emitted()).toHaveLength(3);
  });

  it('emits once although the class is provided twice, and its child too', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders {}
    @Injectable()
    class SpecialOrders extends Orders {}
    await start([Orders, SpecialOrders, { provide: 'again', useClass: Orders }]);
    await domain().emitAsync('checkout.done', ORDER);
    expect(await emitted()).toHaveLength(1);
  });

  it.each([
    ['a factory', (Orders: new () => object) => ({ provide: Orders, useFactory: () => new Orders() })],
    ['a value', (Orders: new () => object) => ({ provide: Orders, useValue: new Orders() })],
  ])('is seen on an object that comes from %s', async (_, provider) => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    class Orders {}
    await start([provider(Orders)]);
    await domain().emitAsync('checkout.done', ORDER);
    expect(await emitted()).toHaveLength(1);
  });

  it('is seen on a request-scoped class of which no instance exists', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable({ scope: Scope.REQUEST })
    class Orders {}
    await start([Orders]);
    await domain().emitAsync('checkout.done', ORDER);
    expect(await emitted()).toHaveLength(1);
  });

  it('hears what services emit while the app starts', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders implements OnApplicationBootstrap {
      constructor(private readonly events: EventEmitter2) {}

      async onApplicationBootstrap(): Promise<void> {
        await this.events.emitAsync('checkout.done', ORDER);
      }
    }
    await start([Orders]);
    expect(await emitted()).toHaveLength(1);
  });

  it('rejects emitAsync when the emit is refused', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created', data: () => ({ cents: 5n }) })
    @Injectable()
    class Orders {}
    await start([Orders]);
    await expect(domain().emitAsync('checkout.done', ORDER)).rejects.toThrow("'cents' is a BigInt");
    expect(await emitted()).toEqual([]);
  });

  it('only logs a refused emit if nobody waits for it', async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', keep);
    @EmitsWebhook({
      on: 'checkout.done',
      type: 'order.created',
      data: () => {
        throw new Error('no such order');
      },
    })
    @Injectable()
    class Orders {}
    await start([Orders]);
    domain().emit('checkout.done', ORDER);
    // Node tells of unhandled rejections once the microtasks are through.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', keep);
    expect(unhandled).toEqual([]);
    expect(t!.logger.matching(/checkout\.done → order\.created: no such order/)).toHaveLength(1);
  });

  it('stops listening when the app closes', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders {}
    const emitter = new EventEmitter2();
    await start([Orders, { provide: EventEmitter2, useValue: emitter }], {}, []);
    expect(emitter.listenerCount('checkout.done')).toBe(1);
    await t!.app.close();
    expect(emitter.listenerCount('checkout.done')).toBe(0);
  });

  it('hears wildcards where the app’s emitter has them', async () => {
    @EmitsWebhook({ on: 'checkout.*', type: 'order.created', data: (order: Order) => ({ id: order.id }) })
    @Injectable()
    class Orders {}
    await start([Orders], {}, [EventEmitterModule.forRoot({ wildcard: true })]);
    await domain().emitAsync('checkout.done', ORDER);
    await domain().emitAsync('checkout.resumed', ORDER);
    await domain().emitAsync('payment.done', ORDER);
    expect(await emitted()).toHaveLength(2);
  });

  it('stops the app when its type is not in the catalogue', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.creatted' })
    @Injectable()
    class Orders {}
    await expect(start([Orders])).rejects.toThrow(
      "@EmitsWebhook({ on: 'checkout.done' }) on Orders emits 'order.creatted', which is not an event type of this app.",
    );
  });

  it('stops an app that has no event emitter, and says what to install', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders {}
    await expect(start([Orders], {}, [])).rejects.toThrow(
      /'checkout\.done' to 'order\.created' needs the app’s event emitter\. Install @nestjs\/event-emitter and import EventEmitterModule\.forRoot\(\)\./,
    );
  });
});

describe('A mapping in the catalogue', () => {
  it('is an event name, a mapping or a list of both', async () => {
    await start([], {
      events: {
        'order.created': { on: 'checkout.done' },
        'order.paid': {
          on: [
            'payment.done',
            { on: 'invoice.settled', data: (order: Order) => ({ id: order.id }), tenant: 'acme' },
          ],
        },
      },
    });
    await domain().emitAsync('checkout.done', ORDER);
    await domain().emitAsync('payment.done', ORDER);
    await domain().emitAsync('invoice.settled', ORDER);
    expect(await emitted()).toEqual([
      { type: 'order.created', tenant: '', data: ORDER },
      { type: 'order.paid', tenant: '', data: ORDER },
      { type: 'order.paid', tenant: 'acme', data: { id: 'o1' } },
    ]);
  });

  it('stops an app that has no event emitter', async () => {
    await expect(start([], { events: { 'order.created': { on: 'checkout.done' } } }, [])).rejects.toThrow(
      /needs the app’s event emitter/,
    );
  });
});

describe('A payload class', () => {
  class Line {
    @IsInt()
    @Min(1)
    quantity!: number;
  }

  class OrderCreated {
    @IsString()
    @IsNotEmpty()
    order_id!: string;

    @ValidateNested({ each: true })
    @Type(() => Line)
    lines!: Line[];
  }

  const events = { 'order.created': { payload: OrderCreated } };

  it('lets pass what satisfies it', async () => {
    await start([], { events });
    const data = { order_id: 'o1', lines: [{ quantity: 2 }] };
    await t!.app.get(WebhooksService).emit('order.created', data);
    expect(await emitted()).toEqual([{ type: 'order.created', tenant: '', data }]);
  });

  it('refuses what breaks it with the path of every problem, and stores nothing', async () => {
    await start([], { events });
    const data = { order_id: '', lines: [{ quantity: 1 }, { quantity: 0 }] };
    const error = await t!.app
      .get(WebhooksService)
      .emit('order.created', data)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidWebhookPayloadError);
    expect((error as InvalidWebhookPayloadError).details).toEqual([
      { field: 'order_id', message: 'order_id should not be empty', code: 'required', params: {} },
      {
        field: 'lines[1].quantity',
        message: 'lines[1].quantity must not be less than 1',
        code: 'too-small',
        params: { least: 1 },
      },
    ]);
    expect(await emitted()).toEqual([]);
  });

  it('refuses what a decorated method and a mapped domain event bring, too', async () => {
    @EmitsWebhook({ on: 'checkout.done', type: 'order.created' })
    @Injectable()
    class Orders {
      @EmitsWebhook('order.created')
      async create(): Promise<object> {
        return { lines: [] };
      }
    }
    await start([Orders], { events });
    await expect(t!.app.get(Orders).create()).rejects.toThrow(InvalidWebhookPayloadError);
    await expect(domain().emitAsync('checkout.done', { lines: [] })).rejects.toThrow(
      InvalidWebhookPayloadError,
    );
    expect(await emitted()).toEqual([]);
  });

  it('stops the app when the example of its type breaks it', async () => {
    const broken = { 'order.created': { payload: OrderCreated, example: { order_id: 'o1', lines: [{}] } } };
    await expect(start([], { events: broken })).rejects.toThrow(
      /events\['order\.created'\]\.example breaks its payload class OrderCreated: lines\[0\]\.quantity/,
    );
  });
});
