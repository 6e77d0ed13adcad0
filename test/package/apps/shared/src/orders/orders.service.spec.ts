import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { getDataSourceToken } from '@nestjs/typeorm';
import { WebhooksService } from 'nestjs-webhooks';
import { OrdersService } from './orders.service';

/** A unit test as people write it: the service, and a stand-in for each of its dependencies. */
describe('OrdersService', () => {
  it('tells of a paid order', async () => {
    const emitted: unknown[] = [];
    const module = await Test.createTestingModule({
      providers: [
        OrdersService,
        { provide: WebhooksService, useValue: { emit: async (...args: unknown[]) => emitted.push(args) } },
        {
          provide: getDataSourceToken(),
          useValue: { getRepository: () => ({ save: async (order: object) => ({ id: 7, ...order }) }) },
        },
        { provide: EventEmitter2, useValue: {} },
      ],
    }).compile();

    await module.get(OrdersService).pay('acme', 20);

    expect(emitted).toEqual([['order.paid', { order_id: 7, total: 20 }, { tenant: 'acme' }]]);
  });
});
