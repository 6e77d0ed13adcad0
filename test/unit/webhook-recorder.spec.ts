import { Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test, type TestingModule } from '@nestjs/testing';
import { IsInt, IsString } from 'class-validator';
import {
  EmitsWebhook,
  InvalidWebhookDataError,
  InvalidWebhookPayloadError,
  UnknownWebhookEventTypeError,
  WebhookBodyTooLargeError,
  WebhooksModule,
  WebhooksService,
  type WebhookEventCatalogueOptions,
} from 'nestjs-webhooks';
import {
  WebhookRecorder,
  WebhooksOnlyRecordedError,
  WebhooksTestingModule,
  type WebhookPayloads,
} from 'nestjs-webhooks/testing';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { InvalidEmitOptionError } from '../../lib/dispatch/emit-rules.js';

class OrderPaid {
  @IsString()
  order_id!: string;

  @IsInt()
  cents!: number;
}

const events = {
  'order.paid': { payload: OrderPaid },
  'order.shipped': { on: 'shipment.left' },
  'order.closed': {},
} satisfies WebhookEventCatalogueOptions;

type Payloads = WebhookPayloads<typeof events>;

@Injectable()
@EmitsWebhook({ on: 'order.archived', type: 'order.closed', tenant: 'acme' })
class Orders {
  constructor(private readonly webhooks: WebhooksService) {}

  async pay(id: string, cents = 100): Promise<void> {
    await this.webhooks.emit('order.paid', { order_id: id, cents }, { tenant: 'acme', idempotencyKey: id });
  }

  @EmitsWebhook('order.closed', { tenant: 'acme' })
  async close(id: string): Promise<{ id: string }> {
    return { id };
  }
}

const modules: TestingModule[] = [];

afterEach(async () => {
  for (const module of modules.splice(0)) await module.close();
});

async function recording(
  options: Parameters<typeof WebhooksTestingModule.forRoot>[0] = { events },
  imports: (typeof EventEmitterModule | ReturnType<typeof EventEmitterModule.forRoot>)[] = [],
): Promise<{ module: TestingModule; orders: Orders; webhooks: WebhookRecorder<Payloads> }> {
  const module = await Test.createTestingModule({
    imports: [...imports, WebhooksTestingModule.forRoot(options)],
    providers: [Orders],
  }).compile();
  modules.push(module);
  return {
    module,
    orders: module.get(Orders),
    webhooks: module.get<WebhookRecorder<Payloads>>(WebhookRecorder),
  };
}

describe('WebhooksTestingModule', () => {
  it('records what a service emits, as a receiver would get it', async () => {
    const { orders, webhooks } = await recording();
    await orders.pay('o1');
    expect(webhooks.emitted('order.paid')).toEqual([{ order_id: 'o1', cents: 100 }]);
    expect(webhooks.emitted('order.closed')).toEqual([]);
  });

  it('records what a decorated method emits, in the order of the emits', async () => {
    const { orders, webhooks } = await recording();
    await orders.close('o1');
    await orders.pay('o2');
    expect(webhooks.emitted()).toEqual([
      { id: expect.stringMatching(/^evt_/), type: 'order.closed', data: { id: 'o1' }, tenant: 'acme' },
      {
        id: expect.stringMatching(/^evt_/),
        type: 'order.paid',
        data: { order_id: 'o2', cents: 100 },
        tenant: 'acme',
        idempotencyKey: 'o2',
      },
    ]);
  });

  it('records what a domain event is mapped to, by the catalogue or a class, once nothing is under way', async () => {
    const { module, webhooks } = await recording({ events }, [EventEmitterModule.forRoot()]);
    await module.init();
    module.get(EventEmitter2).emit('shipment.left', { id: 's1' });
    module.get(EventEmitter2).emit('order.archived', { id: 'o1' });
    await webhooks.settled();
    expect(webhooks.emitted().map(({ type, data }) => [type, data])).toEqual([
      ['order.shipped', { id: 's1' }],
      ['order.closed', { id: 'o1' }],
    ]);
  });

  it('starts without an event emitter, although there are mappings', async () => {
    const { module } = await recording();
    await expect(module.init()).resolves.toBeDefined();
  });

  it('does not start with a decorated type that the catalogue lacks', async () => {
    const { module } = await recording({ events: { 'order.paid': {} } });
    await expect(module.init()).rejects.toThrow(
      "emits 'order.closed', which is not an event type of this app",
    );
  });

  it('gives the data their types', async () => {
    const { module, webhooks } = await recording();
    expectTypeOf(webhooks.emitted('order.paid')).toEqualTypeOf<OrderPaid[]>();
    expectTypeOf(webhooks.emitted('order.closed')).toEqualTypeOf<unknown[]>();
    expectTypeOf(module.get(WebhookRecorder).emitted<OrderPaid>('order.paid')).toEqualTypeOf<OrderPaid[]>();
    // @ts-expect-error: no such type
    expect(() => webhooks.emitted('order.piad')).toThrow(UnknownWebhookEventTypeError);
  });

  it('refuses what production refuses, with the same errors, and records none of it', async () => {
    const { orders, module, webhooks } = await recording({
      events,
      tenants: true,
      limits: { bodyBytes: 200 },
    });
    const service = module.get(WebhooksService);
    const tenant = 'acme';
    await expect(orders.pay('o1', 0.5)).rejects.toThrow(InvalidWebhookPayloadError);
    await expect(service.emit('order.piad', {}, { tenant })).rejects.toThrow(UnknownWebhookEventTypeError);
    await expect(service.emit('order.closed', { at: 1n }, { tenant })).rejects.toThrow(
      InvalidWebhookDataError,
    );
    await expect(service.emit('order.closed', {})).rejects.toThrow(InvalidEmitOptionError);
    const large = { text: 'x'.repeat(200) };
    await expect(service.emit('order.closed', large, { tenant })).rejects.toThrow(WebhookBodyTooLargeError);
    expect(webhooks.emitted()).toEqual([]);
  });

  it('takes every type where it is given no catalogue', async () => {
    const { orders, webhooks } = await recording({});
    await orders.pay('o1', 0.5);
    expect(webhooks.emitted('order.paid')).toEqual([{ order_id: 'o1', cents: 0.5 }]);
  });

  it('knows the types that a module of the app brings by forFeature', async () => {
    const module = await Test.createTestingModule({
      imports: [
        WebhooksModule.forFeature({ events: { 'order.paid': { payload: OrderPaid } } }),
        WebhooksTestingModule.forRoot({ events: { 'order.closed': {} } }),
      ],
      providers: [Orders],
    }).compile();
    modules.push(module);
    await module.get(Orders).close('o1');
    await module.get(Orders).pay('o1');
    await expect(module.get(Orders).pay('o1', 0.5)).rejects.toThrow(InvalidWebhookPayloadError);
    expect(module.get(WebhookRecorder).emitted()).toHaveLength(2);
    expect(() => module.get(WebhookRecorder).emitted('order.shipped')).toThrow(UnknownWebhookEventTypeError);
  });

  it('gives the first event for a key that was emitted before, and records it once', async () => {
    const { module, webhooks } = await recording();
    const service = module.get(WebhooksService);
    const emit = (tenant: string) =>
      service.emit('order.closed', { tenant }, { tenant, idempotencyKey: 'k' });
    const [first, second, other] = [await emit('acme'), await emit('acme'), await emit('globex')];
    expect(second).toEqual(first);
    expect(other.id).not.toBe(first.id);
    expect(webhooks.emitted('order.closed')).toEqual([{ tenant: 'acme' }, { tenant: 'globex' }]);
  });

  it('keeps the data as it was emitted, whatever becomes of the object', async () => {
    const { module, webhooks } = await recording();
    const data = { at: new Date(0), id: 'o1' };
    await module.get(WebhooksService).emit('order.closed', data);
    data.id = 'changed';
    expect(webhooks.emitted('order.closed')).toEqual([{ at: '1970-01-01T00:00:00.000Z', id: 'o1' }]);
  });

  it('lets as many emits fail as it is told, and records the next one', async () => {
    const { orders, webhooks } = await recording();
    webhooks.failNext(new Error('the database is away'));
    webhooks.failNext(new Error('still away'));
    await expect(orders.close('o1')).rejects.toThrow('the database is away');
    await expect(orders.pay('o1')).rejects.toThrow('still away');
    await orders.pay('o1');
    expect(webhooks.emitted()).toHaveLength(1);
  });

  it('starts anew after clear, with its keys and failures', async () => {
    const { orders, webhooks } = await recording();
    await orders.pay('o1');
    webhooks.failNext(new Error('never'));
    webhooks.clear();
    expect(webhooks.emitted()).toEqual([]);
    await orders.pay('o1');
    expect(webhooks.emitted('order.paid')).toHaveLength(1);
  });

  it('records apart in each testing module, also where they share a definition', async () => {
    const shared = WebhooksTestingModule.forRoot({ events });
    const [one, two] = await Promise.all(
      [1, 2].map(() => Test.createTestingModule({ imports: [shared], providers: [Orders] }).compile()),
    );
    await one!.get(Orders).pay('o1');
    expect(two!.get(WebhookRecorder).emitted()).toEqual([]);
  });

  it('has nothing to deliver', async () => {
    const { module, orders } = await recording();
    await orders.pay('o1');
    expect(await module.get(WebhooksService).deliverDue()).toMatchObject({ succeeded: 0, left: 0 });
  });

  it('says what to do where a test needs more than emits', async () => {
    const { module } = await recording();
    for (const member of ['endpoints', 'deliveries', 'events', 'stats', 'settings'] as const) {
      expect(() => module.get(WebhooksService)[member]).toThrow(WebhooksOnlyRecordedError);
    }
  });
});
