import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectDataSource } from '@nestjs/typeorm';
import { EmitsWebhook, WebhooksService } from 'nestjs-webhooks';
import { DataSource } from 'typeorm';
import { Order } from './order.entity';

@Injectable()
export class OrdersService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly webhooks: WebhooksService,
    private readonly events: EventEmitter2,
  ) {}

  @EmitsWebhook('order.paid', {
    data: (order: Order) => ({ order_id: order.id, total: order.total }),
    tenant: (order: Order) => order.accountId,
  })
  async pay(accountId: string, total: number): Promise<Order> {
    return this.dataSource.getRepository(Order).save({ accountId, total });
  }

  /** The order and its event are one transaction: both are stored, or neither. */
  async create(accountId: string, total: number): Promise<Order> {
    return this.dataSource.transaction(async (manager) => {
      const order = await manager.getRepository(Order).save({ accountId, total });
      await this.webhooks.emit('order.created', { order_id: order.id }, { tenant: accountId, manager });
      if (total > 1000) throw new Error('This order is too large.');
      return order;
    });
  }

  async ship(accountId: string, orderId: number): Promise<void> {
    await this.events.emitAsync('shipped', { accountId, orderId });
  }
}
