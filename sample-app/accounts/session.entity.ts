import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, textColumn } from '../common/columns.js';

/** Somebody is signed in. */
@Entity('sessions')
export class Session {
  /** SHA-256 in hex: who reads the table gets no cookie out of it. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(epochMsColumn)
  expiresAt!: number;
}
