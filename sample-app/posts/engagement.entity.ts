import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { epochMsColumn, idColumn, longTextColumn, nullable, textColumn } from '../common/columns.js';
import type { EngagementKind } from './engagement-kinds.js';

/** Somebody liked, commented on or shared a post. */
@Entity('engagements')
@Index(['accountId', 'createdAt'])
export class Engagement {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(40))
  postId!: string;

  @Column(textColumn(20))
  kind!: EngagementKind;

  @Column(textColumn(100))
  username!: string;

  @Column(nullable(longTextColumn))
  content!: string | null;

  @Column(epochMsColumn)
  createdAt!: number;
}
