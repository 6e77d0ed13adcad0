import { IsInt, IsPositive } from 'class-validator';

export class OrderPaidPayload {
  @IsInt()
  order_id!: number;

  @IsPositive()
  total!: number;
}
