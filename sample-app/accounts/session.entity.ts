import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, textColumn } from '../common/columns.js';

/** The session of a person. */
@Entity('sessions')
export class Session {
  /** SHA-256 in hex, so that reading the table gives no valid cookie. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(epochMsColumn)
  expiresAt!: number;
}
