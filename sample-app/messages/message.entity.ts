import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, longTextColumn, textColumn } from '../common/columns.js';
import type { PlatformType } from '../platforms/platform-types.js';

/** A direct message to one of the account's platforms. */
@Entity('messages')
@Index(['accountId', 'receivedAt'])
export class Message {
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

  @Column(longTextColumn)
  content!: string;

  @Column(epochMsColumn)
  receivedAt!: number;
}
