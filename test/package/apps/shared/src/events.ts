import type { WebhooksModuleOptions } from 'nestjs-webhooks';
import { OrderPaidPayload } from './orders/order-paid.payload';

export const events: WebhooksModuleOptions['events'] = {
  'order.created': { group: 'Orders', description: 'An order was placed.', example: { order_id: 1 } },
  'order.paid': {
    group: 'Orders',
    description: 'An order was paid.',
    payload: OrderPaidPayload,
    example: { order_id: 1, total: 20 },
  },
  'order.shipped': {
    group: 'Orders',
    on: {
      on: 'shipped',
      data: ({ orderId }: Shipment) => ({ order_id: orderId }),
      tenant: ({ accountId }: Shipment) => accountId,
    },
  },
};

interface Shipment {
  accountId: string;
  orderId: number;
}
