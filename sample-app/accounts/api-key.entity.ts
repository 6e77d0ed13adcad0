import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, nullable, textColumn } from '../common/columns.js';

@Entity('api_keys')
export class ApiKey {
  /** SHA-256 in hex. The key itself is not stored. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  hash!: string;

  @Column(textColumn(idColumn.length as number))
  accountId!: string;

  /** `null`: the key comes from the environment, and only the environment can remove it. */
  @Column(nullable(textColumn(40)))
  id!: string | null;

  @Column(nullable(textColumn(100)))
  name!: string | null;

  /** The beginning of the key, so that people can tell their keys apart. */
  @Column(nullable(textColumn(20)))
  hint!: string | null;

  @Column(nullable(epochMsColumn))
  createdAt!: number | null;

  /** Rounded to the minute. */
  @Column(nullable(epochMsColumn))
  lastUsedAt!: number | null;
}
