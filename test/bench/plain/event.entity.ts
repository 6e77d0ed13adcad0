import { Column, CreateDateColumn, Entity, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Delivery } from './delivery.entity.js';

@Entity('webhook_event')
export class Event {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'varchar', length: 100 })
  tenant!: string;

  @Column({ type: 'varchar', length: 100 })
  type!: string;

  @Column({ type: 'simple-json' })
  data!: object;

  @OneToMany(() => Delivery, (delivery) => delivery.event, { cascade: ['insert'] })
  deliveries!: Relation<Delivery>[];

  @CreateDateColumn()
  createdAt!: Date;
}
