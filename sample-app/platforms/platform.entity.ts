import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, textColumn } from '../common/columns.js';
import type { PlatformType } from './platform-types.js';

/** A social media profile that an account has connected. */
@Entity('platforms')
@Index(['accountId', 'type', 'username'], { unique: true })
export class Platform {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(20))
  type!: PlatformType;

  @Column(textColumn(100))
  username!: string;

  @Column(epochMsColumn)
  connectedAt!: number;
}
