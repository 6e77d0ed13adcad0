import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
  UpdateDateColumn,
} from 'typeorm';
import { Endpoint } from './endpoint.entity.js';
import { Event } from './event.entity.js';

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';

@Entity('webhook_delivery')
export class Delivery {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @ManyToOne(() => Event, (event) => event.deliveries, { nullable: false })
  event!: Relation<Event>;

  @Index()
  @ManyToOne(() => Endpoint, { nullable: false })
  endpoint!: Endpoint;

  @Index()
  @Column({ type: 'varchar', length: 16, default: 'pending' })
  status!: DeliveryStatus;

  @Column({ type: 'int', default: 0 })
  attempts!: number;

  @CreateDateColumn()
  createdAt!: Date;

  @UpdateDateColumn()
  updatedAt!: Date;
}
