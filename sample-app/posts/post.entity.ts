import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  countColumn,
  epochMsColumn,
  idColumn,
  longTextColumn,
  nullable,
  textColumn,
} from '../common/columns.js';
import type { PlatformType } from '../platforms/platform-types.js';

export type PostStatus = 'draft' | 'published';

@Entity('posts')
@Index(['accountId', 'createdAt'])
export class Post {
  @PrimaryColumn(idColumn)
  id!: string;

  @Column(textColumn(40))
  accountId!: string;

  @Column(textColumn(40))
  platformId!: string;

  /** Copied, because a platform can be disconnected. */
  @Column(textColumn(20))
  platform!: PlatformType;

  @Column(longTextColumn)
  content!: string;

  @Column(textColumn(20))
  status!: PostStatus;

  @Column(nullable(textColumn(255)))
  url!: string | null;

  @Column(countColumn)
  likes!: number;

  @Column(countColumn)
  comments!: number;

  @Column(countColumn)
  shares!: number;

  @Column(epochMsColumn)
  createdAt!: number;

  @Column(nullable(epochMsColumn))
  publishedAt!: number | null;
}
