import { Body, Controller, Post } from '@nestjs/common';
import type { Order } from './order.entity';
import { OrdersService } from './orders.service';

interface NewOrder {
  total: number;
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  create(@Body() { total }: NewOrder): Promise<Order> {
    return this.orders.create('acme', total);
  }

  @Post('paid')
  pay(@Body() { total }: NewOrder): Promise<Order> {
    return this.orders.pay('acme', total);
  }

  @Post('shipped')
  ship(): Promise<void> {
    return this.orders.ship('acme', 1);
  }
}
