import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { ApiKeyGuard } from './api-key.guard';
import { OrderPaidPayload } from './orders/order-paid.payload';
import { OrdersModule } from './orders/orders.module';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, autoLoadEntities: true }),
    EventEmitterModule.forRoot(),
    WebhooksModule.forRoot({
      events: {
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
      },
      api: { guards: [ApiKeyGuard], tenant: (request: { accountId: string }) => request.accountId },
      network: { allowHttp: true, allowPrivateNetworks: true },
    }),
    OrdersModule,
  ],
})
export class AppModule {}

interface Shipment {
  accountId: string;
  orderId: number;
}
