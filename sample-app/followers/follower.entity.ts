import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, nullable, textColumn } from '../common/columns.js';
import type { PlatformType } from '../platforms/platform-types.js';

/** A current or former follower of a platform. A follower who returns gets a new row. */
@Entity('followers')
@Index(['accountId', 'platformId', 'username'])
export class Follower {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(40))
  platformId!: string;

  @Column(textColumn(20))
  platform!: PlatformType;

  @Column(textColumn(100))
  username!: string;

  @Column(epochMsColumn)
  followedAt!: number;

  /** `null` while they follow. */
  @Column(nullable(epochMsColumn))
  lostAt!: number | null;
}
