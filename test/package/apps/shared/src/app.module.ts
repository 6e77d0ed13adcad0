import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { ApiKeyGuard } from './api-key.guard';
import { events } from './events';
import { OrdersModule } from './orders/orders.module';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, autoLoadEntities: true }),
    EventEmitterModule.forRoot(),
    WebhooksModule.forRoot({
      events,
      api: { guards: [ApiKeyGuard], tenant: (request: { accountId: string }) => request.accountId },
      network: { allowHttp: true, allowPrivateNetworks: true },
    }),
    OrdersModule,
  ],
})
export class AppModule {}
