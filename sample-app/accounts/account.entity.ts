import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, nullable, textColumn } from '../common/columns.js';

/** A customer of Roundabout. Its id is the tenant of its webhooks. */
@Entity('accounts')
export class Account {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(epochMsColumn)
  createdAt!: number;

  /** Salted scrypt; `null`: nobody can sign in to it. */
  @Column(nullable(textColumn(255)))
  passwordHash!: string | null;
}
