import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn } from '../common/columns.js';

/** A customer of Roundabout. Its id is the tenant of its webhooks. */
@Entity('accounts')
export class Account {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(epochMsColumn)
  createdAt!: number;
}
