import { Column, Entity, PrimaryColumn } from 'typeorm';
import { idColumn, textColumn } from '../common/columns.js';

@Entity('api_keys')
export class ApiKey {
  /** SHA-256 in hex: the key itself is stored nowhere. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column(textColumn(idColumn.length as number))
  accountId!: string;
}
