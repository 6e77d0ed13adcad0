import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { And, DataSource, LessThan, MoreThanOrEqual, type FindOperator } from 'typeorm';
import type { Period } from '../common/time.js';
import { Follower } from '../followers/follower.entity.js';
import { Message } from '../messages/message.entity.js';
import { Engagement } from '../posts/engagement.entity.js';
import type { EngagementKind } from '../posts/engagement-kinds.js';
import { Post } from '../posts/post.entity.js';
import type { SummaryCounts } from '../webhooks/analytics.events.js';

const within = ({ from, to }: Period): FindOperator<number> => And(MoreThanOrEqual(from), LessThan(to));

/** Counts what the tables hold. */
@Injectable()
export class NumbersService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async count(accountId: string, period: Period): Promise<SummaryCounts> {
    const { manager } = this.dataSource;
    const during = within(period);
    const engaged = (kind: EngagementKind): Promise<number> =>
      manager.countBy(Engagement, { accountId, kind, createdAt: during });
    const before = LessThan(period.to);
    return {
      posts_published: await manager.countBy(Post, { accountId, publishedAt: during }),
      likes: await engaged('like'),
      comments: await engaged('comment'),
      shares: await engaged('share'),
      followers_gained: await manager.countBy(Follower, { accountId, followedAt: during }),
      followers_lost: await manager.countBy(Follower, { accountId, lostAt: during }),
      followers:
        (await manager.countBy(Follower, { accountId, followedAt: before })) -
        (await manager.countBy(Follower, { accountId, lostAt: before })),
      messages_received: await manager.countBy(Message, { accountId, receivedAt: during }),
    };
  }

  /** Number of engagements of each post, the highest first. */
  async engagementsByPost(accountId: string, period: Period): Promise<{ postId: string; count: number }[]> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(Engagement, 'e')
      .select('e.postId', 'postId')
      .addSelect('COUNT(*)', 'amount')
      .where({ accountId, createdAt: within(period) })
      .groupBy('e.postId')
      .orderBy('amount', 'DESC')
      .addOrderBy('e.postId', 'ASC')
      .getRawMany<{ postId: string; amount: string | number }>();
    return rows.map(({ postId, amount }) => ({ postId, count: Number(amount) }));
  }
}
