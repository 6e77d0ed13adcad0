import { ConflictException, Inject, Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectDataSource } from '@nestjs/typeorm';
import { EmitsWebhook } from 'nestjs-webhooks';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../common/id.js';
import type { EngagementKind } from './engagement-kinds.js';
import { isMilestone, totalEngagements } from './engagement-totals.js';
import { Engagement } from './engagement.entity.js';
import type { EngageDto } from './post.dto.js';
import {
  POST_COUNTS_CHANGED,
  POST_ENGAGED,
  POST_MILESTONE_REACHED,
  type PostCountsChanged,
  type PostEngaged,
  type PostMilestoneReached,
} from './post-events.js';
import { toEngagementReceived, toPostEngagement } from './post-payloads.js';
import { Post } from './post.entity.js';
import { PostsService } from './posts.service.js';

const COUNTERS = { like: 'likes', comment: 'comments', share: 'shares' } as const satisfies Record<
  EngagementKind,
  keyof Post
>;

/** Engagements of followers with posts. Emits domain events, which the mappings turn into webhooks. */
@Injectable()
@EmitsWebhook({
  on: POST_ENGAGED,
  type: 'engagement.received',
  data: toEngagementReceived,
  tenant: ({ post }: PostEngaged) => post.accountId,
  manager: ({ manager }: PostEngaged) => manager,
})
@EmitsWebhook({
  on: POST_COUNTS_CHANGED,
  type: 'post.engagement',
  data: toPostEngagement,
  tenant: ({ post }: PostCountsChanged) => post.accountId,
  manager: ({ manager }: PostCountsChanged) => manager,
})
export class EngagementsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(EventEmitter2) private readonly appEvents: EventEmitter2,
    @Inject(PostsService) private readonly posts: PostsService,
  ) {}

  /** @throws NotFoundException, ConflictException for a draft, which followers can't see */
  async add(accountId: string, postId: string, { kind, username, content }: EngageDto): Promise<Post> {
    const { status } = await this.posts.get(accountId, postId);
    if (status !== 'published') throw new ConflictException(`${postId} is a draft. Publish it first.`);
    const engagement: Engagement = {
      id: newId('eng'),
      accountId,
      postId,
      kind,
      username,
      content: content ?? null,
      createdAt: Date.now(),
    };
    return this.dataSource.transaction((manager) => this.store(engagement, manager));
  }

  private async store(engagement: Engagement, manager: EntityManager): Promise<Post> {
    await manager.insert(Engagement, engagement);
    // The database counts, so that two concurrent engagements each get their own total.
    await manager.increment(Post, { id: engagement.postId }, COUNTERS[engagement.kind], 1);
    const post = await manager.findOneByOrFail(Post, { id: engagement.postId });
    await this.appEvents.emitAsync(POST_ENGAGED, { engagement, post, manager } satisfies PostEngaged);
    await this.appEvents.emitAsync(POST_COUNTS_CHANGED, { post, manager } satisfies PostCountsChanged);
    const milestone = totalEngagements(post);
    if (isMilestone(milestone)) {
      const reached: PostMilestoneReached = { post, milestone, manager };
      await this.appEvents.emitAsync(POST_MILESTONE_REACHED, reached);
    }
    return post;
  }
}
