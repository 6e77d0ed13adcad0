import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, nullable, textColumn } from '../common/columns.js';

@Entity('api_keys')
export class ApiKey {
  /** SHA-256 in hex: the key itself is stored nowhere. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column(textColumn(idColumn.length as number))
  accountId!: string;

  /** `null`: the key is the environment's, which alone can take it away. */
  @Column(nullable(textColumn(40)))
  id!: string | null;

  @Column(nullable(textColumn(100)))
  name!: string | null;

  /** How the key begins, for people to tell their keys apart. */
  @Column(nullable(textColumn(20)))
  hint!: string | null;

  @Column(nullable(epochMsColumn))
  createdAt!: number | null;

  /** To the minute. */
  @Column(nullable(epochMsColumn))
  lastUsedAt!: number | null;
}
